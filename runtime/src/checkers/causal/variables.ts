import { encodeValue } from "../../data/values.js";
import type { History, HistoryCell, HistoryEvent, HistoryOperation } from "../../history/history.js";
import { type Interval, orderOf } from "./order.js";

/**
 * A history in which each value tells which event wrote it, as registers: a map is one register a key, an add-only set
 * or a log is one a possible element, which at first is not there.
 */
export interface Differentiated {
  readonly cells: ReadonlyMap<string, HistoryCell>;
  /** Those that have happened. Number them by their place here. */
  readonly events: readonly VariableEvent[];
}

export interface VariableEvent {
  readonly index: number;
  readonly source: HistoryEvent;
  readonly time: Interval;
  /** The events of its session (and process) that come directly before it. */
  readonly before: readonly number[];
  readonly reads: readonly VariableRead[];
  readonly writes: ReadonlySet<string>;
  /** Of each log that it read: who appended the entries, in their order. */
  readonly chains: readonly (readonly number[])[];
}

export interface VariableRead {
  readonly variable: string;
  readonly operation: HistoryOperation;
  /** The event that wrote the value; undefined for the initial one. */
  readonly from: number | undefined;
}

export interface Undecidable {
  readonly reason: string;
}

/** A value that nobody wrote, or that its own transaction had overwritten. */
export interface ThinAir {
  readonly event: HistoryEvent;
  readonly operation: HistoryOperation;
}

interface Draft {
  readonly source: HistoryEvent;
  readonly reads: { readonly variable: string; readonly value: string; readonly operation: HistoryOperation }[];
  readonly chains: string[][];
  readonly writes: Map<string, string>;
  /** A read that contradicts another of its own event. */
  torn: HistoryOperation | undefined;
}

const absent = "absent";
const present = "present";

export function differentiate(history: History): Differentiated | Undecidable | ThinAir {
  return new Differentiation(history).run();
}

class Differentiation {
  private readonly cells: ReadonlyMap<string, HistoryCell>;
  /** All elements that are ever added to a set or log, all keys that are ever put into a map. */
  private readonly elements = new Map<string, Set<string>>();
  private readonly writers = new Map<string, Draft>();
  private problem: string | undefined;

  constructor(private readonly history: History) {
    this.cells = new Map(history.cells.map((cell) => [cell.key, cell]));
  }

  run(): Differentiated | Undecidable | ThinAir {
    const sources = this.history.events.filter(({ status }) => status !== "fail");
    for (const { operations } of sources) for (const operation of operations) this.collect(operation);
    const drafts = sources.map((source) => this.draft(source));
    if (this.problem !== undefined) return { reason: this.problem };
    return this.linked(drafts);
  }

  private collect({ cell, operation: { name, args } }: HistoryOperation): void {
    if (name !== "add" && name !== "append" && name !== "put" && !(name === "update" && args.length === 3)) return;
    const known = this.elements.get(cell) ?? new Set();
    known.add(encodeValue(args[0]));
    this.elements.set(cell, known);
  }

  private draft(source: HistoryEvent): Draft {
    const draft: Draft = { source, reads: [], chains: [], writes: new Map(), torn: undefined };
    for (const operation of source.operations) {
      const cell = this.cells.get(operation.cell);
      if (cell === undefined)
        throw new TypeError(`The history names a cell "${operation.cell}" that it does not declare.`);
      this.take(operation, cell, draft);
    }
    for (const [variable, value] of draft.writes) {
      const name = `${variable} ${value}`;
      if (this.writers.has(name)) this.problem ??= `Two events write the same value to ${this.labelOf(draft)}.`;
      this.writers.set(name, draft);
    }
    return draft;
  }

  private labelOf({ source }: Draft): string {
    return source.operations.map(({ cell }) => this.cells.get(cell)?.label ?? cell).join(" or ");
  }

  private take(operation: HistoryOperation, cell: HistoryCell, draft: Draft): void {
    const { name, args } = operation.operation;
    const { key } = cell;
    const isKnown = draft.source.status === "ok";
    switch (name) {
      case "read":
        if (cell.type !== "register") break;
        if (isKnown) this.read(key, encodeValue(operation.result), operation, draft);
        return;
      case "write":
        draft.writes.set(key, encodeValue(args[0]));
        return;
      case "update":
      case "compareAndSet": {
        if (name === "compareAndSet" && operation.result !== true) break;
        const variable = args.length === 3 ? `${key} ${encodeValue(args[0])}` : key;
        if (args.length < 2) return; // it never came to reading
        const read = args.at(-2);
        const value = args.length === 3 && read === undefined ? absent : encodeValue(read);
        this.read(variable, value, operation, draft);
        draft.writes.set(variable, encodeValue(args.at(-1)));
        return;
      }
      case "get": {
        const value = operation.result === undefined ? absent : encodeValue(operation.result);
        if (isKnown) this.read(`${key} ${encodeValue(args[0])}`, value, operation, draft);
        return;
      }
      case "put":
        draft.writes.set(`${key} ${encodeValue(args[0])}`, encodeValue(args[1]));
        return;
      case "add":
      case "append": {
        const variable = `${key} ${encodeValue(args[0])}`;
        if (draft.writes.has(variable)) this.problem ??= `One transaction adds the same twice to ${cell.label}.`;
        draft.writes.set(variable, present);
        return;
      }
      case "has":
        if (cell.type !== "set") break;
        if (isKnown)
          this.read(`${key} ${encodeValue(args[0])}`, operation.result === true ? present : absent, operation, draft);
        return;
      case "values":
      case "entries":
        if (isKnown) this.readAll(operation, cell, draft);
        return;
    }
    this.problem ??= `The result of ${name} on ${cell.label} does not tell which writes it saw.`;
  }

