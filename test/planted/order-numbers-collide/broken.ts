import { counter, Eventual, Invariant, map, Replicated, register } from "@faultline/runtime";

/** A shop that numbers its orders. */
@Replicated()
@Eventual()
export class Shop {
  readonly lastNumber = register(0);
  readonly orders = map<string, string>();
  readonly confirmed = counter();

  async order(article: string): Promise<string> {
    const number = await this.lastNumber.update((last) => last + 1);
    await this.orders.put(String(number), article);
    await this.confirmed.increment();
    return String(number);
  }

  @Invariant("every order that was confirmed is there", { when: "converged" })
  async complete(): Promise<boolean> {
    return (await this.orders.entries()).length >= (await this.confirmed.read());
  }
}
