import { Invariant, Linearizable, Replicated, register } from "@faultline/runtime";

/** Trials that a customer may make. */
@Replicated()
export class Trials {
  @Linearizable() readonly used = register(0);

  async begin(): Promise<void> {
    await this.used.update((used) => {
      if (used >= 5) throw new Error("no trial left");
      return used + 1;
    });
  }

  @Invariant("no more than five trials", { when: "converged" })
  async limited(): Promise<boolean> {
    return (await this.used.read()) <= 5;
  }
}