  /** What it did not find it has read as absent. */
  private readAll(operation: HistoryOperation, cell: HistoryCell, draft: Draft): void {
    const found = new Map<string, string>();
    for (const entry of operation.result as readonly unknown[]) {
      const [name, value] = cell.type === "map" ? (entry as [unknown, unknown]) : [entry, undefined];
      const text = encodeValue(name);
      if (found.has(text)) draft.torn ??= operation;
      found.set(text, cell.type === "map" ? encodeValue(value) : present);
    }
    for (const text of new Set([...found.keys(), ...(this.elements.get(cell.key) ?? [])]))
      this.read(`${cell.key} ${text}`, found.get(text) ?? absent, operation, draft);
    if (cell.type === "log") draft.chains.push([...found.keys()].map((text) => `${cell.key} ${text} ${present}`));
  }

  /** A transaction reads what it wrote itself, and everything else once. */
  private read(variable: string, value: string, operation: HistoryOperation, draft: Draft): void {
    const own = draft.writes.get(variable);
    const before = own ?? draft.reads.find((read) => read.variable === variable)?.value;
    if (before === undefined) draft.reads.push({ variable, value, operation });
    else if (before !== value) draft.torn ??= operation;
  }

  private linked(drafts: readonly Draft[]): Differentiated | Undecidable | ThinAir {
    const read = new Set(drafts.flatMap((draft) => draft.reads.map(({ variable, value }) => `${variable} ${value}`)));
    // What nobody knows of and nobody saw need not have happened.
    const happened = drafts.filter(
      ({ source, writes }) =>
        source.status === "ok" || [...writes].some(([variable, value]) => read.has(`${variable} ${value}`)),
    );
    const places = new Map(happened.map((draft, index) => [draft, index]));
    const order = orderOf(this.history);
    const times = happened.map(({ source }) => order(source));
    const events: VariableEvent[] = [];
    const sessions = new Map<number, Session>();
    for (const [index, draft] of happened.entries()) {
      if (draft.torn !== undefined) return { event: draft.source, operation: draft.torn };
      const reads: VariableRead[] = [];
      for (const { variable, value, operation } of draft.reads) {
        const writer = this.writers.get(`${variable} ${value}`);
        const isInitial = value === this.initialOf(variable);
        if (writer !== undefined && isInitial)
          return { reason: `An event writes the initial value to ${this.labelOf(writer)}.` };
        const isWritten = writer !== undefined && writer !== draft; // an event cannot read what it is yet to write
        if (!isWritten && !isInitial) return { event: draft.source, operation };
        reads.push({ variable, operation, from: writer && places.get(writer) });
      }
      const chains: number[][] = [];
      for (const chain of draft.chains) {
        const appenders = chain.map((name) => this.writers.get(name));
        if (!keepsOwnOrder(chain, appenders)) return { event: draft.source, operation: this.logRead(draft) };
        chains.push(appenders.flatMap((writer) => (writer === undefined ? [] : (places.get(writer) ?? []))));
      }
      const time = times[index] as Interval;
      const session = sessions.get(draft.source.session) ?? new Map<number, number[]>();
      sessions.set(draft.source.session, session);
      const before = directlyBefore(index, session, happened, times);
      joinSession(index, draft, session);
      events.push({ index, source: draft.source, time, before, reads, writes: new Set(draft.writes.keys()), chains });
    }
    return { cells: this.cells, events };
  }

  private logRead({ source }: Draft): HistoryOperation {
    return source.operations.find(({ operation }) => operation.name === "entries") as HistoryOperation;
  }

  private initialOf(variable: string): string {
    const cell = this.cells.get(variable);
    return cell?.type === "register" ? encodeValue(cell.initial) : absent;
  }
}

/** What one transaction appended stays in the order in which it did. */
function keepsOwnOrder(chain: readonly string[], appenders: readonly (Draft | undefined)[]): boolean {
  return chain.every((name, i) => {
    const writer = appenders[i];
    if (writer === undefined || i === 0 || appenders[i - 1] !== writer) return true;
    const own = [...writer.writes].map(([variable, value]) => `${variable} ${value}`);
    return own.indexOf(chain[i - 1] as string) < own.indexOf(name);
  });
}

/** By process, its events so far. */
type Session = Map<number, number[]>;

/** Of each process of the session the last event that had completed. Those of its own never overlap. */
function directlyBefore(
  index: number,
  session: Session,
  drafts: readonly Draft[],
  times: readonly Interval[],
): number[] {
  const { source } = drafts[index] as Draft;
  const { invoked } = times[index] as Interval;
  const direct: number[] = [];
  for (const [process, events] of session) {
    const precedes = (i: number) =>
      (times[i] as Interval).completed < invoked ||
      (process === source.process && (drafts[i] as Draft).source.status !== "info");
    const last = events.findLast(precedes);
    if (last !== undefined) direct.push(last);
  }
  return direct;
}

function joinSession(index: number, { source }: Draft, session: Session): void {
  const events = session.get(source.process);
  if (events === undefined) session.set(source.process, [index]);
  else events.push(index);
}

export const isUndecidable = (result: object): result is Undecidable => "reason" in result;
export const isThinAir = (result: object): result is ThinAir => "event" in result && "operation" in result;
