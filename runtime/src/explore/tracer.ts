import type {
  CallEnd,
  CallStart,
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
import { describeArgument, describeArguments, detailOf } from "./operation-detail.js";
import type { Call, Draft } from "./record.js";
import { currentSite, type IsUserFile } from "./site.js";
import { messageOf } from "./thrown.js";
import { type AppliedTo, TracedMutations } from "./traced-mutations.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface TracerSetup {
  readonly nowUs: () => number;
  readonly isUserFile: IsUserFile;
  readonly appliedTo: AppliedTo;
  /** The identity of an opened object, for rendering arguments. */
  readonly identityOf: (value: unknown) => string | undefined;
}

/** Keeps all that happens in one schedule, for its story and its picture. Only the schedule that is shown has one. */
export class Tracer {
  private readonly events: TraceEvent[] = [];
  private readonly calls = new Map<number, Mutable<CallEvent>>();
  private readonly operations = new Map<number, Mutable<OperationEvent>>();
  private readonly sessions = new Map<number, string>();
  private readonly cells: TracedCell[] = [];
  private readonly mutations: TracedMutations;
  private readonly transactionOperations = new Map<number, { id: number; start: OperationStart }[]>();
  readonly causes = new Causes();
  private readonly attribution = new Attribution(this.causes);

  constructor(private readonly setup: TracerSetup) {
    this.mutations = new TracedMutations(setup.appliedTo);
  }

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
      args: start.args.map((arg) => describeArgument(arg, this.setup.identityOf)),
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
      detail: describeArguments(start.args),
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
    if (end.status === "ok" || end.after !== undefined) event.detail = detailOf(start, end);
    event.unseen = this.mutations.unseenBy(start, event.region);
    if (start.mutates && end.status !== "fail" && end.commit !== undefined && start.transaction === undefined)
      this.mutations.add(id, start, end.commit);
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
        this.mutations.add(operation.id, operation.start, commit.id);
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
    return this.operations.get(this.mutations.operationOf(commit) ?? -1);
  }

  /** Virtual time starts now: what was recorded until then lies before 0. */
  ready(epochUs: number): void {
    for (const event of this.events) shift(event, -epochUs);
    for (const request of this.attribution.served) shift(request, -epochUs);
  }

  trace(seed: number, regions: readonly string[]): Trace {
    this.attribution.tell(this.operations);
    for (const [id, event] of this.operations)
      if (event.outcome === "info" && event.mutates) event.tookEffect = this.mutations.tookEffect(id, regions);
    const sessions = [...this.sessions].sort(([a], [b]) => a - b).map(([id, region]) => ({ id, region }));
    const order = this.events.map((event, index) => ({ event, index, at: timeOf(event) }));
    order.sort((a, b) => a.at - b.at || a.index - b.index);
    return { version: 1, seed, regions, sessions, cells: this.cells, events: order.map(({ event }) => event) };
  }

  /** A session is told of by the region where it began. */
  private met({ id, region }: SessionState): void {
    if (!this.sessions.has(id)) this.sessions.set(id, region);
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
