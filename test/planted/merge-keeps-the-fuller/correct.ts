import { counter, Eventual, Invariant, Replicated } from "@faultline/runtime";

/** A tank of a hundred litres that is drawn from at several taps. */
@Replicated()
@Eventual()
export class Tank {
  readonly litres = counter(100);
  readonly drawn = counter();

  async draw(litres: number): Promise<void> {
    await this.litres.decrement(litres);
    await this.drawn.increment(litres);
  }

  @Invariant("what was drawn is missing from the tank", { when: "converged" })
  async accounted(): Promise<boolean> {
    return (await this.litres.read()) + (await this.drawn.read()) <= 100;
  }
}
