import type {
  CallEvent,
  MergeEvent,
  NoteEvent,
  OperationEvent,
  Site,
  Trace,
  VerdictEvent,
} from "../../../runtime/src/simulation/trace.js";
import { faultRows, isDisturbed } from "./story-faults.js";
import { gridOf, heldSpace, type Row } from "./story-grid.js";
import { isSettled, noteText, unseenBy } from "./story-knowledge.js";
import { type Arrival, type Chosen, type Loss, selectEvents } from "./story-selection.js";
import type { Style } from "./style.js";

/** What a violation is about, as far as its picture needs to know. */
export interface Plot {
  readonly name: string;
  /** Operations that race, in the order of their marks. */
  readonly racing: readonly number[];
  /** Labels of the cells that it is about; none: all. */
  readonly cells: readonly string[];
  /** The domain whose mechanism is to blame, so that its notes belong in the picture. */
  readonly domain: string | null;
}

export interface StoryOptions {
  /** `:14`, or `bank.ts:14` for a line of another file than the scenario's. */
  readonly lineOf: (site: Site) => string | undefined;
  readonly style: Style;
  /** Columns of the terminal. */
  readonly width: number;
  /** Events that are told at most; default 24. */
  readonly limit?: number;
}

/**
 * A schedule as a space-time diagram in text: a column a session, time downwards, faults across all columns. Long traces
 * are cut to what matters: what races, what happens to the same cells, and the faults around it. Empty, without even a
 * header, where nothing of that happened.
 */
export function renderStory(trace: Trace, plot: Plot, options: StoryOptions): string {
  const marks = new Map(plot.racing.map((id, index) => [id, markOf(index)]));
  const chosen = selectEvents(trace, plot, options.limit ?? 24);
  const racing = chosen.operations.filter(({ id }) => marks.has(id));
  const banners = faultRows(chosen.faults);
  // At one moment the grid keeps this order: what a fault or a leader is, then what is done under it, then its end.
  const rows: Row[] = [
    ...banners.filter(({ opens }) => opens),
    ...chosen.notes.map((note) => noteRow(note, noteText(trace, note))),
    ...sessionRows(trace, chosen, { marks, racing, objects: objectsOf(trace), untilUs: chosen.untilUs, ...options }),
    ...banners.filter(({ opens }) => !opens),
    ...chosen.merges.map((merge) => mergeRow(merge, marks, isDisturbed(chosen.faults, merge.atUs))),
    ...chosen.losses.map((loss) => lossRow(loss, marks)),
    ...chosen.verdicts.map((verdict) => verdictRow(verdict, isSettled(trace, verdict))),
    ...chosen.gaps.map(
      ({ atUs, count }): Row => ({
        kind: "gap",
        atUs,
        text: `⋮ ${count} more ${count === 1 ? "operation" : "operations"}`,
      }),
    ),
  ];
  const arrivals = chosen.arrivals.map((arrival) => arrivalRow(arrival, marks));
  return rows.length === 0 ? "" : gridOf([...withEnd(rows, chosen, plot), ...arrivals], trace.sessions, options);
}

/** Where neither a verdict nor a merge says what went wrong, it is what happened last: of what races, or what came of it. */
function withEnd(rows: readonly Row[], { operations }: Chosen, { racing }: Plot): readonly Row[] {
  if (racing.length === 0 || rows.some((row) => row.kind === "line" && row.tone === "bad")) return rows;
  const raceUs = Math.max(...operations.filter(({ id }) => racing.includes(id)).map(timeOf));
  const last = rows
    .filter((row) => (row.kind === "line" || (row.kind === "cell" && row.tone === "marked")) && row.atUs >= raceUs)
    .reduce<Row | undefined>(
      (latest, row) => (latest !== undefined && latest.atUs > row.atUs ? latest : row),
      undefined,
    );
  return rows.map((row) =>
    row === last && row.kind !== "banner" ? { ...row, text: `${row.text}  ✗`, tone: "bad" } : row,
  );
}

/** ① for the first; plain numbers after ⑳. */
function markOf(index: number): string {
  return index < 20 ? String.fromCodePoint(0x2460 + index) : `(${index + 1})`;
}

interface Telling extends StoryOptions {
  readonly marks: ReadonlyMap<number, string>;
  readonly racing: readonly OperationEvent[];
  readonly objects: ReadonlySet<string>;
  readonly untilUs: number;
}

