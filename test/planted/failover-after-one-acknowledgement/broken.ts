import { Linearizable, primaryReplica, Replicated, register } from "@faultline/runtime";

/** Shares that an investor has. */
@Replicated()
export class Holding {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "semiSync", failover: "automatic" }) })
  readonly shares = register(0);

  async buy(shares: number): Promise<void> {
    await this.shares.update((own) => own + shares);
  }

  async own(): Promise<number> {
    return await this.shares.read();
  }
}
