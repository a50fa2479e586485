import { Linearizable, primaryReplica, Replicated, register } from "@faultline/runtime";

/** A document with the numbers that were added to it. */
@Replicated()
export class Numbers {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "sync", failover: "automatic" }) })
  readonly all = register<readonly number[]>([]);

  async add(number: number): Promise<void> {
    await this.all.update((all) => [...all, number]);
  }

  async list(): Promise<readonly number[]> {
    return await this.all.read();
  }
}
