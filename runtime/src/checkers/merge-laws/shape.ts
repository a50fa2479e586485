import { compareValues, encodeValue } from "../../data/values.js";

/**
 * What values of a cell look like, as far as those that occurred tell: which values to make up that could have occurred
 * as well. It errs on the narrow side. A merge is written for the values that there are (texts out of three, lists that
 * are sorted), and to blame it for others would be wrong.
 */
export interface Shape {
  /** Texts and all that has no structure to vary, the shortest first. Texts may be names out of a fixed set. */
  readonly constants: readonly unknown[];
  readonly booleans: boolean;
  readonly numbers: NumberShape | undefined;
  readonly list: ListShape | undefined;
  readonly tuple: readonly Shape[] | undefined;
  readonly record: RecordShape | undefined;
}

export interface NumberShape {
  readonly samples: readonly number[];
  readonly integers: boolean;
  readonly mayBeNegative: boolean;
}

export interface ListShape {
  readonly element: Shape;
  readonly minLength: number;
  readonly sorted: boolean;
  readonly unique: boolean;
  /** A text field of the elements that no two elements of a list have in common. */
  readonly key: string | undefined;
}

export interface RecordShape {
  readonly fields: readonly { readonly name: string; readonly shape: Shape; readonly required: boolean }[];
  readonly samples: readonly PlainRecord[];
}

export type PlainRecord = Readonly<Record<string, unknown>>;

/** Deeper parts of a value are taken as they are. */
const maxDepth = 6;

/** So many elements tell what those of a list look like. */
const maxElements = 50;

export function shapeOf(samples: readonly unknown[], depth = 0): Shape {
  const isStructured = (value: unknown): boolean => depth < maxDepth && (Array.isArray(value) || isPlainRecord(value));
  const lists = samples
    .filter((value): value is readonly unknown[] => isStructured(value) && Array.isArray(value))
    .map((list) => list.slice(0, maxElements));
  const records = samples.filter((value): value is PlainRecord => isStructured(value) && isPlainRecord(value));
  const numbers = samples.filter((value): value is number => Number.isFinite(value));
  const others = samples.filter(
    (value) => !isStructured(value) && !Number.isFinite(value) && typeof value !== "boolean",
  );
  const isTuple = isTupleIn(lists);
  return {
    constants: distinct(others).sort((a, b) => encodeValue(a).length - encodeValue(b).length || compareValues(a, b)),
    booleans: samples.some((value) => typeof value === "boolean"),
    numbers: numbers.length === 0 ? undefined : numberShape(numbers),
    list: lists.length === 0 || isTuple ? undefined : listShape(lists, depth),
    tuple: isTuple
      ? (lists[0] as readonly unknown[]).map((_, i) =>
          shapeOf(
            lists.map((list) => list[i]),
            depth + 1,
          ),
        )
      : undefined,
    record: records.length === 0 ? undefined : recordShape(records, depth),
  };
}

/** Each value once, by structure, in order of first occurrence. */
export function distinct<T>(values: readonly T[]): T[] {
  const known = new Map<string, T>();
  for (const value of values) {
    const text = encodeValue(value);
    if (!known.has(text)) known.set(text, value);
  }
  return [...known.values()];
}

export function isPlainRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Object]";
}

function numberShape(samples: readonly number[]): NumberShape {
  return {
    samples: distinct(samples).sort((a, b) => Math.abs(a) - Math.abs(b) || b - a),
    integers: samples.every(Number.isSafeInteger),
    mayBeNegative: samples.some((value) => value < 0),
  };
}

/** `[clock, replica]`: always of one length, and not all of one type. */
function isTupleIn(lists: readonly (readonly unknown[])[]): boolean {
  const [first] = lists;
  if (first === undefined || first.length < 2) return false;
  const kinds = (list: readonly unknown[]): string => list.map((value) => typeof value).join();
  return lists.every((list) => kinds(list) === kinds(first)) && new Set(first.map((value) => typeof value)).size > 1;
}

function listShape(lists: readonly (readonly unknown[])[], depth: number): ListShape {
  const elements = lists.flat();
  return {
    element: shapeOf(elements, depth + 1),
    minLength: lists.some((list) => list.length === 0) ? 0 : 1,
    sorted: lists.every((list) => list.every((value, i) => i === 0 || compareValues(list[i - 1], value) <= 0)),
    unique: lists.every((list) => distinct(list).length === list.length),
    key: keyOf(lists),
  };
}

function keyOf(lists: readonly (readonly unknown[])[]): string | undefined {
  const elements = lists.flat();
  if (elements.length === 0 || !elements.every(isPlainRecord)) return undefined;
  const isKey = (name: string): boolean =>
    elements.every((element) => typeof element[name] === "string") &&
    lists.every((list) => new Set(list.map((element) => (element as PlainRecord)[name])).size === list.length);
  return Object.keys(elements[0] as PlainRecord).find(isKey);
}

function recordShape(samples: readonly PlainRecord[], depth: number): RecordShape {
  const names = distinct(samples.flatMap((sample) => Object.keys(sample)));
  const fields = names.map((name) => {
    const having = samples.filter((sample) => Object.hasOwn(sample, name));
    const values = having.map((sample) => sample[name]);
    return { name, shape: shapeOf(values, depth + 1), required: having.length === samples.length };
  });
  return { fields, samples };
}
