import { dataType } from "../data/index.js";
import { isLevel, type Level } from "../levels.js";
import type { History, HistoryCell, HistoryEvent, HistoryOperation, Status } from "./history.js";

/**
 * Histories drawn as text, for people to write and read. First the cells, then a row for each process, in which a
 * column is a millisecond:
 *
 *     x: register 0
 *     nyc     [x.write(1)----]
 *     london        [x.read() = 1]  [x.read() = 0]
 *
 * An interval ends with `]` when it completed, `!` when it failed, `?` when nobody knows. Operations separated by `;`
 * are one transaction. `x@eventual.read()` is a read weakened to that level. Rows of one region are told apart by what
 * follows a slash: `nyc/2`. What runs on after `?` in a row does so as another process.
 *
 * Throws a `TypeError` that quotes the line that it cannot read.
 */
export function parseTimeline(text: string): History {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const cells = lines.flatMap((line) => cellOf(line) ?? []);
  const byKey = new Map(cells.map((cell) => [cell.key, cell]));
  const rows = lines.filter((line) => cellOf(line) === undefined);
  const drafts = rows.flatMap((row, session) => eventsOf(row, session, byKey));
  drafts.sort((a, b) => a.invokedUs - b.invokedUs || a.session - b.session);
  return { version: 1, cells, events: drafts.map((event, id) => ({ ...event, id })) };
}

type Draft = Omit<HistoryEvent, "id">;

const cellLine = /^(\w+): (register|counter|set|map|log)(?: @(\w+))?(?: (.+))?$/;

function cellOf(line: string): HistoryCell | undefined {
  const match = cellLine.exec(line.trim());
  if (match === null) return undefined;
  const [, key = "", name, level = "linearizable", initial] = match;
  const type = name as HistoryCell["type"];
  if (!isLevel(level)) throw new TypeError(`There is no level "${level}" in: ${line}`);
  const value = dataType(type).initial(initial === undefined ? {} : { initial: JSON.parse(initial) });
  return { key, label: key, type, level, domain: level, initial: value };
}

/** Processes of a row are numbered from a hundred times its own number. */
function eventsOf(row: string, session: number, cells: ReadonlyMap<string, HistoryCell>): Draft[] {
  const [label = ""] = /^\S+/.exec(row) ?? [];
  const events: Draft[] = [];
  let process = session * 100;
  for (let start = row.indexOf("["); start >= 0; ) {
    const end = endOf(row, start);
    const status = statusOf(row.charAt(end));
    const parts = split(row.slice(start + 1, end).replace(/[-\s]+$/, ""), ";");
    events.push({
      process,
      session,
      region: label.split("/", 1)[0] ?? label,
      invokedUs: start * 1000,
      completedUs: status === "info" ? undefined : end * 1000,
      status,
      transaction: parts.length > 1,
      operations: parts.map((part) => operationOf(part, cells)),
    });
    if (status === "info") process++;
    start = row.indexOf("[", end);
  }
  if (events.length === 0) throw new TypeError(`This is neither a cell nor a process: ${row}`);
  return events;
}

function statusOf(end: string): Status {
  return end === "]" ? "ok" : end === "!" ? "fail" : "info";
}

/** The first `]`, `!` or `?` that is in no string and no brackets. */
function endOf(row: string, start: number): number {
  const end = findOutside(row, start + 1, "]!?");
  if (end < 0) throw new TypeError(`An interval has no end in: ${row}`);
  return end;
}

function split(text: string, separator: string): string[] {
  const end = findOutside(text, 0, separator);
  return end < 0 ? [text] : [text.slice(0, end), ...split(text.slice(end + 1), separator)];
}

function findOutside(text: string, from: number, wanted: string): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') i = text.indexOf('"', i + 1);
    else if (depth === 0 && wanted.includes(character)) return i;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (i < 0) return -1;
  }
  return -1;
}

const operationText = /^\s*(\w+)(?:@(\w+))?\.(\w+)\((.*?)\)\s*(?:=\s*(.+?))?\s*$/;

function operationOf(text: string, cells: ReadonlyMap<string, HistoryCell>): HistoryOperation {
  const match = operationText.exec(text);
  const cell = cells.get(match?.[1] ?? "");
  if (match === null || cell === undefined) throw new TypeError(`This is no operation on a cell: ${text}`);
  const [, , level = cell.level, name = "", args = "", result] = match;
  if (!isLevel(level)) throw new TypeError(`There is no level "${level}" in: ${text}`);
  return {
    cell: cell.key,
    level: level satisfies Level,
    operation: { name, args: (JSON.parse(`[${args.replaceAll("undefined", "null")}]`) as unknown[]).map(absent) },
    result: result === undefined || result === "undefined" ? undefined : JSON.parse(result),
  };
}

/** JSON has no `undefined`, and timelines no use for `null`. */
function absent(value: unknown): unknown {
  return value === null ? undefined : value;
}
