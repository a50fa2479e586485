import { Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

/** An account whose credits are collected apart and booked at night. */
@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  @Linearizable() readonly incoming = register(0);

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((balance) => {
      if (balance < amount) throw new Error("insufficient funds");
      return balance - amount;
    });
    await to.incoming.update((incoming) => incoming + amount);
  }

  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly Account[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += (await account.balance.read()) + (await account.incoming.read());
    return sum === 100 * all.length;
  }
}
