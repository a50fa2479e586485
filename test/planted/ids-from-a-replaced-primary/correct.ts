import { Eventual, Invariant, Linearizable, log, primaryReplica, Replicated, register } from "@faultline/runtime";

/** Documents by number. */
@Replicated()
export class Archive {
  @Linearizable({ mechanism: primaryReplica({ failover: "automatic", fencing: true }) })
  readonly lastId = register(0);
  @Eventual() readonly filed = log<number>();

  async file(): Promise<number> {
    const id = await this.lastId.update((last) => last + 1);
    await this.filed.append(id);
    return id;
  }

  @Invariant("no two documents have the same id", { when: "converged" })
  async distinct(): Promise<boolean> {
    const ids = await this.filed.entries();
    return new Set(ids).size === ids.length;
  }
}
