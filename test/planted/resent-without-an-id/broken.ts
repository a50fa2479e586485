import { Invariant, Linearizable, Replicated, register } from "@faultline/runtime";

/** Donations to a charity. */
@Replicated()
@Linearizable()
export class Charity {
  readonly ordered = register(0);
  readonly booked = register(0);

  async donate(amount: number): Promise<void> {
    await this.ordered.update((sum) => sum + amount);
    await this.book(amount).catch(() => this.book(amount));
  }

  private async book(amount: number): Promise<void> {
    await this.booked.update((sum) => sum + amount);
  }

  @Invariant("nothing is booked that was not ordered")
  async covered(): Promise<boolean> {
    return (await this.booked.read()) <= (await this.ordered.read());
  }
}
