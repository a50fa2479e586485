import { counter, Eventual, Invariant, Replicated } from "@faultline/runtime";

/** A counter of which every replica keeps its own part. */
@Replicated()
@Eventual()
export class Hits {
  readonly record = counter();
  readonly confirmed = counter();

  async add(hits: number): Promise<void> {
    await this.record.increment(hits);
    await this.confirmed.increment(hits);
  }

  @Invariant("confirmed increments count", { when: "converged" })
  async complete(): Promise<boolean> {
    return (await this.record.read()) >= (await this.confirmed.read());
  }
}
