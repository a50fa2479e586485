import { Invariant, Linearizable, log, map, Replicated, Transaction } from "@faultline/runtime";

/** Orders, and beside each what the warehouse is to be told: an outbox, written with the order or not at all. */
@Replicated()
@Linearizable()
export class Orders {
  readonly orders = map<string, string>();
  readonly outbox = log<string>();

  @Transaction()
  async place(article: string): Promise<void> {
    const id = crypto.randomUUID();
    await this.orders.put(id, article);
    await this.outbox.append(id);
  }

  @Invariant("the warehouse hears of every order", { when: "converged" })
  async published(): Promise<boolean> {
    const events = await this.outbox.entries();
    return (await this.orders.entries()).every(([id]) => events.includes(id));
  }
}
