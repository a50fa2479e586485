import { Invariant, Linearizable, Replicated, register, Saga, Workload } from "@faultline/runtime";

/** A customer who books trips. */
@Replicated()
@Linearizable()
export class Customer {
  readonly money = register(100);
  readonly seats = register(9);
  readonly price = register(0);

  @Saga({ compensate: "refund" })
  async book(price: number): Promise<void> {
    await this.seats.update((seats) => {
      if (seats === 0) throw new Error("no seat left");
      return seats - 1;
    });
    await this.price.write(price);
    await this.money.update((money) => {
      if (money < price) throw new Error("not enough money");
      return money - price;
    });
  }

  @Workload({ weight: 0 })
  async refund(): Promise<void> {
    const price = await this.price.read();
    await this.money.update((money) => money + price);
    await this.seats.update((seats) => seats + 1);
  }

  @Invariant("nobody gets rich by refunds", { when: "converged" })
  async honest(): Promise<boolean> {
    return (await this.money.read()) <= 100;
  }
}
