import { AnnotationError } from "../errors.js";
import { compareArbitration, type MergePolicy, type Mutation } from "./data-type.js";
import { describeValue } from "./values.js";
import type { VersionVector } from "./version-vector.js";

/** Insert in arbitration order; nearly always that is the end. */
export function insertInOrder(mutations: Mutation[], mutation: Mutation): void {
  let i = mutations.length;
  while (i > 0 && compareArbitration(mutations[i - 1] as Mutation, mutation) > 0) i--;
  mutations.splice(i, 0, mutation);
}

/** The union of two contexts of which the first may not exist yet. `union` is changed in place, `context` never. */
export function joined(union: VersionVector | undefined, context: VersionVector): VersionVector {
  if (union === undefined) return context.copy();
  union.join(context);
  return union;
}

/**
 * The one of several concurrent writes (in arbitration order) whose value a policy keeps; undefined when the policy is
 * a function, which makes a value of its own.
 */
export function keptBy(policy: MergePolicy, live: readonly Mutation[]): Mutation | undefined {
  if (live.length <= 1 || policy === "last-writer-wins") return live.at(-1);
  if (typeof policy === "function") return undefined;
  // Ties of the wall clock fall back to arbitration order, in which `live` is.
  return live.reduce((kept, write) => (write.wallClock >= kept.wallClock ? write : kept));
}

/** Reduces concurrent values by a policy. `live` is not empty and in arbitration order. */
export function merge(policy: MergePolicy, live: readonly Mutation[], written: (write: Mutation) => unknown): unknown {
  const kept = keptBy(policy, live);
  if (kept !== undefined) return written(kept);
  const combine = policy as (a: unknown, b: unknown) => unknown;
  // User code must not get hold of what the replica keeps, neither as an argument nor through what it returns.
  const values = live.map((write) => structuredClone(written(write)));
  // With two arguments: `reduce` gives more, which a merge such as Math.max would take for values.
  return values.reduce((a, b) => combined(combine, a, b));
}

/** A replica that cannot merge has no value to answer with, so the error has to say which merge it was, and of what. */
function combined(combine: (a: unknown, b: unknown) => unknown, a: unknown, b: unknown): unknown {
  try {
    return structuredClone(combine(a, b));
  } catch (cause) {
    const call = `merge(${describeValue(a)}, ${describeValue(b)})`;
    throw new MergeError(`A \`merge\` option gives no value: ${call} fails with ${String(cause).replace(/\.$/, "")}.`, {
      cause,
      help: "It has to return plain data at once, for any two values of its field: no promise, no function, no error.",
    });
  }
}

/** A merge of the user's that threw, or returned what is no value. */
export class MergeError extends AnnotationError {}
