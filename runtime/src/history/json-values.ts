/**
 * Replicated values as JSON, without loss: what JSON has no form for becomes an object with a `$` key that names it.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How values of the caller's own are written and read, each as an object with a `$` that is not used here. */
export interface OwnValues {
  /** Undefined for what is not one of them. */
  write(value: object): { readonly $: string; readonly [key: string]: Json } | undefined;
  read(json: { readonly [key: string]: Json }): unknown;
}

/** Throws a `TypeError` for what JSON text cannot carry: values that contain themselves, buffers, errors. */
export function toJson(value: unknown, own?: OwnValues): Json {
  return written(value, own, []);
}

function written(value: unknown, own: OwnValues | undefined, ancestors: readonly unknown[]): Json {
  if (ancestors.includes(value)) throw new TypeError("A value that contains itself has no form in JSON.");
  const around = [...ancestors, value];
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: "number", text: Object.is(value, -0) ? "-0" : String(value) };
    case "undefined":
      return { $: "undefined" };
    case "bigint":
      return { $: "bigint", text: String(value) };
    case "object":
      if (value === null) return null;
      return own?.write(value) ?? objectToJson(value, (part) => written(part, own, around));
    default:
      throw new TypeError(`A ${typeof value} has no form in JSON.`);
  }
}

function objectToJson(value: object, convert: (part: unknown) => Json): Json {
  if (Array.isArray(value)) return Array.from(value, convert);
  if (value instanceof Date)
    return { $: "Date", text: Number.isNaN(value.getTime()) ? "invalid" : value.toISOString() };
  if (value instanceof RegExp) return { $: "RegExp", text: value.source, flags: value.flags };
  if (value instanceof Map)
    return { $: "Map", entries: [...value].map(([key, part]) => [convert(key), convert(part)]) };
  if (value instanceof Set) return { $: "Set", values: [...value].map(convert) };
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag !== "Object") throw new TypeError(`A value of type ${tag} has no form in JSON.`);
  const entries = Object.entries(value).map(([key, part]): [string, Json] => [key, convert(part)]);
  return Object.hasOwn(value, "$") ? { $: "object", entries } : Object.fromEntries(entries);
}

/** The value that `toJson` made this of. Throws a `TypeError` for a `$` that it never writes. */
export function fromJson(json: Json, own?: OwnValues): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map((part) => fromJson(part, own));
  const object = json as { readonly [key: string]: Json };
  if (!Object.hasOwn(object, "$"))
    return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, fromJson(part, own)]));
  return taggedFromJson(object, own);
}

function taggedFromJson(json: { readonly [key: string]: Json }, own: OwnValues | undefined): unknown {
  const text = String(json["text"]);
  switch (json["$"]) {
    case "undefined":
      return undefined;
    case "number":
      return Number(text);
    case "bigint":
      return BigInt(text);
    case "Date":
      return new Date(text === "invalid" ? Number.NaN : text);
    case "RegExp":
      return new RegExp(text, String(json["flags"]));
    case "Map":
      return new Map(pairs(json["entries"], own));
    case "Set":
      return new Set((json["values"] as readonly Json[]).map((part) => fromJson(part, own)));
    case "object":
      return Object.fromEntries(pairs(json["entries"], own));
    default: {
      const value = own?.read(json);
      if (value !== undefined) return value;
      throw new TypeError(`{"$": ${JSON.stringify(json["$"])}} stands for no value.`);
    }
  }
}

function pairs(entries: Json | undefined, own: OwnValues | undefined): [string, unknown][] {
  return (entries as readonly (readonly [Json, Json])[]).map(([key, part]) => [
    fromJson(key, own) as string,
    fromJson(part, own),
  ]);
}
