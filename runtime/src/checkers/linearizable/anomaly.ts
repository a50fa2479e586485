import { equalValues } from "../../data/values.js";
import type { Anomaly, History } from "../../history/history.js";
import { interval, list, phrase, seconds } from "../wording.js";
import type { Contradiction } from "./minimise.js";
import type { PartitionEvent, Step } from "./partition.js";

/** The anomaly that a contradiction is, in a sentence. */
export function explain(contradiction: Contradiction, history: History): Anomaly {
  const tell = new Teller(contradiction);
  const { name, message } =
    strangeValue(contradiction, history, tell) ??
    lostUpdate(contradiction, tell) ??
    writeSkew(contradiction, tell) ??
    backwards(contradiction, tell) ??
    staleRead(contradiction, tell);
  return { name, message, events: contradiction.essential.map((event) => event.source.id) };
}

type Finding = Pick<Anomaly, "name" | "message">;

/** Puts events into words, with the labels of the partition's cells. */
class Teller {
  constructor(private readonly contradiction: Contradiction) {}

  /** `nyc wrote 50 to x` */
  deed(event: PartitionEvent): string {
    const deeds = event.steps.map((step) => phrase(this.label(step), step.operation, step.expected));
    return `${this.who(event)} ${list(deeds)}${event.source.transaction ? " in one transaction" : ""}`;
  }

  /** `nyc wrote 50 to x (0.100–0.200 s)` */
  timed(event: PartitionEvent): string {
    return `${this.deed(event)} (${interval(event.source)})`;
  }

  label(step: Step): string {
    return this.contradiction.partition.cells[step.cell]?.label ?? "";
  }

  /** The session too, where the region alone does not tell two apart. */
  private who({ source }: PartitionEvent): string {
    const others = this.contradiction.essential.filter((event) => event.source.region === source.region);
    const alone = others.every((event) => event.source.session === source.session);
    return alone ? source.region : `${source.region} (session ${source.session})`;
  }
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
      const message = `${tell.timed(a)}, and ${tell.timed(b)}: each read what the other changed, and neither saw the change.`;
      return { name: "write-skew", message };
    }
  }
  return undefined;
}

function readsWhatChanges(reader: PartitionEvent, writer: PartitionEvent): boolean {
  const changed = new Set(writer.steps.filter(({ operation }) => !reads.has(operation.name)).map(({ cell }) => cell));
  return reader.steps.some(({ cell, operation }) => reads.has(operation.name) && changed.has(cell));
}

/** Reads alone contradict each other: a newer state, then an older one. */
function backwards({ essential }: Contradiction, tell: Teller): Finding | undefined {
  if (essential.some((event) => !event.pure)) return undefined;
  const sequential = essential.every(
    (event, i) => i === 0 || (essential[i - 1] as PartitionEvent).completed < event.invoked,
  );
  const message = sequential
    ? `${essential.map((event) => tell.timed(event)).join(", and then ")}: no order of the changes explains them in this order.`
    : `${list(essential.map((event) => tell.timed(event)))}: no order of the changes explains them together.`;
  return { name: "non-monotonic-read", message };
}

function staleRead({ essential }: Contradiction, tell: Teller): Finding {
  const last = essential.reduce((latest, event) => (event.completed > latest.completed ? event : latest));
  const others = essential.filter((event) => event !== last);
  const before = others.every((event) => event.completed < last.invoked);
  const reasons = list(others.map((event) => (before ? done(event, tell) : tell.timed(event))));
  const when = before ? ", before that began" : ", and no order explains them all";
  return { name: "stale-read", message: `${tell.timed(last)}, although ${reasons}${when}.` };
}

function done(event: PartitionEvent, tell: Teller): string {
  return `${tell.deed(event)} by ${seconds(event.source.completedUs ?? event.source.invokedUs)}`;
}
