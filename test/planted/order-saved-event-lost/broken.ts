import { Invariant, Linearizable, log, map, Replicated, Sequential } from "@faultline/runtime";

/** Orders, and what the warehouse is told of them. */
@Replicated()
export class Orders {
  @Linearizable() readonly orders = map<string, string>();
  @Sequential() readonly events = log<string>();

  async place(article: string): Promise<void> {
    const id = crypto.randomUUID();
    await this.orders.put(id, article);
    await this.events.append(id);
  }

  @Invariant("the warehouse hears of every order", { when: "converged" })
  async published(): Promise<boolean> {
    const events = await this.events.entries();
    return (await this.orders.entries()).every(([id]) => events.includes(id));
  }
}
