import { Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

/** A gift card. */
@Replicated()
@Linearizable()
export class GiftCard {
  readonly value = register(5);

  @Transaction()
  async moveTo(other: GiftCard, amount: number): Promise<void> {
    const own = await this.value.read();
    if (own < amount) throw new Error("not enough on the card");
    await this.value.write(own - amount);
    await other.value.update((value) => value + amount);
  }

  @Invariant("no money is made", { when: "converged" })
  static async bounded(all: readonly GiftCard[]): Promise<boolean> {
    let sum = 0;
    for (const card of all) sum += await card.value.read();
    return sum <= 5 * all.length;
  }
}
