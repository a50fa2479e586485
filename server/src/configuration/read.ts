import { basename } from "node:path";
import { type DocumentNode, evaluate, type MemberNode, parse, type ValueNode } from "@humanwhocodes/momoa";
import * as z from "zod";
import type { Range } from "../documents/finding.js";
import { type Complaint, type ConfigurationProblem, complaintsOf, type Path, pathText } from "./problems.js";
import type { Configuration } from "./schema.js";

export const configurationFile = "faultline.config.json";
export const packageFile = "package.json";
/** Where a package.json holds its configuration. */
const packageKey = "faultline";

export interface Reading {
  /** Undefined where it cannot be used. */
  readonly configuration: Configuration | undefined;
  readonly problems: readonly ConfigurationProblem[];
}

/** Reads the text of a configuration; undefined for a package.json that holds none. */
export function readConfiguration(file: string, text: string, schema: z.ZodType<Configuration>): Reading | undefined {
  const isPackage = basename(file) === packageFile;
  // Most packages have none, and are not worth a parser.
  if (isPackage && !text.includes(`"${packageKey}"`)) return undefined;
  let tree: DocumentNode;
  try {
    tree = parse(text, isPackage ? { mode: "json" } : { mode: "jsonc", allowTrailingCommas: true });
  } catch (error) {
    // A broken package.json is a matter between its author and every other tool.
    return isPackage ? undefined : { configuration: undefined, problems: [syntaxProblem(file, text, error)] };
  }
  const base = isPackage ? memberOf(tree.body, packageKey) : undefined;
  if (isPackage && base === undefined) return undefined;
  const node = base?.value ?? tree.body;
  const value: unknown = evaluate(node);
  const parsed = schema.safeParse(value);
  if (parsed.success) return { configuration: parsed.data, problems: [] };
  const shape = { keysAt: (path: Path) => keysAt(schema, path), valueAt: (path: Path) => valueAt(value, path) };
  const complaints = parsed.error.issues.flatMap((issue) => complaintsOf(issue, shape));
  const problems = complaints.map((complaint) => place(complaint, file, node, base));
  return { configuration: undefined, problems: problems.sort((a, b) => compare(a.range.start, b.range.start)) };
}

function compare(a: Range["start"], b: Range["start"]): number {
  return a.line - b.line || a.column - b.column;
}

function place(
  { path, isKey, message, help }: Complaint,
  file: string,
  node: ValueNode,
  base: MemberNode | undefined,
): ConfigurationProblem {
  let at = node;
  // What is missing has no place: the key of the object that lacks it has.
  let named: MemberNode["name"] | undefined = base?.name;
  let isFound = true;
  for (const part of path) {
    const member = typeof part === "string" ? memberOf(at, part) : undefined;
    const value = member?.value ?? (at.type === "Array" ? at.elements[Number(part)]?.value : undefined);
    isFound = value !== undefined;
    if (value === undefined) break;
    at = value;
    named = member?.name ?? named;
  }
  const isWide = at.loc.start.line !== at.loc.end.line;
  const target = named !== undefined && (isKey || !isFound || isWide) ? named : at;
  const range = isWide && target === at ? firstCharacter(at.loc.start) : rangeOf(target);
  return { file, at: pathText(path), range, message, help };
}

function memberOf(node: ValueNode, key: string): MemberNode | undefined {
  if (node.type !== "Object") return undefined;
  // As with JSON.parse, the last of several wins.
  return node.members.findLast(({ name }) => (name.type === "String" ? name.value : name.name) === key);
}

function rangeOf({ loc }: { readonly loc: ValueNode["loc"] }): Range {
  const { start, end } = loc;
  return { start: { line: start.line, column: start.column }, end: { line: end.line, column: end.column } };
}

function firstCharacter({ line, column }: { readonly line: number; readonly column: number }): Range {
  return { start: { line, column }, end: { line, column: column + 1 } };
}

function syntaxProblem(file: string, text: string, error: unknown): ConfigurationProblem {
  const { line = 1, column = 1, message = "" } = error as { line?: number; column?: number; message?: string };
  const isEmpty = text.trim() === "";
  const what = /Unexpected (?:token|character) (\S+) found/.exec(message)?.[1]?.replace(/^'|'$/g, "");
  return {
    file,
    at: "",
    range: firstCharacter({ line, column }),
    message: isEmpty ? "This configuration is empty." : `This is not JSON: ${unexpectedText(what, message)}.`,
    help: isEmpty
      ? "Write {} to change nothing."
      : "Comments and trailing commas are allowed; look for a missing comma, quote or bracket.",
  };
}

function unexpectedText(what: string | undefined, message: string): string {
  if (what === undefined) return message.includes("end of input") ? "it ends too early" : "this is no value";
  const isOpening = what === "LBrace" || what === "LBracket";
  return `\`${tokens[what] ?? what}\` is not expected here${isOpening ? ", or never closed" : ""}`;
}

/** The parser calls punctuation by its names. */
const tokens: Readonly<Record<string, string>> = {
  LBrace: "{",
  RBrace: "}",
  LBracket: "[",
  RBracket: "]",
  Colon: ":",
  Comma: ",",
};

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => (at as Readonly<Record<PropertyKey, unknown>> | undefined)?.[part], value);
}

/** What an object may hold there, by the schema itself. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let at: z.core.$ZodType | undefined = schema;
  for (const part of path) at = stepInto(bare(at), part);
  const object = bare(at);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function stepInto(schema: z.core.$ZodType | undefined, part: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Readonly<Record<PropertyKey, z.ZodType>>)[part];
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** Without what says that it may be left out; of several forms the object. */
function bare(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional) return bare(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.find((each) => each instanceof z.ZodObject) : schema;
}
