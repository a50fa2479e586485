import { Invariant, Linearizable, log, Replicated, Transaction } from "@faultline/runtime";

/** Homes that are bought in a neighbourhood, by offices in several cities. */
@Replicated()
export class Neighbourhood {
  @Linearizable() readonly bought = log<string>();

  @Transaction()
  async buy(address: string): Promise<void> {
    if ((await this.bought.entries()).length >= 4) throw new Error("enough homes here");
    await this.bought.append(address);
  }

  @Invariant("no more homes are bought than are wanted", { when: "converged" })
  async limited(): Promise<boolean> {
    return (await this.bought.entries()).length <= 4;
  }
}
