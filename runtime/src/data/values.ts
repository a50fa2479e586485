/**
 * The one place that knows what a replicated value is made of: canonical text, equality, order and a rendering for
 * people. Values are structured-clonable; two are equal when their canonical texts are.
 */

/** Canonical text: equal values give equal text on every machine, different values different text. */
export function encodeValue(value: unknown): string {
  return isObject(value) ? encodeObject(value, []) : encodePrimitive(value);
}

/** Structural equality. As with `Object.is`, `NaN` equals itself and `-0` differs from `0`. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return isObject(a) && isObject(b) && encodeValue(a) === encodeValue(b);
}

/** A total order: numbers by size, then strings by code unit, then everything else by its canonical text. */
export function compareValues(a: unknown, b: unknown): number {
  const rank = rankOf(a);
  if (rank !== rankOf(b)) return rank - rankOf(b);
  if (rank === 0 && a !== b && !Number.isNaN(a) && !Number.isNaN(b)) return (a as number) < (b as number) ? -1 : 1;
  return rank === 1 ? compareText(a as string, b as string) : compareText(encodeValue(a), encodeValue(b));
}

const rankOf = (value: unknown): number => (typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2);

/** Order by code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A short rendering for people: `100`, `"book"`, `{author: "ann", text: "hi"}`. At most `limit` characters. Of what no
 * replica can hold too: methods are given functions, and programs throw symbols.
 */
export function describeValue(value: unknown, limit = 60): string {
  return shorten(render(value, 0, limit), limit);
}

/** `{a, b}`, as `describeValue` has it: looks at no more items than fit, as states of any size are told at every change. */
export function describeItems<T>(
  [opening, closing]: readonly [string, string],
  items: readonly T[],
  describe: (item: T) => string,
  limit = 80,
): string {
  return shorten(`${opening}${items.slice(0, limit).map(describe).join(", ")}${closing}`, limit);
}

export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function encodePrimitive(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
    case "undefined":
      return String(value);
    default:
      if (value === null) return "null";
      throw new TypeError(`A ${typeof value} is not a value that replicas can hold. Use plain data.`);
  }
}

/** `ancestors` are the objects around this one: a value that contains itself refers back to them by depth. */
function encodeObject(value: object, ancestors: object[]): string {
  const depth = ancestors.indexOf(value);
  if (depth >= 0) return `^${depth}`;
  ancestors.push(value);
  const text = encodeContents(value, (part) =>
    isObject(part) ? encodeObject(part, ancestors) : encodePrimitive(part),
  );
  ancestors.pop();
  return text;
}

function encodeContents(value: object, encode: (part: unknown) => string): string {
  if (Array.isArray(value)) return encodeArray(value, encode);
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof RegExp) return `RegExp(${JSON.stringify(value.source)},${value.flags})`;
  if (value instanceof Map)
    return `Map{${[...value]
      .map(([k, v]) => `${encode(k)}=>${encode(v)}`)
      .sort(compareText)
      .join()}}`;
  if (value instanceof Set) return `Set{${[...value].map(encode).sort(compareText).join()}}`;
  if (value instanceof Error) return `${value.name}(${JSON.stringify(value.message)})`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${new Uint8Array(value).join()})`;
  if (ArrayBuffer.isView(value)) return encodeView(value);
  if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt)
    return `Object(${encode(value.valueOf())})`;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${encode(part)}`).join()}}`;
}

/** A hole is not `undefined`: structured clones keep it. */
function encodeArray(value: readonly unknown[], encode: (part: unknown) => string): string {
  const parts: string[] = [];
  for (let i = 0; i < value.length; i++) parts.push(i in value ? encode(value[i]) : "");
  return `[${parts.join()}]${value.length > 0 && !(value.length - 1 in value) ? `#${value.length}` : ""}`;
}

function encodeView(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return `${Object.prototype.toString.call(view).slice(8, -1)}(${bytes.join()})`;
}

/** Of lists no more than `most` items: each is a character at least, so that nothing is left out that would be shown. */
function render(value: unknown, depth: number, most: number): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return String(value);
  if (!isObject(value)) return encodePrimitive(value);
  if (depth > 3) return "…";
  const inner = (part: unknown): string => render(part, depth + 1, most);
  if (Array.isArray(value)) return `[${Array.from(value.slice(0, most), inner).join(", ")}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Map)
    return `Map {${[...value]
      .slice(0, most)
      .map(([k, v]) => `${inner(k)} => ${inner(v)}`)
      .join(", ")}}`;
  if (value instanceof Set) return `Set {${[...value].slice(0, most).map(inner).join(", ")}}`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag !== "Object") return encodeObject(value, []);
  return `{${Object.entries(value)
    .slice(0, most)
    .map(([key, part]) => `${renderKey(key)}: ${inner(part)}`)
    .join(", ")}}`;
}

/** A word stands for itself, anything else is quoted. */
export function renderKey(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$.-]*$/u.test(key) ? key : JSON.stringify(key);
}
