import {
  Invariant,
  Linearizable,
  map,
  Replicated,
  register,
  Saga,
  type SagaSteps,
  set,
  Workload,
} from "@faultline/runtime";

/** A customer who books trips. Payments and refunds are noted by booking, so that neither counts twice nor alone. */
@Replicated()
@Linearizable()
export class Customer {
  readonly payments = map<string, number>();
  readonly refunded = set<string>();
  readonly seats = register(9);

  @Saga({ compensate: "refund" })
  async book(price: number): Promise<void> {
    await this.seats.update((seats) => {
      if (seats === 0) throw new Error("no seat left");
      return seats - 1;
    });
    if ((await this.money()) < price) throw new Error("not enough money");
    await this.payments.put(crypto.randomUUID(), price);
  }

  @Workload({ weight: 0 })
  async refund({ completed, indeterminate }: SagaSteps): Promise<void> {
    for (const { cell, args } of [...completed, ...indeterminate])
      if (cell.endsWith("payments")) await this.refunded.add(String(args[0]));
  }

  async money(): Promise<number> {
    const refunded = await this.refunded.values();
    const paid = (await this.payments.entries()).filter(([booking]) => !refunded.includes(booking));
    return 100 - paid.reduce((sum, [, price]) => sum + price, 0);
  }

  @Invariant("nobody gets rich by refunds", { when: "converged" })
  async honest(): Promise<boolean> {
    return (await this.money()) <= 100;
  }
}
