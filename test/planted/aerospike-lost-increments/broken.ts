import { counter, Eventual, Invariant, Replicated, register } from "@faultline/runtime";

interface Versioned {
  readonly generation: number;
  readonly count: number;
}

/** Of two versions of a record the one that was changed more often. */
function laterGeneration(a: Versioned, b: Versioned): Versioned {
  if (a.generation === b.generation) return a.count > b.count ? a : b;
  return a.generation > b.generation ? a : b;
}

/** A counter in one record. */
@Replicated()
@Eventual()
export class Hits {
  @Eventual({ merge: laterGeneration }) readonly record = register<Versioned>({ generation: 0, count: 0 });
  readonly confirmed = counter();

  async add(hits: number): Promise<void> {
    await this.record.update(({ generation, count }) => ({ generation: generation + 1, count: count + hits }));
    await this.confirmed.increment(hits);
  }

  @Invariant("confirmed increments count", { when: "converged" })
  async complete(): Promise<boolean> {
    return (await this.record.read()).count >= (await this.confirmed.read());
  }
}
