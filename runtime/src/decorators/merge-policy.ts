import type { MergePolicy } from "../data/data-type.js";

/** Which of two concurrent values of a register stays, as a level's `merge` takes it. */
export interface LastWriterWins {
  readonly policy: "last-writer-wins" | "last-writer-wins-by-wall-clock";
}

/**
 * The later write stays, by hybrid logical clock; the replica breaks ties. The other one is lost, which is what to
 * think of before choosing it. `lastWriterWins.wallClock` goes by the replicas' own clocks, which may be wrong.
 */
export const lastWriterWins: LastWriterWins & { readonly wallClock: LastWriterWins } = Object.freeze({
  policy: "last-writer-wins",
  wallClock: Object.freeze({ policy: "last-writer-wins-by-wall-clock" }),
});

/** Makes one value of two concurrent ones. It has to be commutative, associative and idempotent. */
// biome-ignore lint/suspicious/noExplicitAny: a decorator cannot know the type of the field that it will stand on
export type MergeFunction = (a: any, b: any) => unknown;

export function isMerge(value: unknown): value is LastWriterWins | MergeFunction {
  return typeof value === "function" || value === lastWriterWins || value === lastWriterWins.wallClock;
}

export function mergePolicyOf(merge: LastWriterWins | MergeFunction): MergePolicy {
  return typeof merge === "function" ? merge : merge.policy;
}
