import type {
  CallEnd,
  CallStart,
  Cell,
  Observer,
  OperationEnd,
  OperationStart,
  SessionState,
  TransactionEnd,
  TransactionStart,
} from "../deployment/deployment.js";
import { isIndeterminate, isUnavailable } from "../errors.js";
import type { Status } from "../history/history.js";
import type { Request } from "../mechanisms/machine.js";
import { type Judgement, readingOf } from "./judging.js";
import type { Call, Draft, DraftOperation } from "./record.js";
import type { Tracer } from "./tracer.js";

/** A mutation that was acknowledged: it must be in every replica's applied set at quiescence. */
export interface Acknowledged {
  readonly operationId: number;
  readonly cell: Cell;
  readonly event: Draft;
}

export interface RecorderSetup {
  /** Virtual microseconds since the run was ready. */
  readonly nowUs: () => number;
  /** The judgement that the code on the stack is part of, if any. */
  readonly judgement: () => Judgement | undefined;
  readonly tracer: Tracer | undefined;
  /** Where it is measured how partitions are borne. */
  readonly partitions?: Partitions | undefined;
  /** Is told of each operation and each transaction when all is known of it. */
  readonly onEnded?: ((event: Draft) => void) | undefined;
}

/** Looked at when a call begins and when it ends. */
export interface Partitions {
  /** Undefined: the region does not count now. */
  cutsBegun(region: string): number | undefined;
  isCutOffSince(region: string, cutsBegun: number): boolean;
}

/** Writes down what clients asked and were answered. */
export class Recorder implements Observer {
  readonly events: Draft[] = [];
  readonly calls: Call[] = [];
  readonly acknowledged: Acknowledged[] = [];
  isSetup = false;
  /** How many events have ended so far. */
  ended = 0;
  /** A cheap fingerprint of everything that completed: equal runs have equal ones. */
  fingerprint = 0;
  private readonly open = new Map<number, { readonly draft: Draft; readonly start: OperationStart | undefined }>();
  /** By transaction, its mutations so far. */
  private readonly transactionWrites = new Map<number, { readonly cell: Cell; readonly recorded: DraftOperation }[]>();
  private readonly openCalls = new Map<number, Call>();
  /** By call that is under way, how often a link of its region had been cut before. */
  private readonly cutsBefore = new Map<Call, number>();
  private readonly freeProcesses = new Map<number, number[]>();
  private processes = 0;
  private ids = 0;
  /** Invocations and completions so far: it settles which of two at one instant came first. */
  private order = 0;

  constructor(private readonly setup: RecorderSetup) {}

  /** Of the operation, the call or the transaction that begins next. */
  get nextId(): number {
    return this.ids;
  }

  callStarted(start: CallStart): number {
    const id = this.ids++;
    const call = this.newCall(start.method, start.type, start.session, start.parent === undefined);
    this.openCalls.set(id, call);
    this.setup.tracer?.callStarted(id, start, call);
    return id;
  }

  callEnded(id: number, end: CallEnd): void {
    const call = this.openCalls.get(id);
    if (call === undefined) return;
    this.openCalls.delete(id);
    this.endCall(call, end.ok ? "ok" : isIndeterminate(end.error) ? "info" : "fail", end.error);
    this.mix(call.endedUs, call.status as Status);
    this.setup.tracer?.callEnded(id, end, call);
  }

  invoked(session: SessionState, start: OperationStart): number {
    const id = this.ids++;
    const draft =
      start.transaction === undefined ? this.begin(id, session, false) : this.open.get(start.transaction)?.draft;
    if (draft === undefined) throw new Error(`operation in transaction ${start.transaction}, which is not open`);
    this.open.set(id, { draft, start });
    if (start.call === undefined && start.transaction === undefined) this.countOperation(id, session, start);
    this.setup.tracer?.invoked(id, session, start, draft);
    return id;
  }

  completed(id: number, end: OperationEnd): void {
    const entry = this.open.get(id);
    if (entry?.start === undefined) return;
    const { draft, start } = entry;
    this.open.delete(id);
    if (end.status !== "fail") {
      const { cell, level } = start;
      const { operation, result, commit, reply } = end;
      // A mutation's is in the ledger; one that found nothing to change has only read.
      const changes = start.mutates && !(operation.name === "compareAndSet" && result === false);
      const position = changes ? undefined : reply?.position;
      const recorded = { cell: cell.key, level, operation, result, commit, position, visible: reply?.visible };
      draft.operations.push(recorded);
      if (start.mutates && start.transaction !== undefined) this.keepWrite(start.transaction, cell, recorded);
    }
    if (start.transaction === undefined) {
      this.finish(draft, end.status);
      if (end.status === "ok") this.acknowledge(end.commit, start.cell, draft);
      this.setup.onEnded?.(draft);
    }
    const call = this.openCalls.get(id);
    if (call !== undefined) {
      this.openCalls.delete(id);
      this.endCall(call, end.status, end.error);
    }
    if (end.status === "ok" && !start.mutates) this.setup.judgement()?.reads.push(readingOf(start, end.result));
    this.setup.tracer?.completed(id, end, start);
  }

  requested(session: SessionState, request: Request): void {
    this.setup.tracer?.requested(session, request);
  }

