import {
  Invariant,
  Linearizable,
  Replicated,
  register,
  Saga,
  type SagaSteps,
  Transaction,
  Workload,
} from "@faultline/runtime";

/** A student's card: meals are paid with it until the canteen is closed. */
@Replicated()
@Linearizable()
export class MealCard {
  readonly balance = register(50);
  readonly paidIn = register(0);
  readonly spent = register(0);
  readonly meals = register(3);

  @Transaction()
  async payIn(amount: number): Promise<void> {
    await this.balance.update((balance) => balance + amount);
    await this.paidIn.update((sum) => sum + amount);
  }

  @Saga({ compensate: "undo" })
  async eat(price: number): Promise<void> {
    await this.debit(price);
    await this.meals.update((meals) => {
      if (meals === 0) throw new Error("sold out");
      return meals - 1;
    });
  }

  @Transaction()
  private async debit(price: number): Promise<void> {
    await this.balance.update((balance) => balance - price);
    await this.spent.update((spent) => spent + price);
  }

  @Workload({ weight: 0 })
  @Transaction()
  async undo({ completed }: SagaSteps): Promise<void> {
    for (const { cell, before, after } of completed) {
      const price = Number(before) - Number(after);
      if (cell.endsWith("balance")) await this.balance.update((balance) => balance + price);
      if (cell.endsWith("spent")) await this.spent.update((spent) => spent + price);
    }
  }

  @Invariant("nothing that was paid in is forgotten")
  async complete(): Promise<boolean> {
    return (await this.balance.read()) === 50 + (await this.paidIn.read()) - (await this.spent.read());
  }
}
