import { Invariant, Linearizable, Replicated, register, set, Transaction } from "@faultline/runtime";

/** Credits from a payment provider, which delivers every message at least once: ten coins each. */
@Replicated()
export class Credits {
  @Linearizable() readonly coins = register(0);
  @Linearizable() readonly handled = set<string>();

  @Transaction()
  async receive(message: "m1" | "m2" | "m3"): Promise<void> {
    if (await this.handled.has(message)) return;
    await this.handled.add(message);
    await this.coins.update((coins) => coins + 10);
  }

  @Invariant("a message is credited once", { when: "converged" })
  async exact(): Promise<boolean> {
    return (await this.coins.read()) <= 10 * (await this.handled.size());
  }
}
