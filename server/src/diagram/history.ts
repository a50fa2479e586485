import type { EventOutcome, OperationEvent, Schedule } from "./input.js";

/** As our JSON Lines have it; more than this is there, and not drawn. */
interface Header {
  readonly cells: readonly { readonly key: string; readonly label: string }[];
}

interface RecordedEvent {
  readonly id: number;
  readonly session: number;
  readonly region: string;
  readonly invokedUs: number;
  readonly completedUs?: number;
  readonly status: EventOutcome;
  readonly operations: readonly RecordedOperation[];
}

interface RecordedOperation {
  readonly cell: string;
  readonly level: string;
  readonly operation: { readonly name: string; readonly args: readonly unknown[] };
  readonly result?: unknown;
}

/**
 * A history as a schedule that can be drawn: sessions and operations, and nothing of replicas, since nobody recorded them.
 * Takes JSON Lines that have been found to be a history. Operations have the ids of their events, by which anomalies
 * name them; those of a transaction share one.
 */
export function scheduleOfHistory(lines: string): Schedule {
  const [header, ...rest] = lines.split("\n").filter((line) => line.trim() !== "");
  const { cells } = JSON.parse(header ?? '{"cells":[]}') as Header;
  const labels = new Map(cells.map(({ key, label }) => [key, label]));
  const events = rest.map((line) => JSON.parse(line) as RecordedEvent);
  const sessions = new Map(events.map(({ session, region }) => [session, region]).reverse() as [number, string][]);
  return {
    regions: [],
    sessions: [...sessions].map(([id, region]) => ({ id, region })).sort((a, b) => a.id - b.id),
    events: events.flatMap((event) => event.operations.map((operation) => drawn(event, operation, labels))),
  };
}

/** These change nothing. */
const reads: ReadonlySet<string> = new Set(["read", "get", "has", "values", "size", "entries", "siblings"]);

function drawn(
  { id, session, region, invokedUs, completedUs, status }: RecordedEvent,
  { cell, level, operation, result }: RecordedOperation,
  labels: ReadonlyMap<string, string>,
): OperationEvent {
  const { name, args } = operation;
  return {
    ...{ kind: "operation", id, session, region, atUs: invokedUs, endUs: completedUs, outcome: status },
    ...{ cell: labels.get(cell) ?? cell, level, operation: name, mutates: !reads.has(name) },
    detail: detailOf(name, args.map(text), result === undefined ? undefined : text(result)),
  };
}

function detailOf(name: string, args: readonly string[], result: string | undefined): string {
  if (name === "update" && args.length === 2) return args.join(" → ");
  if (name === "write") return `→ ${args.join(", ")}`;
  if (!reads.has(name)) return args.join(", ");
  return [...args, ...(result === undefined ? [] : [`= ${result}`])].join(" ");
}

/** What JSON has no form for is an object that says what it is. */
function text(value: unknown): string {
  const special = value as { readonly $?: unknown; readonly text?: unknown } | null;
  if (typeof special === "object" && typeof special?.$ === "string") return String(special.text ?? special.$);
  return JSON.stringify(value);
}
