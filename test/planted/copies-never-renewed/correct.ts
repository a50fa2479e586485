import { cache, Invariant, Linearizable, NoConsistency, Replicated, register } from "@faultline/runtime";

/** An article of a chain of shops. */
@Replicated()
export class Article {
  @Linearizable() readonly price = register(10);
  @NoConsistency({ mechanism: cache({ origin: "price", ttlMs: 100 }) }) readonly shown = register(10);

  async reprice(cents: number): Promise<void> {
    await this.price.write(cents);
  }

  async label(): Promise<number> {
    return await this.shown.read();
  }

  @Invariant("shops show the price", { when: "converged" })
  async current(): Promise<boolean> {
    return (await this.shown.read()) === (await this.price.read());
  }
}
