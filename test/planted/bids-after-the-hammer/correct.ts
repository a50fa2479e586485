import { Invariant, Linearizable, log, Replicated, register, Transaction, Workload } from "@faultline/runtime";

/** An auction. */
@Replicated()
@Linearizable()
export class Auction {
  readonly bids = log<number>();
  readonly winning = register<number | undefined>(undefined);

  @Transaction()
  async bid(amount: number): Promise<void> {
    if ((await this.winning.read()) !== undefined) throw new Error("closed");
    await this.bids.append(amount);
  }

  @Workload({ weight: 0.2 })
  @Transaction()
  async close(): Promise<void> {
    if ((await this.winning.read()) !== undefined) throw new Error("closed");
    await this.winning.write(Math.max(0, ...(await this.bids.entries())));
  }

  @Invariant("the highest bid wins")
  async fair(): Promise<boolean> {
    const winning = await this.winning.read();
    return winning === undefined || winning >= Math.max(0, ...(await this.bids.entries()));
  }
}
