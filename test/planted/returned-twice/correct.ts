import { Eventual, Invariant, Replicated, set } from "@faultline/runtime";

/** An article, of which twenty were bought. The stock follows from the orders, and a return that is noted twice is one. */
@Replicated()
@Eventual()
export class Article {
  readonly sold = set<string>();
  readonly returned = set<string>();

  async sell(order: "o1" | "o2" | "o3"): Promise<void> {
    if (await this.sold.has(order)) throw new Error("sold already");
    await this.sold.add(order);
  }

  async takeBack(order: "o1" | "o2" | "o3"): Promise<void> {
    if (!(await this.sold.has(order)) || (await this.returned.has(order))) throw new Error("not to be returned");
    await this.returned.add(order);
  }

  async stock(): Promise<number> {
    return 20 - (await this.sold.size()) + (await this.returned.size());
  }

  @Invariant("there is no more than was bought", { when: "converged" })
  async accounted(): Promise<boolean> {
    const away = (await this.sold.size()) - (await this.returned.size());
    return (await this.stock()) + away <= 20;
  }
}
