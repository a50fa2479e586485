import { Causal, Invariant, Replicated, register, Transaction } from "@faultline/runtime";

/** An account of the bank in the analysis. */
@Replicated()
@Causal()
export class Account {
  readonly balance = register(10);

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    const own = (await this.balance.read()) - amount;
    if (own < 0) throw new Error("insufficient funds");
    const other = (await to.balance.read()) + amount;
    await this.balance.write(own);
    await to.balance.write(other);
  }

  @Invariant("the total stays the same", { when: "converged" })
  static async conserved(all: readonly Account[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += await account.balance.read();
    return sum === 10 * all.length;
  }
}
