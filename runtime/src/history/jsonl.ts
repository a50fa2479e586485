import * as z from "zod/mini";
import type { CellOptions } from "../data/data-type.js";
import { levels } from "../levels.js";
import type { History, HistoryCell, HistoryEvent } from "./history.js";
import { fromJson, type Json, toJson } from "./json-values.js";

/**
 * Histories as JSON Lines: a header with format, version and cells, then one event a line, in order of invocation. Values
 * are written as json-values.ts has them.
 */
export function encodeHistory(history: History): string {
  return [encodeHeader(history.cells), ...history.events.map(encodeEvent)].map((line) => `${line}\n`).join("");
}

/** The first line, without its line break: for writing a history while it happens. */
export function encodeHeader(cells: readonly HistoryCell[]): string {
  const encoded = cells.map(({ options, ...cell }) => ({
    ...cell,
    initial: toJson(cell.initial),
    ...(options === undefined ? {} : { options: encodeOptions(options) }),
  }));
  return JSON.stringify({ format: "faultline-history", version: 1, cells: encoded });
}

/** A merge function has no form in text, so it is left out. */
function encodeOptions({ initial, merge, conflict }: CellOptions) {
  return {
    ...(initial === undefined ? {} : { initial: toJson(initial) }),
    ...(typeof merge === "string" ? { merge } : {}),
    ...(conflict === undefined ? {} : { conflict }),
  };
}

export function encodeEvent(event: HistoryEvent): string {
  const operations = event.operations.map(({ operation, result, ...rest }) => ({
    ...rest,
    operation: { name: operation.name, args: operation.args.map((arg) => toJson(arg)) },
    ...(result === undefined ? {} : { result: toJson(result) }),
  }));
  return JSON.stringify({ ...event, operations });
}

/** What is wrong with the text of a history, and in which line (from 1). */
export class HistoryFormatError extends Error {
  readonly line: number;

  constructor(problem: string, { line, cause }: { readonly line: number; readonly cause?: unknown }) {
    super(`Line ${line}: ${problem}`, cause === undefined ? undefined : { cause });
    this.name = "HistoryFormatError";
    this.line = line;
  }
}

/** Empty lines are skipped. Throws `HistoryFormatError`. */
export function decodeHistory(text: string): History {
  const lines = text.split("\n").map((content, i) => ({ number: i + 1, content: content.trim() }));
  const [header, ...rest] = lines.filter(({ content }) => content !== "");
  if (header === undefined) throw new HistoryFormatError("there is no header; this file is empty.", { line: 1 });
  const { cells } = decodeHeader(header);
  const known = new Set(cells.map((cell) => cell.key));
  const ids = new Set<number>();
  const events = rest.map((line) => {
    const event = decodeEvent(line);
    if (ids.has(event.id))
      throw new HistoryFormatError(`a second event has the id ${event.id}.`, { line: line.number });
    ids.add(event.id);
    const stranger = event.operations.find(({ cell }) => !known.has(cell));
    if (stranger === undefined) return event;
    throw new HistoryFormatError(`the header declares no cell "${stranger.cell}".`, { line: line.number });
  });
  return { version: 1, cells, events };
}

interface Line {
  readonly number: number;
  readonly content: string;
}

const json = z.custom<Json>((value) => value !== undefined);

const cellSchema = z.object({
  key: z.string(),
  label: z.string(),
  type: z.enum(["register", "counter", "set", "map", "log"]),
  level: z.enum(levels),
  domain: z.string(),
  initial: json,
  options: z.optional(
    z.object({
      initial: z.optional(json),
      merge: z.optional(z.enum(["last-writer-wins", "last-writer-wins-by-wall-clock"])),
      conflict: z.optional(z.enum(["add-wins", "remove-wins"])),
    }),
  ),
});

const headerSchema = z.object({
  format: z.literal("faultline-history"),
  version: z.literal(1),
  cells: z.array(cellSchema),
});

const eventSchema = z.object({
  id: z.int(),
  process: z.int(),
  session: z.int(),
  region: z.string(),
  invokedUs: z.number(),
  completedUs: z.optional(z.number()),
  invokedOrder: z.optional(z.number()),
  completedOrder: z.optional(z.number()),
  status: z.enum(["ok", "fail", "info"]),
  transaction: z.boolean(),
  operations: z.array(
    z.object({
      cell: z.string(),
      level: z.enum(levels),
      operation: z.object({ name: z.string(), args: z.array(json) }),
      result: z.optional(json),
    }),
  ),
});

function decodeHeader(line: Line): { readonly cells: HistoryCell[] } {
  const header = parse(headerSchema, line);
  const cells = header.cells.map(
    ({ options, ...cell }): HistoryCell => ({
      ...cell,
      initial: value(cell.initial, line),
      ...(options === undefined ? {} : { options: decodeOptions(options, line) }),
    }),
  );
  return { cells };
}

type EncodedOptions = NonNullable<z.output<typeof cellSchema>["options"]>;

function decodeOptions({ initial, merge, conflict }: EncodedOptions, line: Line): CellOptions {
  return {
    ...(initial === undefined ? {} : { initial: value(initial, line) }),
    ...(merge === undefined ? {} : { merge }),
    ...(conflict === undefined ? {} : { conflict }),
  };
}

function decodeEvent(line: Line): HistoryEvent {
  const event = parse(eventSchema, line);
  if (event.status === "ok" && event.completedUs === undefined) {
    throw new HistoryFormatError('an event with the status "ok" needs completedUs.', { line: line.number });
  }
  if (event.completedUs !== undefined && event.completedUs < event.invokedUs) {
    throw new HistoryFormatError("the event completed before it was invoked.", { line: line.number });
  }
  const operations = event.operations.map(({ cell, level, operation, result }) => ({
    cell,
    level,
    operation: { name: operation.name, args: operation.args.map((arg) => value(arg, line)) },
    result: result === undefined ? undefined : value(result, line),
  }));
  return { ...event, completedUs: event.completedUs, operations };
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, { number: line, content }: Line): z.output<Schema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (cause) {
    throw new HistoryFormatError(`this is not JSON: ${(cause as Error).message}`, { line, cause });
  }
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new HistoryFormatError(`${issue?.path.join(".") || "this line"}: ${issue?.message}`, { line });
}

function value(encoded: Json, { number: line }: Line): unknown {
  try {
    return fromJson(encoded);
  } catch (cause) {
    throw new HistoryFormatError((cause as Error).message, { line, cause });
  }
}
