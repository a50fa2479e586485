import {
  Invariant,
  Linearizable,
  log,
  Replicated,
  register,
  Saga,
  type SagaSteps,
  set,
  Transaction,
  Workload,
} from "@faultline/runtime";

/** Booked trips, which are paid before it is known whether there is a seat. */
@Replicated()
@Linearizable()
export class Trips {
  readonly paid = set<string>();
  readonly refunds = log<string>();
  readonly seats = register(2);

  @Saga({ compensate: "refund" })
  async book(): Promise<void> {
    await this.paid.add(crypto.randomUUID());
    await this.seats.update((seats) => {
      if (seats === 0) throw new Error("no seat left");
      return seats - 1;
    });
  }

  @Workload({ weight: 0 })
  async refund({ completed }: SagaSteps): Promise<void> {
    for (const { cell, args } of completed) {
      if (!cell.endsWith("paid")) continue;
      const giveBack = () => this.giveBack(String(args[0]));
      await giveBack().catch(giveBack);
    }
  }

  @Transaction()
  private async giveBack(booking: string): Promise<void> {
    if (!(await this.refunds.entries()).includes(booking)) await this.refunds.append(booking);
  }

  @Invariant("nothing is refunded twice")
  async once(): Promise<boolean> {
    const refunds = await this.refunds.entries();
    return new Set(refunds).size === refunds.length;
  }
}
