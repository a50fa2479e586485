import { Invariant, Linearizable, map, Replicated, register } from "@faultline/runtime";

/** Donations to a charity, each with an id, so that one that is sent again is the same. */
@Replicated()
@Linearizable()
export class Charity {
  readonly ordered = register(0);
  readonly donations = map<string, number>();

  async donate(amount: number): Promise<void> {
    const id = crypto.randomUUID();
    await this.ordered.update((sum) => sum + amount);
    await this.book(id, amount).catch(() => this.book(id, amount));
  }

  private async book(id: string, amount: number): Promise<void> {
    await this.donations.put(id, amount);
  }

  @Invariant("nothing is booked that was not ordered")
  async covered(): Promise<boolean> {
    const booked = (await this.donations.entries()).reduce((sum, [, amount]) => sum + amount, 0);
    return booked <= (await this.ordered.read());
  }
}
