import { describeValue } from "../data/values.js";
import type {
  CallEnd,
  CallStart,
  Cell,
  OperationEnd,
  OperationStart,
  SessionState,
  TransactionEnd,
  TransactionStart,
} from "../deployment/deployment.js";
import type { Request } from "../mechanisms/machine.js";
import type { CallEvent, FaultEvent, OperationEvent, Trace, TracedCell, TraceEvent } from "../simulation/trace.js";
import { Attribution, type PendingMessage } from "./attribution.js";
import { Causes } from "./causes.js";
import type { Call, Draft } from "./record.js";
import { currentSite, type IsUserFile } from "./site.js";
import { messageOf } from "./thrown.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface TracerSetup {
  readonly nowUs: () => number;
  readonly isUserFile: IsUserFile;
  /** Tells which commits to that cell the replica of that region has applied. */
  readonly appliedTo: (cell: Cell, region: string) => (commit: number) => boolean;
  /** The identity of an opened object, for rendering arguments. */
  readonly identityOf: (value: unknown) => string | undefined;
}

interface Mutation {
  readonly operation: number;
  readonly commit: number;
  readonly session: number;
}

/** Keeps all that happens in one schedule, for its story and its picture. Only the schedule that is shown has one. */
export class Tracer {
  private readonly events: TraceEvent[] = [];
  private readonly calls = new Map<number, Mutable<CallEvent>>();
  private readonly operations = new Map<number, Mutable<OperationEvent>>();
  private readonly sessions = new Map<number, string>();
  private readonly cells: TracedCell[] = [];
  private readonly mutations = new Map<string, Mutation[]>();
  private readonly operationOfCommit = new Map<number, number>();
  private readonly transactionOperations = new Map<number, { id: number; start: OperationStart }[]>();
  readonly causes = new Causes();
  private readonly attribution = new Attribution(this.causes);

  constructor(private readonly setup: TracerSetup) {}

  callStarted(id: number, start: CallStart, call: Call): void {
    this.met(start.session);
    const event: Mutable<CallEvent> = {
      kind: "call",
      id,
      parent: start.parent,
      atUs: call.startedUs,
      endUs: undefined,
      session: start.session.id,
      region: start.session.region,
      setup: call.isSetup,
      object: start.object,
      method: start.method,
      args: start.args.map((arg) => this.setup.identityOf(arg) ?? describeArgument(arg)),
      outcome: "pending",
      error: undefined,
      site: currentSite(this.setup.isUserFile),
    };
    this.calls.set(id, event);
    this.events.push(event);
  }

  callEnded(id: number, end: CallEnd, call: Call): void {
    const event = this.calls.get(id);
    if (event === undefined) return;
    event.endUs = call.endedUs;
    event.outcome = end.ok ? "ok" : (call.status ?? "fail");
    event.error = end.ok ? undefined : messageOf(end.error);
  }

  invoked(id: number, session: SessionState, start: OperationStart, draft: Draft): void {
    this.met(session);
    const event: Mutable<OperationEvent> = {
      kind: "operation",
      id,
      call: start.call,
      transaction: start.transaction,
      atUs: this.setup.nowUs(),
      endUs: undefined,
      session: session.id,
      region: session.region,
      setup: draft.isSetup,
      cell: start.cell.label,
      level: start.level,
      operation: start.name,
      mutates: start.mutates,
      detail: start.args.map((arg) => describeValue(arg)).join(", "),
      outcome: "pending",
      error: undefined,
      site: currentSite(this.setup.isUserFile),
      unseen: [],
      judging: draft.isJudging,
      requests: [],
    };
    this.operations.set(id, event);
    this.events.push(event);
    this.attribution.invoked(id, session, start.cell);
    if (start.transaction === undefined) return;
    const siblings = this.transactionOperations.get(start.transaction) ?? [];
    siblings.push({ id, start });
    this.transactionOperations.set(start.transaction, siblings);
  }

  requested(session: SessionState, request: Request): void {
    this.attribution.requested(session, request);
  }

  message(message: PendingMessage): void {
    this.attribution.message(message);
    this.events.push(message.event);
  }

  completed(id: number, end: OperationEnd, start: OperationStart): void {
    this.attribution.completed(id, end.commit);
    const event = this.operations.get(id);
    if (event === undefined) return;
    event.endUs = this.setup.nowUs();
    event.outcome = end.status;
    event.error = end.status === "ok" ? undefined : messageOf(end.error);
    if (end.status === "ok") event.detail = detailOf(start, end);
    event.unseen = this.unseen(event.region, start);
    if (start.mutates && end.status !== "fail" && end.commit !== undefined && start.transaction === undefined)
      this.remember(id, start, end.commit, event.session);
  }

  transactionBegun(_id: number, _start: TransactionStart): void {}

  transactionRetried(id: number): void {
    for (const operation of this.transactionOperations.get(id) ?? []) this.forget(operation.id);
    this.transactionOperations.delete(id);
  }

