import { Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

/** An account of a bitcoin bank. */
@Replicated()
@Linearizable()
export class Account {
  readonly coins = register(10);

  @Transaction()
  async send(to: Account, coins: number): Promise<void> {
    if ((await this.coins.read()) < coins) throw new Error("insufficient funds");
    await this.coins.update((own) => own - coins);
    await to.coins.update((own) => own + coins);
  }

  @Invariant("no account is overdrawn")
  async solvent(): Promise<boolean> {
    return (await this.coins.read()) >= 0;
  }
}
