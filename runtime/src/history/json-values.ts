/**
 * Replicated values as JSON, without loss: what JSON has no form for becomes an object with a `$` key that names it.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Throws a `TypeError` for what JSON text cannot carry: values that contain themselves, buffers, errors. */
export function toJson(value: unknown, ancestors: readonly unknown[] = []): Json {
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
      return value === null ? null : objectToJson(value, (part) => toJson(part, around));
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
export function fromJson(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  const object = json as { readonly [key: string]: Json };
  if (!Object.hasOwn(object, "$"))
    return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, fromJson(part)]));
  return taggedFromJson(object);
}

function taggedFromJson(json: { readonly [key: string]: Json }): unknown {
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
      return new Map(pairs(json["entries"]));
    case "Set":
      return new Set((json["values"] as readonly Json[]).map(fromJson));
    case "object":
      return Object.fromEntries(pairs(json["entries"]));
    default:
      throw new TypeError(`{"$": ${JSON.stringify(json["$"])}} stands for no value.`);
  }
}

function pairs(entries: Json | undefined): [string, unknown][] {
  return (entries as readonly (readonly [Json, Json])[]).map(([key, part]) => [
    fromJson(key) as string,
    fromJson(part),
  ]);
}
