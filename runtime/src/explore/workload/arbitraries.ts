import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  Random,
  record,
  string,
  tuple,
  uniqueArray,
  oneof as weighted,
} from "fast-check";
import { encodeValue } from "../../data/values.js";
import type { Prng } from "../../simulation/prng.js";
import { epochMs } from "../../simulation/virtual-globals/index.js";
import type { ParameterShape, ValueShape } from "./shape.js";

/** Stands for an opened object in drawn arguments, until it is known whose method is called. */
export class HandleDraw {
  constructor(
    readonly target: string,
    /** Decides which identity it is: 0 to 99. */
    readonly percentile: number,
  ) {}
}

/** The only module here that knows fast-check: the values of a type, small and close together, so that calls meet. */
export interface ArgumentSource {
  /** The arguments of one call; objects are `HandleDraw`s in them. */
  draw(draws: Draws): readonly unknown[];
}

/** A `Random` of fast-check's, which the published types do not name: the package depends on nothing. */
export interface Draws {
  nextInt(min: number, max: number): number;
}

export const drawsFrom = (random: Prng): Draws => new Random(generatorOf(random));

/**
 * `texts`: worth trying as any string, identities above all: a method may take one to open an object by.
 * The parameters must be possible: `impossibleIn` tells.
 */
export function argumentSource(parameters: readonly ParameterShape[], texts: readonly string[]): ArgumentSource {
  if (parameters.length === 0) return { draw: () => [] };
  const all = tuple(...parameters.map((parameter) => argumentOf(parameter, texts))).map(flattened);
  return { draw: (draws) => all.generate(draws as Random, undefined).value };
}

/** Left out or nothing: what cannot be made has to be in none of the values. */
export type Impossible = Extract<ValueShape, { readonly kind: "impossible" }>;

/** What stands in the way of making a value of this shape; undefined when one can be made without it. */
export function impossibleIn(shape: ValueShape): Impossible | undefined {
  switch (shape.kind) {
    case "impossible":
      return shape;
    case "union":
      return shape.members.every((member) => impossibleIn(member) !== undefined)
        ? firstImpossible(shape.members)
        : undefined;
    case "array":
    case "set":
      return impossibleIn(shape.element);
    case "tuple":
      return firstImpossible(shape.elements);
    case "object":
      return firstImpossible(shape.properties.filter(({ isOptional }) => !isOptional).map(({ values }) => values));
    case "record":
      return impossibleIn(shape.value);
    case "map":
      return firstImpossible([shape.key, shape.value]);
    default:
      return undefined;
  }
}

const firstImpossible = (shapes: readonly ValueShape[]): Impossible | undefined =>
  shapes.map(impossibleIn).find((found) => found !== undefined);

/** Rest parameters are a list of their own until all are known; what is left out at the end is not passed. */
function flattened(drawn: readonly unknown[]): readonly unknown[] {
  const args = drawn.flatMap((value) => (value instanceof Rest ? value.values : [value]));
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  return args;
}

class Rest {
  constructor(readonly values: readonly unknown[]) {}
}

function argumentOf({ values, isOptional, isRest }: ParameterShape, texts: readonly string[]): Arbitrary<unknown> {
  if (impossibleIn(values) !== undefined) return constant(isRest ? new Rest([]) : undefined);
  const value = arbitraryOf(values, texts);
  if (isRest) return array(value, { maxLength: longest }).map((several) => new Rest(several));
  return isOptional ? weighted(value, constant(undefined)) : value;
}

const longest = 3;

