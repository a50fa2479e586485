import { counter, Eventual, Invariant, Replicated } from "@faultline/runtime";

/** Trials that a customer may make. */
@Replicated()
export class Trials {
  @Eventual() readonly used = counter();

  async begin(): Promise<void> {
    if ((await this.used.read()) >= 5) throw new Error("no trial left");
    await this.used.increment();
  }

  @Invariant("no more than five trials", { when: "converged" })
  async limited(): Promise<boolean> {
    return (await this.used.read()) <= 5;
  }
}
