import { equalValues } from "../../data/values.js";
import type { Anomaly, History } from "../../history/history.js";
import { interval, list } from "../wording.js";
import type { Contradiction } from "./minimise.js";
import type { PartitionEvent, Step } from "./partition.js";
import { Teller } from "./teller.js";

export type Finding = Pick<Anomaly, "name" | "message">;

/**
 * The anomaly that a contradiction is, in a sentence. What is one whatever the order is told here, `otherwise` knows
 * what the partition's own order makes of the rest.
 */
export function explain(
  contradiction: Contradiction,
  history: History,
  otherwise: (contradiction: Contradiction, tell: Teller) => Finding,
): Anomaly {
  const tell = new Teller(contradiction.partition.cells, contradiction.essential);
  const { name, message } =
    strangeValue(contradiction, history, tell) ??
    lostUpdate(contradiction, tell) ??
    writeSkew(contradiction, tell) ??
    otherwise(contradiction, tell);
  return { name, message, events: contradiction.essential.map((event) => event.source.id) };
}

/** A read on its own of something that nobody had written: one read suffices to show it. */
function strangeValue({ essential, partition }: Contradiction, history: History, tell: Teller): Finding | undefined {
  const [read] = essential;
  if (read === undefined || essential.length > 1) return undefined;
  const key = partition.cells[read.steps[0]?.cell ?? 0]?.key;
  const refused = history.events.find(
    (event) =>
      event.status === "fail" &&
      event.operations.some(
        ({ cell, operation }) => cell === key && equalValues(operation.args.at(-1), read.steps[0]?.expected),
      ),
  );
  const source =
    refused === undefined
      ? "which nothing that had happened by then accounts for"
      : `which ${refused.region} had tried to write in an operation that failed (${interval(refused)})`;
  return { name: "dirty-read", message: `${tell.timed(read)}, ${source}.` };
}

/** Two read-modify-writes that started from the same value, or one that started from a value already replaced. */
function lostUpdate({ essential }: Contradiction, tell: Teller): Finding | undefined {
  const updates = essential.filter((event) => event.steps.some((_, i) => startOf(event, i) !== undefined));
  for (const [i, a] of updates.entries()) {
    for (const b of updates.slice(i + 1)) {
      if (!startFromTheSame(a, b)) continue;
      const message = `${tell.timed(a)}, and ${tell.timed(b)}: both started from the same value, so one of them is lost.`;
      return { name: "lost-update", message };
    }
  }
  const last = essential.at(-1);
  const others = essential.slice(0, -1);
  if (last === undefined || !updates.includes(last) || others.length === 0 || others.some((event) => event.pure))
    return undefined;
  const message = `${tell.timed(last)}, although ${list(others.map((event) => tell.timed(event)))}: that is overwritten unseen.`;
  return { name: "lost-update", message };
}

interface Start {
  readonly cell: number;
  readonly key: unknown;
  readonly value: unknown;
}

/** What the mutation at step `index` was computed from, if it is one that was computed from something. */
function startOf(event: PartitionEvent, index: number): Start | undefined {
  const { cell, operation, expected } = event.steps[index] as Step;
  const { name, args } = operation;
  if (name === "update") {
    return args.length === 3 ? { cell, key: args[0], value: args[1] } : { cell, key: undefined, value: args[0] };
  }
  if (name === "compareAndSet" && expected === true && !equalValues(args[0], args[1])) {
    return { cell, key: undefined, value: args[0] };
  }
  if (name !== "write" && name !== "put") return undefined;
  const key = name === "put" ? args[0] : undefined;
  const read = event.steps
    .slice(0, index)
    .find(
      (step) => step.cell === cell && ["read", "get"].includes(step.operation.name) && step.operation.args[0] === key,
    );
  return read === undefined ? undefined : { cell, key, value: read.expected };
}

function startFromTheSame(a: PartitionEvent, b: PartitionEvent): boolean {
  return a.steps.some((_, i) => {
    const start = startOf(a, i);
    return b.steps.some((__, j) => {
      const other = startOf(b, j);
      return start !== undefined && other !== undefined && equalValues(Object.values(start), Object.values(other));
    });
  });
}

const reads: ReadonlySet<string> = new Set(["read", "get", "has", "values", "size", "entries", "siblings"]);

/** Two transactions of which each read what the other changed. */
function writeSkew({ essential }: Contradiction, tell: Teller): Finding | undefined {
  if (essential.some((event) => event.pure)) return undefined;
  for (const [i, a] of essential.entries()) {
    for (const b of essential.slice(i + 1)) {
      if (a.steps.length < 2 || b.steps.length < 2 || !readsWhatChanges(a, b) || !readsWhatChanges(b, a)) continue;
      const both = `${tell.timed(a)}, and ${tell.timed(b)}: each read what the other changed`;
      if (cellsRead(a).some((cell) => cellsRead(b).includes(cell) && changes(a, cell) && changes(b, cell)))
        return { name: "lost-update", message: `${both}, so one of the changes is lost.` };
      return { name: "write-skew", message: `${both}, and neither saw the change.` };
    }
  }
  return undefined;
}

function readsWhatChanges(reader: PartitionEvent, writer: PartitionEvent): boolean {
  return cellsRead(reader).some((cell) => changes(writer, cell));
}

function cellsRead({ steps }: PartitionEvent): number[] {
  return steps.filter(({ operation }) => reads.has(operation.name)).map(({ cell }) => cell);
}

function changes({ steps }: PartitionEvent, cell: number): boolean {
  return steps.some((step) => step.cell === cell && !reads.has(step.operation.name));
}
