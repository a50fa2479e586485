import { counter, Eventual, Invariant, Replicated } from "@faultline/runtime";

/** A shelf, filled with ten. What is taken is counted, which regions can do apart from each other. */
@Replicated()
@Eventual()
export class Shelf {
  readonly stock = counter(10);

  async take(): Promise<void> {
    if ((await this.stock.read()) <= 0) throw new Error("empty");
    await this.stock.decrement();
  }

  @Invariant("there is no more than was delivered", { when: "converged" })
  async bounded(): Promise<boolean> {
    return (await this.stock.read()) <= 10;
  }
}
