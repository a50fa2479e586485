import { counter, Eventual, Invariant, Replicated, set } from "@faultline/runtime";

/** An article, of which twenty were bought. */
@Replicated()
@Eventual()
export class Article {
  readonly stock = counter(20);
  readonly sold = set<string>();
  readonly returned = set<string>();

  async sell(order: "o1" | "o2" | "o3"): Promise<void> {
    if (await this.sold.has(order)) throw new Error("sold already");
    await this.stock.decrement();
    await this.sold.add(order);
  }

  async takeBack(order: "o1" | "o2" | "o3"): Promise<void> {
    if (!(await this.sold.has(order)) || (await this.returned.has(order))) throw new Error("not to be returned");
    await this.returned.add(order);
    await this.stock.increment();
  }

  @Invariant("there is no more than was bought", { when: "converged" })
  async accounted(): Promise<boolean> {
    const away = (await this.sold.size()) - (await this.returned.size());
    return (await this.stock.read()) + away <= 20;
  }
}
