import type * as z from "zod";
import type { Range } from "../documents/finding.js";
import { nearest } from "./nearest.js";

/** What is wrong with a configuration, for its reader: where, what, and what would be right. */
export interface ConfigurationProblem {
  readonly file: string;
  /** Inside the file, as one would write it: `overrides[0].severities`. Empty for the whole file. */
  readonly at: string;
  readonly range: Range;
  readonly message: string;
  readonly help: string;
}

export type Path = readonly PropertyKey[];

/** A problem before it is known where in the text its path stands. */
export interface Complaint {
  readonly path: Path;
  /** The name of the last key is wrong, and not what it holds. */
  readonly isKey: boolean;
  readonly message: string;
  readonly help: string;
}

interface Shape {
  /** The keys that an object may have, undefined for what is no object. */
  keysAt(path: Path): readonly string[];
  valueAt(path: Path): unknown;
}

/** zod says what it expected; people also want to know what they wrote, and what they probably meant. */
export function complaintsOf(issue: z.core.$ZodIssue, shape: Shape, base: Path = []): readonly Complaint[] {
  const path = [...base, ...issue.path];
  const value = shape.valueAt(path);
  const name = path.length === 0 ? "The configuration" : `\`${pathText(path)}\``;
  const one = (message: string, help: string): readonly Complaint[] => [{ path, isKey: false, message, help }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, shape.keysAt(path)));
    case "invalid_value": {
      const known = issue.values.map(String);
      return one(`${name} is ${shown(value)}, which is not one of its values.`, choose(value, known));
    }
    case "invalid_type":
      return value === undefined
        ? one(`${name} is missing.`, `It has to be ${kinds[issue.expected] ?? issue.expected}.`)
        : one(`${name} is ${shown(value)}.`, `It has to be ${kinds[issue.expected] ?? issue.expected}.`);
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? one(`${name} is ${shown(value)}.`, `The least is ${issue.minimum}.`)
        : one(`${name} is empty.`, "Give at least one, or leave the key out.");
    case "too_big":
      return one(`${name} is ${shown(value)}.`, `The most is ${issue.maximum}.`);
    case "invalid_union":
      return ofUnion(issue, path, shape, name);
    default:
      return one(issue.message, "");
  }
}

/** Of several forms, the one that was meant: an object is measured by the object's form. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, shape: Shape, name: string): readonly Complaint[] {
  const value = shape.valueAt(path);
  const isOfOther = ({ code, path: inner }: z.core.$ZodIssue): boolean =>
    inner.length === 0 && (code === "invalid_type" || (code === "invalid_value" && typeof value !== "string"));
  const meant = issue.errors.find((form) => !form.some(isOfOther));
  if (meant !== undefined) return meant.flatMap((each) => complaintsOf(each, shape, path));
  const help = "It has to be the name of a region, or its place: { name, latitude, longitude }.";
  return [{ path, isKey: false, message: `${name} is ${shown(value)}.`, help }];
}

function unknownKey(path: Path, key: string, known: readonly string[]): Complaint {
  const isRule = path.at(-1) === "severities";
  const where = path.length === 0 ? "The configuration" : `\`${pathText(path)}\``;
  const message = isRule ? `There is no rule \`${key}\`.` : `${where} has no key \`${key}\`.`;
  return { path: [...path, key], isKey: true, message, help: choose(key, known, isRule ? "rules" : "keys") };
}

/** A long list helps only those whose word is like none in it. */
const longList = 12;

function choose(value: unknown, known: readonly string[], what = "values"): string {
  const meant = typeof value === "string" ? nearest(value, known) : undefined;
  const all = `The ${what} are ${known.join(", ")}.`;
  if (meant === undefined) return all;
  return known.length > longList ? `Did you mean \`${meant}\`?` : `Did you mean \`${meant}\`? ${all}`;
}

const kinds: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
};

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}

/** `overrides[0].severities.no-dual-write`; what is no plain word is quoted. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      return /^[\w$-]+$/.test(String(part)) ? `${index === 0 ? "" : "."}${String(part)}` : `["${String(part)}"]`;
    })
    .join("");
}