  transactionEnded(id: number, end: TransactionEnd): void {
    const operations = this.transactionOperations.get(id) ?? [];
    for (const commit of end.commits) {
      const carried = operations.filter(({ start }) => start.mutates && start.cell.domain === commit.domain);
      this.attribution.committed(
        commit.id,
        carried.map((operation) => operation.id),
      );
    }
    for (const operation of operations) {
      const event = this.operations.get(operation.id) as Mutable<OperationEvent>;
      const commit = end.commits.find((candidate) => candidate.domain === operation.start.cell.domain);
      // A transaction over two domains has a commit in each, which may end differently; what was never asked did not happen.
      const status = commit?.status ?? (end.status === "info" && end.commits.length > 0 ? "fail" : end.status);
      if (event.outcome === "ok" && status !== "ok" && event.mutates) {
        event.outcome = status;
        event.error = status === "fail" ? "rolled back" : messageOf(end.error);
      }
      if (event.mutates && commit !== undefined && commit.status !== "fail")
        this.remember(operation.id, operation.start, commit.id, event.session);
    }
  }

  fault(event: { readonly fault: string; readonly phase: "start" | "end"; readonly text: string }): void {
    this.events.push({ kind: "fault", atUs: this.setup.nowUs(), ...event } satisfies FaultEvent);
  }

  add(event: TraceEvent): void {
    this.events.push(event);
  }

  used(cell: TracedCell): void {
    this.cells.push(cell);
  }

  /** The trace's operation that a commit request carried to a cell; undefined for a commit nobody knows. */
  operationWith(commit: number): OperationEvent | undefined {
    return this.operations.get(this.operationOfCommit.get(commit) ?? -1);
  }

  /** Virtual time starts now: what was recorded until then lies before 0. */
  ready(epochUs: number): void {
    for (const event of this.events) shift(event, -epochUs);
    for (const request of this.attribution.served) shift(request, -epochUs);
  }

  trace(seed: number, regions: readonly string[]): Trace {
    this.attribution.tell(this.operations);
    const sessions = [...this.sessions].sort(([a], [b]) => a - b).map(([id, region]) => ({ id, region }));
    const order = this.events.map((event, index) => ({ event, index, at: timeOf(event) }));
    order.sort((a, b) => a.at - b.at || a.index - b.index);
    return { version: 1, seed, regions, sessions, cells: this.cells, events: order.map(({ event }) => event) };
  }

  /** A session is told of by the region where it began. */
  private met({ id, region }: SessionState): void {
    if (!this.sessions.has(id)) this.sessions.set(id, region);
  }

  private unseen(region: string, start: OperationStart): readonly number[] {
    if (start.level === "linearizable" || (start.level === "sequential" && start.mutates)) return [];
    const known = this.mutations.get(start.cell.key) ?? [];
    const isApplied = this.setup.appliedTo(start.cell, region);
    return known.filter(({ commit }) => !isApplied(commit)).map(({ operation }) => operation);
  }

  private remember(operation: number, start: OperationStart, commit: number, session: number): void {
    const known = this.mutations.get(start.cell.key) ?? [];
    known.push({ operation, commit, session });
    this.mutations.set(start.cell.key, known);
    this.operationOfCommit.set(commit, operation);
  }

  private forget(id: number): void {
    const event = this.operations.get(id);
    if (event === undefined) return;
    this.operations.delete(id);
    this.events.splice(this.events.indexOf(event), 1);
  }
}

/** Every time in an event, also of what is in it, has a name that ends so. */
function shift(event: object, byUs: number): void {
  for (const [name, value] of Object.entries(event)) {
    if (name.endsWith("Us") && typeof value === "number") Object.assign(event, { [name]: value + byUs });
    else if (name === "kept" || name === "dropped") shift(value as object, byUs);
  }
}

export function timeOf(event: TraceEvent): number {
  if (event.kind === "message") return event.sentUs;
  return event.kind === "operation" ? (event.endUs ?? event.atUs) : event.atUs;
}

/** Any value at all: what cannot be looked at must not make the traced schedule another one. */
function describeArgument(value: unknown): string {
  try {
    return describeValue(value);
  } catch {
    return "…";
  }
}

function detailOf(start: OperationStart, end: OperationEnd): string {
  // What a stream appends depends on what it finds, so it is known only at the end.
  const { args } = start.name === "append" ? end.operation : start;
  const described = args.map((arg) => describeValue(arg)).join(", ");
  if (end.before !== undefined || end.after !== undefined) {
    const change = `${describeValue(end.before)} → ${describeValue(end.after)}`;
    return described === "" ? change : `${described}: ${change}`;
  }
  switch (start.name) {
    case "increment":
      return `+${described || "1"}`;
    case "decrement":
      return `−${described || "1"}`;
    case "write":
      return `→ ${described}`;
    case "compareAndSet":
      return `${described.replace(", ", " → ")}${end.result === true ? "" : " (refused)"}`;
    case "add":
    case "append":
      return `+ ${described}`;
    case "delete":
      return `− ${described}`;
    case "put":
      return described.replace(", ", " → ");
    default:
      return `${described === "" ? "" : `${described} `}= ${describeValue(end.result)}`;
  }
}
