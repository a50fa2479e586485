import * as z from "zod/mini";
import type { CellOptions } from "../data/data-type.js";
import { levels } from "../levels.js";
import type { History, HistoryCell, HistoryEvent, Recording } from "./history.js";
import { fromJson, type Json } from "./json-values.js";

export { encodeEvent, encodeHeader, encodeHistory } from "./encoding.js";

/** What is wrong with the text of a history, and in which line (from 1). */
export class HistoryFormatError extends Error {
  readonly line: number;

  constructor(problem: string, { line, cause }: { readonly line: number; readonly cause?: unknown }) {
    super(`Line ${line}: ${problem}`, cause === undefined ? undefined : { cause });
    this.name = "HistoryFormatError";
    this.line = line;
  }
}

export interface DecodeOptions {
  /** A process that was killed leaves half a line at the end: that is skipped, and the history says that it is cut off. */
  readonly mayBeCutOff?: boolean;
}

/**
 * Takes the text, or its pieces one after another, so that a long file need not be in memory as a whole. Empty lines are
 * skipped; events may stand in any order, as they are written when they complete. Throws `HistoryFormatError`.
 */
export function decodeHistory(text: string | Iterable<string>, { mayBeCutOff = false }: DecodeOptions = {}): History {
  const lines = linesOf(typeof text === "string" ? [text] : text);
  const first = lines.next().value;
  if (first === undefined) throw new HistoryFormatError("there is no header; this file is empty.", { line: 1 });
  const header = parse(headerSchema, first);
  const body = new Body(header.cells.map((cell) => decodeCell(cell, first)));
  let isHalved = false;
  for (const line of lines) {
    isHalved = mayBeCutOff && !line.isEnded && isHalf(line);
    if (!isHalved) body.take(line);
  }
  const isCutOff = isHalved || (header.recording !== undefined && !body.hasEnded);
  const recording = isCutOff || header.recording !== undefined ? { ...all, ...header.recording, isCutOff } : undefined;
  return { ...body.history, ...(recording === undefined ? {} : { recording }) };
}

/** Those with content. */
function* linesOf(pieces: Iterable<string>): Generator<Line, undefined> {
  let number = 0;
  let rest = "";
  for (const piece of pieces) {
    const ended = (rest + piece).split("\n");
    rest = ended.pop() ?? "";
    for (const text of ended) {
      number++;
      const content = text.trim();
      if (content !== "") yield { number, content, isEnded: true };
    }
  }
  const content = rest.trim();
  if (content !== "") yield { number: number + 1, content, isEnded: false };
}

/** What a history without a recording's header says of itself. */
const all: Omit<Recording, "isCutOff"> = { startedAt: "", sampleRatio: 1, redacted: false, maxClockSkewMs: 0 };

function isHalf({ content }: Line): boolean {
  try {
    JSON.parse(content);
    return false;
  } catch {
    return true;
  }
}

/** What follows the header. */
class Body {
  hasEnded = false;
  private readonly cells = new Map<string, HistoryCell>();
  private readonly events = new Map<number, HistoryEvent>();

  constructor(cells: readonly HistoryCell[]) {
    for (const cell of cells) this.cells.set(cell.key, cell);
  }

  get history(): History {
    const events = [...this.events.values()].sort(
      (a, b) => a.invokedUs - b.invokedUs || (a.invokedOrder ?? 0) - (b.invokedOrder ?? 0),
    );
    return { version: 1, cells: [...this.cells.values()], events };
  }

  take(line: Line): void {
    const content = parse(bodySchema, line);
    if (content.end === true) this.hasEnded = true;
    else if (content.cell !== undefined) {
      const cell = decodeCell(content.cell, line);
      this.cells.set(cell.key, cell);
    } else this.takeEvent(line);
  }

  private takeEvent(line: Line): void {
    const event = decodeEvent(line);
    if (this.events.has(event.id))
      throw new HistoryFormatError(`a second event has the id ${event.id}.`, { line: line.number });
    const stranger = event.operations.find(({ cell }) => !this.cells.has(cell));
    if (stranger !== undefined)
      throw new HistoryFormatError(`the header declares no cell "${stranger.cell}".`, { line: line.number });
    this.events.set(event.id, event);
  }
}

interface Line {
  readonly number: number;
  readonly content: string;
  /** With a line break: it was written to its end. */
  readonly isEnded: boolean;
}

const json = z.custom<Json>((value) => value !== undefined);

const cellSchema = z.object({
  key: z.string(),
  label: z.string(),
  type: z.enum(["register", "counter", "set", "map", "log"]),
  level: z.enum(levels),
  domain: z.string(),
  initial: json,
  gap: z.optional(z.enum(["unrecorded", "unreadable"])),
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
  recording: z.optional(
    z.object({
      startedAt: z.string(),
      sampleRatio: z.number().check(z.minimum(0), z.maximum(1)),
      redacted: z.boolean(),
      maxClockSkewMs: z.number().check(z.minimum(0)),
    }),
  ),
});

/** A line after the header: a cell, the end, or else an event, which is looked at as such. */
const bodySchema = z.object({ cell: z.optional(cellSchema), end: z.optional(z.literal(true)) });

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

function decodeCell({ options, gap, ...cell }: z.output<typeof cellSchema>, line: Line): HistoryCell {
  return {
    ...cell,
    initial: value(cell.initial, line),
    ...(options === undefined ? {} : { options: decodeOptions(options, line) }),
    ...(gap === undefined ? {} : { gap }),
  };
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