/** What sessions did, in the order in which they began it: of rows of one moment, the grid keeps the order. */
function sessionRows(trace: Trace, { calls, operations }: Chosen, telling: Telling): readonly Row[] {
  const shownCalls = new Set(calls.map(({ id }) => id));
  const loose = operations.filter(({ call }) => call === undefined || !shownCalls.has(call));
  const order = new Map(trace.events.map((event, index) => [event as object, index]));
  const begun = [...calls, ...loose].sort((a, b) => a.atUs - b.atUs || (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const regions = new Map(trace.sessions.map(({ id, region }) => [id, region]));
  return begun.flatMap((event): readonly Row[] => {
    const inside = event.kind === "call" ? operations.filter(({ call }) => call === event.id) : [];
    const nestedUs = calls.flatMap(({ parent, atUs }) => (parent === event.id ? [atUs] : []));
    const moves = [event, ...inside].flatMap((each) => moveRow(each, regions));
    if (event.kind === "operation") return [...moves, ...operationRows([event], undefined, [], telling)];
    const depth = depthOf(event, calls);
    const isToldInside = inside.some(({ outcome, error }) => outcome === event.outcome && error !== rolledBack);
    const siblings = operations.filter(({ call }) => call !== undefined && call === event.parent);
    const isLast =
      siblings.every((operation) => timeOf(operation) <= event.atUs) &&
      calls.every(({ parent, atUs }) => parent !== event.parent || atUs <= event.atUs);
    const row = callRow(event, { depth, isLast, isToldInside }, telling);
    return [...moves, row, ...operationRows(inside, "  ".repeat(depth), nestedUs, telling)];
  });
}

/** A column is headed by the region where its session began; `regions` says where each is now. */
function moveRow({ session, region, atUs }: CallEvent | OperationEvent, regions: Map<number, string>): readonly Row[] {
  if (regions.get(session) === region) return [];
  regions.set(session, region);
  return [{ kind: "cell", atUs, session, text: `moves to ${region}`, tone: "plain" }];
}

interface CallPlace {
  /** Of calls around it. */
  readonly depth: number;
  /** Of what the call around it does. */
  readonly isLast: boolean;
  readonly isToldInside: boolean;
}

/** How it ended need not be said of a call in which an operation ended so. */
function callRow(call: CallEvent, { depth, isLast, isToldInside }: CallPlace, telling: Telling): Row {
  const branch = depth > 0 ? `${"  ".repeat(depth - 1)} ${isLast ? "└" : "├"} ` : "";
  const outcome = isToldInside ? "" : outcomeText(call);
  const text = `${branch}${callText(call, telling.objects)}${outcome}${underWayText(call, telling)}`;
  const tone = outcome === "" ? "plain" : toneOf(call.outcome);
  return { kind: "cell", atUs: call.atUs, session: call.session, text, tone };
}

/** What it changes stands where it ended, which is after the violation that it is a part of. */
function underWayText({ outcome, endUs }: CallEvent, { untilUs }: Telling): string {
  if (outcome !== "ok" || endUs === undefined || endUs <= untilUs) return "";
  return `  … until ${(endUs / 1_000_000).toFixed(3)} s`;
}

function depthOf(call: CallEvent, calls: readonly CallEvent[]): number {
  const parent = calls.find(({ id }) => id === call.parent);
  return parent === undefined ? 0 : depthOf(parent, calls) + 1;
}

/**
 * `transfer(alice → carol, 30)` when the call goes from one object to another, else `alice.pay(30)`. A number may be
 * just that, also where an object is called by one.
 */
export function callText({ object, method, args }: CallEvent, objects: ReadonlySet<string>): string {
  const [first, ...rest] = args;
  if (first === undefined || !objects.has(first) || Number.isFinite(Number(first)))
    return `${object}.${method}(${args.join(", ")})`;
  return `${method}(${[`${object} → ${first}`, ...rest].join(", ")})`;
}

export function objectsOf({ events }: Trace): ReadonlySet<string> {
  const objects = new Set<string>();
  for (const event of events) {
    if (event.kind === "call") objects.add(event.object);
    if (event.kind === "operation") objects.add(event.cell.slice(0, event.cell.lastIndexOf(".")));
  }
  return objects;
}

/** Operations of one call, their cells and values aligned. */
function operationRows(
  operations: readonly OperationEvent[],
  indent: string | undefined,
  /** When the call that they are in made other calls. */
  nestedUs: readonly number[],
  telling: Telling,
): readonly Row[] {
  const cellWidth = Math.max(...operations.map(({ cell }) => cell.length));
  const details = new Map(operations.map((operation) => [operation, detailText(operation)]));
  const longest = Math.max(...[...details.values()].map((detail) => detail.length));
  // Beside a long value short ones would stand far from what belongs to them.
  const detailWidth = longest > alignedWidth ? 0 : longest;
  const isChange = operations.every(({ detail }) => detail.includes("→"));
  const ordered = [...operations].sort((a, b) => timeOf(a) - timeOf(b));
  return ordered.map((operation, index) => {
    const isLast = index === ordered.length - 1 && nestedUs.every((atUs) => atUs < timeOf(operation));
    const branch = indent === undefined ? "" : `${indent} ${isLast ? "└" : "├"} `;
    const { cell, session, outcome, id } = operation;
    const detail = details.get(operation) ?? "";
    const value = isChange ? detail.padStart(detailWidth) : detail.padEnd(detailWidth);
    const unseenMarks = unseenBy(operation, telling.racing).flatMap((other) => telling.marks.get(other) ?? []);
    const line = operation.site === undefined ? undefined : telling.lineOf(operation.site);
    const mark = telling.marks.get(id);
    const tail = [outcomeText(operation), unseenMarks.length === 0 ? "" : `  ${unseenMarks.join("")} unseen`];
    // A line's number does not stand alone below where the row is too long.
    const held = `${line === undefined ? "" : `  ${line}`}${mark === undefined ? "" : ` ${mark}`}`;
    const text = `${branch}${cell.padEnd(cellWidth)} ${value}${held.replaceAll(" ", heldSpace)}${tail.join("")}`;
    return {
      kind: "cell",
      atUs: timeOf(operation),
      session,
      text,
      tone: mark === undefined ? toneOf(outcome) : "marked",
    };
  });
}

const alignedWidth = 32;

/** A read is told by what it found, and what did not come to anything by what it is. */
function detailText({ detail, operation }: OperationEvent): string {
  if (detail === "") return operation;
  return detail.startsWith("= ") ? `reads ${detail.slice(2)}` : detail;
}

/** An operation stands where it completed: that is when others could have seen it. */
export function timeOf(event: { readonly atUs: number; readonly endUs: number | undefined }): number {
  return event.endUs ?? event.atUs;
}

function outcomeText({
  outcome,
  error,
  tookEffect,
}: {
  readonly outcome: CallEvent["outcome"];
  readonly error: string | undefined;
  readonly tookEffect?: boolean;
}): string {
  if (outcome === "fail") return error === rolledBack ? "  ✗ rolled back" : "  ✗ refused";
  if (outcome === "info") return `  ? indeterminate${tookEffect === true ? ": it happened" : ""}`;
  if (outcome === "pending") return "  … not answered";
  return outcome === "error" ? `  ✗ ${error ?? "throws"}` : "";
}

/** What the trace says of an operation whose transaction did not commit. */
const rolledBack = "rolled back";

function toneOf(outcome: CallEvent["outcome"]): "plain" | "doubtful" {
  return outcome === "ok" ? "plain" : "doubtful";
}

/** While a fault lasts it matters where replicas met: not everywhere. */
function mergeRow(
  { atUs, region, cell, policy, kept, dropped }: MergeEvent,
  marks: ReadonlyMap<number, string>,
  isDisturbed: boolean,
): Row {
  const named = ({ operation, value }: MergeEvent["kept"]): string => {
    const mark = marks.get(operation);
    return mark === undefined ? value : `${mark} (${value})`;
  };
  const text = `${cell}${isDisturbed ? ` in ${region}` : ""}: ${policy} keeps ${named(kept)}, drops ${named(dropped)}`;
  return marks.has(dropped.operation)
    ? { kind: "line", atUs, text: `${text}  ✗`, tone: "bad" }
    : { kind: "line", atUs, text, tone: "plain" };
}

function lossRow({ atUs, from, region, operation }: Loss, marks: ReadonlyMap<number, string>): Row {
  const text = `the message with ${marks.get(operation) ?? "it"} from ${from} to ${region} is lost`;
  return { kind: "line", atUs, text, tone: "plain" };
}

function arrivalRow({ atUs, region, operation }: Arrival, marks: ReadonlyMap<number, string>): Row {
  return { kind: "line", atUs, text: `${region} learns of ${marks.get(operation) ?? "it"}`, tone: "plain" };
}

function noteRow({ atUs, region }: NoteEvent, text: string): Row {
  return { kind: "line", atUs, text: `${region} ${text}`, tone: "plain" };
}

function verdictRow({ atUs, name, region, text }: VerdictEvent, settled: boolean): Row {
  const where = region === undefined ? "" : ` in ${region}`;
  return { kind: "line", atUs, text: `${settled ? "all has settled; " : ""}${name}${where}: ${text}  ✗`, tone: "bad" };
}
