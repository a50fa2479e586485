import { Invariant, Linearizable, Replicated, register } from "@faultline/runtime";

/** An account that money is spent from in shops. */
@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);

  async pay(amount: number): Promise<void> {
    const available = await this.balance.at("eventual").read();
    if (available < amount) throw new Error("insufficient funds");
    await this.balance.update((balance) => balance - amount);
  }

  async payIn(amount: number): Promise<void> {
    await this.balance.update((balance) => balance + amount);
  }

  @Invariant("no account is overdrawn")
  async solvent(): Promise<boolean> {
    return (await this.balance.read()) >= 0;
  }
}
