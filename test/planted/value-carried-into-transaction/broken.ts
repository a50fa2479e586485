import { Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

/** A prepaid card. */
@Replicated()
@Linearizable()
export class Card {
  readonly credit = register(0);
  readonly paidIn = register(0);

  async payIn(amount: number): Promise<void> {
    const credit = await this.credit.read();
    await this.book(credit + amount, amount);
  }

  @Transaction()
  private async book(credit: number, amount: number): Promise<void> {
    await this.credit.write(credit);
    await this.paidIn.update((sum) => sum + amount);
  }

  @Invariant("nothing that was paid in is forgotten")
  async complete(): Promise<boolean> {
    return (await this.credit.read()) === (await this.paidIn.read());
  }
}
