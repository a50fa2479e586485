import { counter, Eventual, Invariant, map, Replicated } from "@faultline/runtime";

/** A shop that numbers its orders. */
@Replicated()
@Eventual()
export class Shop {
  readonly orders = map<string, string>();
  readonly confirmed = counter();

  async order(article: string): Promise<string> {
    const number = crypto.randomUUID();
    await this.orders.put(number, article);
    await this.confirmed.increment();
    return number;
  }

  @Invariant("every order that was confirmed is there", { when: "converged" })
  async complete(): Promise<boolean> {
    return (await this.orders.entries()).length >= (await this.confirmed.read());
  }
}
