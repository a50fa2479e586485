import {
  type Arbitrary,
  array,
  boolean,
  check,
  constant,
  constantFrom,
  integer,
  oneof,
  pre,
  property,
  record,
  tuple,
  uniqueArray,
} from "fast-check";
import { compareValues, encodeValue } from "../../data/values.js";
import type { ListShape, NumberShape, PlainRecord, RecordShape, Shape } from "./shape.js";

export interface Search {
  readonly shape: Shape;
  /** How many values a case takes. */
  readonly arity: number;
  /** The same seed gives the same cases, and the same smallest one. */
  readonly seed: number;
  readonly cases: number;
}

/**
 * The only module that knows fast-check. Makes up values of a shape until a case fails, and shrinks that: the smallest
 * failing case found, or undefined. A case may be skipped where it says nothing.
 */
export function failingCase(
  { shape, arity, seed, cases }: Search,
  fails: (values: readonly unknown[]) => boolean | "skipped",
): readonly unknown[] | undefined {
  const value = arbitraryOf(shape);
  const holds = property(tuple(...Array.from({ length: arity }, () => value)), (values) => {
    const failed = fails(values);
    pre(failed !== "skipped");
    return failed === false;
  });
  // Skipped cases are not made up for without end: a shape may have nothing but them.
  const { failed, counterexample } = check(holds, { seed, numRuns: cases, maxSkipsPerRun: 10 });
  return failed && counterexample !== null ? counterexample[0] : undefined;
}

/** What comes first is what the others shrink to. */
function arbitraryOf(shape: Shape): Arbitrary<unknown> {
  const kinds: Arbitrary<unknown>[] = [];
  if (shape.numbers !== undefined) kinds.push(numberOf(shape.numbers));
  if (shape.booleans) kinds.push(boolean());
  if (shape.constants.length > 0) kinds.push(constantFrom(...shape.constants));
  if (shape.list !== undefined) kinds.push(listOf(shape.list));
  if (shape.tuple !== undefined) kinds.push(tuple(...shape.tuple.map(arbitraryOf)));
  if (shape.record !== undefined) kinds.push(recordOf(shape.record));
  // The element of a list that was always empty: there is none to make.
  return oneof({ withCrossShrink: true }, ...(kinds.length > 0 ? kinds : [constant(undefined)]));
}

/** Small numbers tie often, the others are of the size that occurred; fractions are quarters, which add up exactly. */
function numberOf({ samples, integers, mayBeNegative }: NumberShape): Arbitrary<number> {
  const largest = samples.reduce((bound, sample) => Math.max(bound, Math.ceil(Math.abs(sample))), 100);
  const limit = Math.min(2 * largest, 2 ** 50);
  const between = (bound: number): Arbitrary<number> => {
    const whole = (max: number) => integer({ min: mayBeNegative ? -max : 0, max });
    // Never -0, which replicas tell from 0 and people do not.
    return integers ? whole(bound) : whole(bound * 4).map((quarters) => quarters / 4 + 0);
  };
  return oneof(between(3), between(limit));
}

function listOf({ element, minLength, sorted, unique, key }: ListShape): Arbitrary<unknown[]> {
  const bounds = { minLength: isEmpty(element) ? 0 : minLength, maxLength: isEmpty(element) ? 0 : 4 };
  const selector = key === undefined ? encodeValue : (value: unknown) => (value as PlainRecord)[key] as string;
  const list =
    unique || key !== undefined
      ? uniqueArray(arbitraryOf(element), { ...bounds, selector })
      : array(arbitraryOf(element), bounds);
  return sorted ? list.map((values) => values.sort(compareValues)) : list;
}

const isEmpty = (shape: Shape): boolean =>
  shape.constants.length === 0 &&
  !shape.booleans &&
  [shape.numbers, shape.list, shape.tuple, shape.record].every((kind) => kind === undefined);

function recordOf({ fields }: RecordShape): Arbitrary<unknown> {
  const model = new Map(fields.map(({ name, shape }) => [name, arbitraryOf(shape)]));
  const requiredKeys = fields.filter(({ required }) => required).map(({ name }) => name);
  return record(Object.fromEntries(model), { requiredKeys, noNullPrototype: true });
}