function arbitraryOf(shape: ValueShape, texts: readonly string[]): Arbitrary<unknown> {
  const of = (part: ValueShape): Arbitrary<unknown> => arbitraryOf(part, texts);
  switch (shape.kind) {
    case "number":
      return numberNear(shape.near);
    case "bigint":
      return numberNear(shape.near.filter(Number.isInteger)).map(BigInt);
    case "string":
      return textNear(shape.near, texts);
    case "boolean":
      return boolean();
    case "date":
      return integer({ min: 0, max: moments.length - 1 }).map((index) => new Date(moments[index] as number));
    case "constant":
      return constant(shape.value);
    case "undefined":
      return constant(undefined);
    case "union":
      return weighted(...shape.members.filter((member) => impossibleIn(member) === undefined).map(of));
    case "array":
      return array(of(shape.element), { maxLength: longest });
    case "tuple":
      return tuple(...shape.elements.map(of));
    case "object":
      return objectOf(shape, of);
    case "record":
      return entriesOf(keys(texts), of(shape.value)).map((entries) => Object.fromEntries(entries));
    case "set":
      return uniqueArray(of(shape.element), { maxLength: longest, selector: encodeValue }).map(
        (values) => new Set(values),
      );
    case "map":
      return entriesOf(of(shape.key), of(shape.value)).map((entries) => new Map(entries));
    case "handle":
      return integer({ min: 0, max: 99 }).map((percentile) => new HandleDraw(shape.target, percentile));
    case "impossible":
      throw new TypeError(`no value of ${shape.type} can be made`);
  }
}

/**
 * Amounts, counts, limits: small ones, and those at the edge of what the code asks about. Nothing is negative or a
 * fraction unless the code itself speaks of such numbers: most methods do not check for what no caller would pass, and
 * what goes wrong then says nothing about consistency.
 */
function numberNear(near: readonly number[]): Arbitrary<number> {
  const isNegative = near.some((value) => value < 0);
  const edges = new Set(near.flatMap((value) => [value - 1, value, value + 1]).filter((v) => isNegative || v >= 0));
  const choices = [
    { weight: 4, arbitrary: integer({ min: 1, max: 5 }) },
    // Seldom the same twice: who reads one tells by it which write it has seen.
    { weight: 5, arbitrary: integer({ min: 1, max: 100 }) },
    { weight: 1, arbitrary: constant(0) },
  ];
  if (edges.size > 0) choices.push({ weight: 4, arbitrary: constantFrom(...edges) });
  if (isNegative) choices.push({ weight: 2, arbitrary: integer({ min: -10, max: -1 }) });
  // Quarters add up exactly.
  const hasFractions = near.some((value) => !Number.isInteger(value));
  if (hasFractions) choices.push({ weight: 3, arbitrary: integer({ min: 1, max: 40 }).map((n) => n / 4) });
  return weighted(...choices);
}

/** Few, so that two calls often name the same. An empty one only where the code speaks of it: see `numberNear`. */
function textNear(near: readonly string[], texts: readonly string[]): Arbitrary<string> {
  const choices = [
    { weight: 5, arbitrary: keys(texts) },
    { weight: 1, arbitrary: string({ minLength: 1, maxLength: 4 }) },
  ];
  if (near.length > 0) choices.push({ weight: 6, arbitrary: constantFrom(...near) });
  return weighted(...choices);
}

const keys = (texts: readonly string[]): Arbitrary<string> => constantFrom("a", "b", "c", ...texts);

/** Around the time at which runs take place: the moment they begin, a moment, a minute, a day away. */
const moments: readonly number[] = [0, 1, 60_000, 86_400_000, -1, -86_400_000].map((offsetMs) => epochMs + offsetMs);

function objectOf(
  { properties }: Extract<ValueShape, { readonly kind: "object" }>,
  of: (part: ValueShape) => Arbitrary<unknown>,
): Arbitrary<unknown> {
  const possible = properties.filter(({ values }) => impossibleIn(values) === undefined);
  const requiredKeys = possible.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
  const model = Object.fromEntries(possible.map(({ name, values }) => [name, of(values)]));
  return record(model, { requiredKeys, noNullPrototype: true });
}

const entriesOf = <K, V>(key: Arbitrary<K>, value: Arbitrary<V>): Arbitrary<[K, V][]> =>
  uniqueArray(tuple(key, value), { maxLength: longest, selector: ([one]) => encodeValue(one) });

/** One of ours under the interface that fast-check draws from: signed words. */
function generatorOf(random: Prng) {
  return {
    clone: () => generatorOf(random.clone()),
    next: () => random.next() | 0,
    getState: () => [],
  };
}
