import { encodeValue } from "../../data/values.js";
import { epochMs } from "../../simulation/virtual-globals/index.js";
import { IdentityReference } from "../workload/plan.js";
import type { ParameterShape, ValueShape } from "../workload/shape.js";
import { simplerNumbers } from "./round-numbers.js";

/** Arguments that say less than these, simplest first: one of them changed in one place. All are of their types. */
export function* simplerArguments(
  args: readonly unknown[],
  parameters: readonly ParameterShape[],
): Iterable<readonly unknown[]> {
  const rest = parameters.findIndex(({ isRest }) => isRest);
  for (const [index, value] of args.entries()) {
    const parameter = parameters[index] ?? parameters[rest];
    if (parameter === undefined) return;
    const isOfRest = rest >= 0 && index >= rest;
    if (isOfRest) yield args.toSpliced(index, 1);
    else if (parameter.isOptional && value !== undefined) yield withoutEnd(args.with(index, undefined));
    if (value !== undefined)
      for (const simpler of simplerValues(value, parameter.values)) yield args.with(index, simpler);
  }
}

/** What is left out at the end is not passed. */
function withoutEnd(args: readonly unknown[]): readonly unknown[] {
  const last = args.findLastIndex((value) => value !== undefined);
  return args.slice(0, last + 1);
}

/** Values of the same type that are easier to read. */
export function* simplerValues(value: unknown, shape: ValueShape): Iterable<unknown> {
  switch (shape.kind) {
    case "number":
      if (typeof value === "number") yield* simplerAmounts(value, shape.near);
      return;
    case "bigint":
      if (typeof value === "bigint" && value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER)
        for (const simpler of simplerAmounts(Number(value), shape.near))
          if (Number.isInteger(simpler)) yield BigInt(simpler);
      return;
    case "string":
      if (typeof value === "string") yield* simplerTexts(value, shape.near);
      return;
    case "boolean":
      if (value === true) yield false;
      return;
    case "date":
      if (value instanceof Date && value.getTime() !== epochMs) yield new Date(epochMs);
      return;
    case "union":
      yield* simplerMembers(value, shape.members);
      return;
    case "array":
      if (Array.isArray(value)) yield* simplerLists(value, shape.element);
      return;
    case "set":
      if (value instanceof Set) for (const list of simplerLists([...value], shape.element)) yield new Set(list);
      return;
    case "tuple":
      if (!Array.isArray(value)) return;
      for (const [index, element] of shape.elements.slice(0, value.length).entries())
        for (const simpler of simplerValues(value[index], element)) yield value.with(index, simpler);
      return;
    case "object":
      yield* simplerObjects(value, shape.properties);
      return;
    case "record":
      if (typeof value === "object" && value !== null)
        for (const entries of simplerEntries(Object.entries(value), shape.value)) yield Object.fromEntries(entries);
      return;
    case "map":
      if (value instanceof Map) for (const entries of simplerEntries([...value], shape.value)) yield new Map(entries);
      return;
    default:
      return;
  }
}

/** Nothing below 1: what is moved, added or taken is something. */
function* simplerAmounts(value: number, near: readonly number[]): Iterable<number> {
  if (value === 0) yield 1;
  const size = Math.abs(value);
  const numbers = [...near, ...simplerNumbers(size, 1)].filter((each) => each > 0 && each < size);
  for (const simpler of [...new Set(numbers)].sort((a, b) => a - b)) yield simpler;
}

function* simplerTexts(value: string, near: readonly string[]): Iterable<string> {
  const isSimpler = (text: string) => text.length < value.length || (text.length === value.length && text < value);
  const texts = [...near.filter((text) => text !== ""), ...letters].filter(isSimpler);
  for (const text of [...new Set(texts)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) yield text;
}

const letters: readonly string[] = ["a", "b", "c"];

/** A value of an earlier member that has only one; then what is simpler within the member that this one is of. */
function* simplerMembers(value: unknown, members: readonly ValueShape[]): Iterable<unknown> {
  const own = members.findIndex((member) => isOf(value, member));
  for (const member of members.slice(0, Math.max(0, own))) {
    if (member.kind === "constant") yield member.value;
    if (member.kind === "undefined") yield undefined;
  }
  const member = members[own];
  if (member !== undefined) yield* simplerValues(value, member);
}

function isOf(value: unknown, shape: ValueShape): boolean {
  switch (shape.kind) {
    case "constant":
      return value === shape.value;
    case "date":
      return value instanceof Date;
    case "array":
    case "tuple":
      return Array.isArray(value);
    case "set":
      return value instanceof Set;
    case "map":
      return value instanceof Map;
    case "handle":
      return value instanceof IdentityReference && value.target === shape.target;
    case "union":
      return shape.members.some((member) => isOf(value, member));
    case "object": {
      if (!isPlain(value)) return false;
      const known = shape.properties.filter(({ name, values }) => name in value && isOf(value[name], values));
      const needed = shape.properties.filter(({ name, isOptional }) => !isOptional || name in value);
      return (
        known.length === needed.length && Object.keys(value).every((key) => known.some(({ name }) => name === key))
      );
    }
    case "record":
      return isPlain(value) && Object.values(value).every((part) => isOf(part, shape.value));
    default:
      // The other kinds have the names that `typeof` gives.
      return typeof value === shape.kind;
  }
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function* simplerLists(list: readonly unknown[], element: ValueShape): Iterable<readonly unknown[]> {
  if (list.length > 1) yield [];
  for (const index of list.keys()) yield list.toSpliced(index, 1);
  for (const [index, part] of list.entries())
    for (const simpler of simplerValues(part, element)) {
      const isThere = list.some((other) => encodeValue(other) === encodeValue(simpler));
      if (!isThere) yield list.with(index, simpler);
    }
}

function* simplerObjects(
  value: unknown,
  properties: Extract<ValueShape, { readonly kind: "object" }>["properties"],
): Iterable<unknown> {
  if (!isPlain(value)) return;
  for (const { name, isOptional } of properties)
    if (isOptional && name in value) yield Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  for (const { name, values } of properties)
    if (name in value) for (const simpler of simplerValues(value[name], values)) yield { ...value, [name]: simpler };
}

function* simplerEntries<K>(
  entries: readonly (readonly [K, unknown])[],
  shape: ValueShape,
): Iterable<readonly [K, unknown][]> {
  const all = entries.map(([key, value]): [K, unknown] => [key, value]);
  for (const index of all.keys()) yield all.toSpliced(index, 1);
  for (const [index, [key, value]] of all.entries())
    for (const simpler of simplerValues(value, shape)) yield all.with(index, [key, simpler]);
}
