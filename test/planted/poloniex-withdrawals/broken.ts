import { Invariant, Linearizable, log, Replicated, register } from "@faultline/runtime";

/** A customer's balance at an exchange. */
@Replicated()
@Linearizable()
export class Customer {
  readonly balance = register(100);
  readonly withdrawals = log<number>();

  async withdraw(amount: number): Promise<void> {
    const pending = (await this.withdrawals.entries()).reduce((sum, each) => sum + each, 0);
    if ((await this.balance.read()) - pending < amount) throw new Error("insufficient funds");
    await this.withdrawals.append(amount);
  }

  @Invariant("no more is withdrawn than there was")
  async covered(): Promise<boolean> {
    const withdrawn = (await this.withdrawals.entries()).reduce((sum, each) => sum + each, 0);
    return withdrawn <= (await this.balance.read());
  }
}