  transactionBegun(session: SessionState, start: TransactionStart): number {
    const id = this.ids++;
    this.open.set(id, { draft: this.begin(id, session, true), start: undefined });
    this.setup.tracer?.transactionBegun(id, start);
    return id;
  }

  transactionRetried(id: number): void {
    const draft = this.open.get(id)?.draft;
    if (draft !== undefined) draft.operations = [];
    this.transactionWrites.delete(id);
    this.setup.tracer?.transactionRetried(id);
  }

  transactionEnded(id: number, end: TransactionEnd): void {
    const draft = this.open.get(id)?.draft;
    if (draft === undefined) return;
    this.open.delete(id);
    this.finish(draft, end.status);
    const writes = this.transactionWrites.get(id) ?? [];
    this.transactionWrites.delete(id);
    for (const commit of end.commits) {
      const carried = writes.filter(({ cell }) => cell.domain === commit.domain);
      if (commit.status !== "fail") for (const { recorded } of carried) recorded.commit = commit.id;
      const cell = carried[0]?.cell;
      if (commit.status === "ok" && cell !== undefined) this.acknowledge(commit.id, cell, draft);
    }
    this.setup.onEnded?.(draft);
    this.setup.tracer?.transactionEnded(id, end);
  }

  /** What was still under way when the run ended may have happened. */
  close(): void {
    for (const { draft } of this.open.values()) if (draft.isOpen) this.finish(draft, "info");
    this.open.clear();
    for (const call of this.cutsBefore.keys()) this.noteCutOff(call);
  }

  private begin(id: number, session: SessionState, transaction: boolean): Draft {
    const free = this.freeProcesses.get(session.id)?.pop();
    const draft: Draft = {
      id,
      process: free ?? this.processes++,
      session: session.id,
      region: session.region,
      invokedUs: this.setup.nowUs(),
      invokedOrder: this.order++,
      completedUs: undefined,
      completedOrder: undefined,
      status: "info",
      transaction,
      operations: [],
      isSetup: this.isSetup,
      isJudging: this.setup.judgement() !== undefined,
      isOpen: true,
    };
    this.events.push(draft);
    return draft;
  }

  private finish(draft: Draft, status: Status): void {
    this.ended++;
    draft.isOpen = false;
    draft.status = status;
    this.mix(this.setup.nowUs(), status);
    if (status === "info") return; // its process ends with it: it may still take effect at any time
    draft.completedUs = this.setup.nowUs();
    draft.completedOrder = this.order++;
    const free = this.freeProcesses.get(draft.session);
    if (free === undefined) this.freeProcesses.set(draft.session, [draft.process]);
    else free.push(draft.process);
  }

  private keepWrite(transaction: number, cell: Cell, recorded: DraftOperation): void {
    const writes = this.transactionWrites.get(transaction);
    if (writes === undefined) this.transactionWrites.set(transaction, [{ cell, recorded }]);
    else writes.push({ cell, recorded });
  }

  private acknowledge(operationId: number | undefined, cell: Cell, event: Draft): void {
    if (operationId !== undefined) this.acknowledged.push({ operationId, cell, event });
  }

  /** An operation that the scenario makes on a cell directly counts like a method call. */
  private countOperation(id: number, session: SessionState, start: OperationStart): void {
    const field = start.cell.label.slice(start.cell.label.lastIndexOf(".") + 1);
    this.openCalls.set(id, this.newCall(`${field}.${start.name}`, undefined, session, true));
  }

  private newCall(name: string, type: string | undefined, session: SessionState, isOutermost: boolean): Call {
    const call: Call = {
      name,
      type,
      region: session.region,
      startedUs: this.setup.nowUs(),
      isOutermost,
      isSetup: this.isSetup,
      isJudging: this.setup.judgement() !== undefined,
      status: undefined,
      endedUs: 0,
      error: undefined,
      isRefused: false,
      wasCutOff: false,
    };
    this.calls.push(call);
    const cutsBegun = this.setup.partitions?.cutsBegun(session.region);
    if (cutsBegun !== undefined) this.cutsBefore.set(call, cutsBegun);
    return call;
  }

  private endCall(call: Call, status: Status | undefined, error: unknown): void {
    call.status = status;
    call.endedUs = this.setup.nowUs();
    call.error = error;
    call.isRefused = status === "fail" && isUnavailable(error);
    this.noteCutOff(call);
  }

  private noteCutOff(call: Call): void {
    const before = this.cutsBefore.get(call);
    if (before === undefined) return;
    this.cutsBefore.delete(call);
    call.wasCutOff = this.setup.partitions?.isCutOffSince(call.region, before) === true;
  }

  private mix(atUs: number, status: Status): void {
    const code = status === "ok" ? 1 : status === "fail" ? 2 : 3;
    this.fingerprint = Math.imul(this.fingerprint ^ (atUs | 0) ^ (code << 29), 0x01000193);
  }
}

/** Whether an error says that the network was in the way, not that the program is wrong. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isRefusal);
  return (
    isUnavailable(error) ||
    isIndeterminate(error) ||
    (error as { code?: unknown } | null)?.code === "FAULTLINE_CONFLICT"
  );
}
