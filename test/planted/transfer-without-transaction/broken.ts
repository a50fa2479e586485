import { Invariant, Linearizable, Replicated, register } from "@faultline/runtime";

/** A wallet of a game. */
@Replicated()
@Linearizable()
export class Wallet {
  readonly coins = register(50);

  async give(to: Wallet, coins: number): Promise<void> {
    await this.coins.update((own) => {
      if (own < coins) throw new Error("not enough coins");
      return own - coins;
    });
    await to.coins.update((own) => own + coins);
  }

  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly Wallet[]): Promise<boolean> {
    let sum = 0;
    for (const wallet of all) sum += await wallet.coins.read();
    return sum === 50 * all.length;
  }
}
