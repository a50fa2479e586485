import { Eventual, Invariant, Replicated, register } from "@faultline/runtime";

/** A shelf, filled with ten. */
@Replicated()
@Eventual()
export class Shelf {
  @Eventual({ merge: (a: number, b: number) => a + b }) readonly stock = register(10);

  async take(): Promise<void> {
    await this.stock.update((there) => {
      if (there === 0) throw new Error("empty");
      return there - 1;
    });
  }

  @Invariant("there is no more than was delivered", { when: "converged" })
  async bounded(): Promise<boolean> {
    return (await this.stock.read()) <= 10;
  }
}
