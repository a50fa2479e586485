import { encodeValue } from "../../data/values.js";
import { called, type Encoded, Misbehaviour, shown, type TriedMerge } from "./merge.js";

export type MergeLaw = "pure" | "commutative" | "associative" | "idempotent" | "invariant";

/** What every value of a cell has to satisfy, before a merge and after. */
export interface ValueInvariant {
  /** `no line is negative` */
  readonly name: string;
  readonly holds: (value: unknown) => boolean;
}

export interface Law {
  readonly name: MergeLaw;
  /** How many values it speaks of. */
  readonly arity: 1 | 2 | 3;
  /** How values break it, as a clause that follows the merge's name; undefined when they do not. */
  broken(merge: TriedMerge, ...values: readonly [Encoded, Encoded, Encoded]): string | undefined;
}

/** The laws of a join-semilattice (Shapiro et al., Conflict-free Replicated Data Types, 2011, §2.2). */
export function lawsOf(invariant: ValueInvariant | undefined): readonly Law[] {
  const laws: readonly Law[] = [behaves, commutative, idempotent, associative];
  return invariant === undefined ? laws : [...laws, keeping(invariant)];
}

/** How these values break a law, or what the merge did instead of answering. */
export function brokenBy(law: Law, merge: TriedMerge, values: readonly Encoded[]): string | undefined {
  try {
    return law.broken(merge, ...(values as unknown as readonly [Encoded, Encoded, Encoded]));
  } catch (error) {
    if (error instanceof Misbehaviour) return error.clause;
    throw error;
  }
}

/** It is a function of two values to begin with: the other laws speak of nothing else. */
const behaves: Law = {
  name: "pure",
  arity: 2,
  broken(merge, a, b) {
    merge.applyTwice(a, b);
    return undefined;
  },
};

const commutative: Law = {
  name: "commutative",
  arity: 2,
  broken(merge, a, b) {
    const left = merge.apply(a, b);
    const right = merge.apply(b, a);
    if (left.text === right.text) return undefined;
    return `is not commutative: ${called(a, b)} is ${shown(left)} but ${called(b, a)} is ${shown(right)}`;
  },
};

const associative: Law = {
  name: "associative",
  arity: 3,
  broken(merge, a, b, c) {
    const left = merge.apply(merge.apply(a, b), c);
    const right = merge.apply(a, merge.apply(b, c));
    if (left.text === right.text) return undefined;
    const grouped = [`merge(${called(a, b)}, ${shown(c)})`, `merge(${shown(a)}, ${called(b, c)})`];
    return `is not associative: ${grouped[0]} is ${shown(left)} but ${grouped[1]} is ${shown(right)}`;
  },
};

/**
 * A merge may spell a value in its own way (sort a list, drop what is there twice) if it leaves it so from then on:
 * replicas that merge two equal values then say the same as before.
 */
const idempotent: Law = {
  name: "idempotent",
  arity: 1,
  broken(merge, a) {
    const merged = merge.apply(a, a);
    if (merged.text === a.text) return undefined;
    const isSettled = merge.apply(merged, merged).text === merged.text;
    if (isSettled && partsOf(merged.value) === partsOf(a.value)) return undefined;
    return `is not idempotent: ${called(a, a)} is ${shown(merged)}`;
  },
};

const keeping = ({ name, holds }: ValueInvariant): Law => ({
  name: "invariant",
  arity: 2,
  broken(merge, a, b) {
    const merged = merge.apply(a, b);
    return isHeld(holds, merged) ? undefined : `breaks "${name}": ${called(a, b)} is ${shown(merged)}`;
  },
});

/** An invariant that throws does not hold, as assertion libraries have it. */
export function isHeld(holds: ValueInvariant["holds"], { value }: Encoded): boolean {
  try {
    return holds(structuredClone(value)) !== false;
  } catch {
    return false;
  }
}

/** The parts without structure, each once, in their own order. */
function partsOf(value: unknown): string {
  const parts = new Set<string>();
  const collect = (part: unknown): void => {
    if (typeof part === "object" && part !== null && (Array.isArray(part) || isPlain(part)))
      for (const inner of Object.values(part)) collect(inner);
    else parts.add(encodeValue(part));
  };
  collect(value);
  return [...parts].sort().join();
}

const isPlain = (value: object): boolean => Object.prototype.toString.call(value) === "[object Object]";
