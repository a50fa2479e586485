import { copyOf, type Data, describe, partsOf, Undecidable } from "./data.js";

export type MergeLaw = "commutative" | "idempotent" | "associative";

export interface Violation {
  readonly law: MergeLaw;
  /** `merge(1, 2) is 1 but merge(2, 1) is 2` */
  readonly example: string;
}

/**
 * The first law of a join that some values break (Shapiro et al., Conflict-free Replicated Data Types, 2011, §2.2). What
 * could not be decided breaks none.
 */
export function violationOf(merge: (a: Data, b: Data) => Data, values: readonly Data[]): Violation | undefined {
  const apply = (a: Data, b: Data): Data => merge(copyOf(a), copyOf(b));
  const pairs = values.flatMap((a, i) => values.slice(i + 1).map((b) => [a, b] as const));
  const triples = values.flatMap((a) => values.flatMap((b) => values.map((c) => [a, b, c] as const)));
  return (
    first(pairs, ([a, b]) => commutative(apply, a, b)) ??
    first(values, (a) => idempotent(apply, a)) ??
    first(triples, ([a, b, c]) => associative(apply, a, b, c))
  );
}

function first<T>(cases: readonly T[], judge: (each: T) => Violation | undefined): Violation | undefined {
  for (const each of cases) {
    try {
      const violation = judge(each);
      if (violation !== undefined) return violation;
    } catch (error) {
      if (!(error instanceof Undecidable)) throw error;
    }
  }
  return undefined;
}

type Apply = (a: Data, b: Data) => Data;

function commutative(apply: Apply, a: Data, b: Data): Violation | undefined {
  const [left, right] = [describe(apply(a, b)), describe(apply(b, a))];
  if (left === right) return undefined;
  return { law: "commutative", example: `${called(a, b)} is ${left} but ${called(b, a)} is ${right}` };
}

/** A merge may spell a value in its own way, a list in another order, if it leaves it so from then on. */
function idempotent(apply: Apply, a: Data): Violation | undefined {
  const merged = apply(a, a);
  if (describe(merged) === describe(a)) return undefined;
  const isSettled = describe(apply(merged, merged)) === describe(merged);
  if (isSettled && partsOf(merged) === partsOf(a)) return undefined;
  return { law: "idempotent", example: `${called(a, a)} is ${describe(merged)}` };
}

function associative(apply: Apply, a: Data, b: Data, c: Data): Violation | undefined {
  const left = describe(apply(apply(a, b), c));
  const right = describe(apply(a, apply(b, c)));
  if (left === right) return undefined;
  const grouped = [`merge(${called(a, b)}, ${describe(c)})`, `merge(${describe(a)}, ${called(b, c)})`];
  return { law: "associative", example: `${grouped[0]} is ${left} but ${grouped[1]} is ${right}` };
}

const called = (a: Data, b: Data): string => `merge(${describe(a)}, ${describe(b)})`;
