import { Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

/** A box office that sells out of a contingent of its own. */
@Replicated()
@Linearizable()
export class BoxOffice {
  readonly contingent = register(10);
  readonly sold = register(0);

  @Transaction()
  async sell(tickets: number): Promise<void> {
    const left = (await this.contingent.read()) - tickets;
    if (left < 0) throw new Error("sold out");
    await this.contingent.write(left);
    await this.sold.update((sold) => sold + tickets);
  }

  @Transaction()
  async lend(to: BoxOffice, tickets: number): Promise<void> {
    const left = (await this.contingent.read()) - tickets;
    if (left < 0) throw new Error("too few left");
    await this.contingent.write(left);
    await to.contingent.update((own) => own + tickets);
  }

  @Invariant("no ticket is made", { when: "converged" })
  static async bounded(all: readonly BoxOffice[]): Promise<boolean> {
    let tickets = 0;
    for (const office of all) tickets += (await office.contingent.read()) + (await office.sold.read());
    return tickets <= 10 * all.length;
  }
}
