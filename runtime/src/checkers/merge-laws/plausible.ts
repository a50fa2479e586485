import { encodeValue } from "../../data/values.js";
import { isPlainRecord, type PlainRecord, type RecordShape, type Shape } from "./shape.js";

/**
 * Whether two made-up values could both have been written. A record may carry a stamp, a number and a text such as
 * `{ clock, replica }`, by which a merge chooses between two; that two different records have one stamp never happens,
 * and a merge need not care what it does then. So where they agree on a number and on a text together, values that
 * occurred have to do so too. A number alone is no stamp: clocks do tie.
 */
export function arePlausible(shape: Shape, a: unknown, b: unknown): boolean {
  return areApart(shape, a, b, undefined);
}

/** `identity`: the field that says which element of a list it is, and nothing of who wrote it. */
function areApart(shape: Shape, a: unknown, b: unknown, identity: string | undefined): boolean {
  if (isScalar(a) || isScalar(b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (encodeValue(a) === encodeValue(b)) return true;
    const { list, tuple } = shape;
    if (tuple !== undefined) return tuplesAreApart(tuple, a, b);
    return list === undefined || a.every((x) => b.every((y) => areApart(list.element, x, y, list.key)));
  }
  if (shape.record === undefined || !isPlainRecord(a) || !isPlainRecord(b)) return true;
  return recordsAreApart(shape.record, a, b, identity);
}

function recordsAreApart(
  { fields, samples }: RecordShape,
  a: PlainRecord,
  b: PlainRecord,
  identity: string | undefined,
): boolean {
  if (!fields.every(({ name, shape }) => arePlausible(shape, a[name], b[name]))) return false;
  const shared = fields.map(({ name }) => name).filter((name) => isScalar(a[name]) && a[name] === b[name]);
  if (!isStamp(shared.filter((name) => name !== identity).map((name) => a[name]))) return true;
  return encodeValue(a) === encodeValue(b) || isSharedIn(samples, shared);
}

function tuplesAreApart(parts: readonly Shape[], a: readonly unknown[], b: readonly unknown[]): boolean {
  if (!parts.every((part, i) => arePlausible(part, a[i], b[i]))) return false;
  return !isStamp(a.filter((value, i) => isScalar(value) && value === b[i]));
}

const isScalar = (value: unknown): boolean => typeof value === "number" || typeof value === "string";

const isStamp = (values: readonly unknown[]): boolean =>
  values.some((value) => typeof value === "number") && values.some((value) => typeof value === "string");

/** Asked of many made-up pairs, which agree on few choices of fields. */
const sharedIn = new WeakMap<readonly PlainRecord[], Map<string, boolean>>();

/** Whether two different records that occurred agree on all of these fields. */
function isSharedIn(samples: readonly PlainRecord[], fields: readonly string[]): boolean {
  const known = sharedIn.get(samples) ?? new Map<string, boolean>();
  sharedIn.set(samples, known);
  const asked = JSON.stringify(fields);
  const answer = known.get(asked) ?? areSharedBySome(samples, fields);
  known.set(asked, answer);
  return answer;
}

function areSharedBySome(samples: readonly PlainRecord[], fields: readonly string[]): boolean {
  const first = new Map<string, string>();
  return samples.some((sample) => {
    const shared = encodeValue(fields.map((name) => sample[name]));
    const whole = encodeValue(sample);
    const known = first.get(shared);
    first.set(shared, known ?? whole);
    return known !== undefined && known !== whole;
  });
}
