import { encodeCell, encodeEvent } from "../../history/encoding.js";
import type { HistoryCell, HistoryEvent, HistoryOperation, Status } from "../../history/history.js";
import type { Cell, OperationEnd, OperationStart, Recordable, SessionState, TransactionEnd } from "../deployment.js";
import type { Redaction } from "./redaction.js";

export interface RecorderSetup {
  readonly recordable: Recordable;
  /** Microseconds, by a clock that only goes forward. */
  readonly nowUs: () => number;
  readonly isRecorded: (session: SessionState) => boolean;
  readonly redaction: Redaction | undefined;
  readonly write: (line: string) => void;
}

/** An event that is under way. */
interface Draft extends Omit<HistoryEvent, "operations" | "completedUs" | "completedOrder" | "status"> {
  operations: { readonly cell: Cell; readonly recorded: Omit<HistoryOperation, "cell"> }[];
  /** Of the mutations that it has asked for. */
  readonly changing: Set<Cell>;
}

/** Of all recordings, so that none takes what another began for its own. */
let lastId = 0;

/** Writes down what sessions ask and are answered, each event when it completes. Of the rest it wants to hear nothing. */
export class SessionRecorder {
  private readonly startedUs: number;
  /** By the deployment's key, as they have been declared. */
  private readonly cells = new Map<string, HistoryCell>();
  private readonly open = new Map<number, { readonly draft: Draft; readonly start: OperationStart | undefined }>();
  private readonly freeProcesses = new Map<number, number[]>();
  private processes = 0;
  private events = 0;
  /** Invocations and completions so far: it settles which of two at one instant came first. */
  private order = 0;

  constructor(private readonly setup: RecorderSetup) {
    this.startedUs = setup.nowUs();
  }

  /**
   * What is under way still may have been seen by others, and is not told any more: of its cells not all is known.
   * Returns how much that is.
   */
  close(): number {
    const { size } = this.open;
    for (const { draft } of this.open.values()) for (const cell of draft.changing) this.leaveGap(cell, "unrecorded");
    this.open.clear();
    return size;
  }

  /** Whether it told of the beginning by this id. */
  knows(id: number): boolean {
    return this.open.has(id);
  }

  /** Undefined: it is not recorded. */
  invoked(session: SessionState, start: OperationStart): number | undefined {
    if (!this.setup.isRecorded(session)) return undefined;
    const draft =
      start.transaction === undefined ? this.begin(session, false) : this.open.get(start.transaction)?.draft;
    // A part of a transaction that had begun before the recording.
    if (draft === undefined) return undefined;
    this.declare(start.cell);
    if (start.mutates) draft.changing.add(start.cell);
    this.open.set(++lastId, { draft, start });
    return lastId;
  }

  completed(id: number, { status, operation, result }: OperationEnd): void {
    const ended = this.open.get(id);
    if (ended?.start === undefined) return;
    this.open.delete(id);
    const { draft, start } = ended;
    const { cell, level, transaction } = start;
    if (status !== "fail") draft.operations.push({ cell, recorded: { level, operation, result } });
    if (transaction === undefined) this.finish(draft, status);
  }

  transactionBegun(session: SessionState): number | undefined {
    if (!this.setup.isRecorded(session)) return undefined;
    this.open.set(++lastId, { draft: this.begin(session, true), start: undefined });
    return lastId;
  }

  /** Its operations so far are void. */
  transactionRetried(id: number): void {
    const draft = this.open.get(id)?.draft;
    if (draft !== undefined) draft.operations = [];
  }

  transactionEnded(id: number, { status }: TransactionEnd): void {
    const draft = this.open.get(id)?.draft;
    this.open.delete(id);
    if (draft !== undefined) this.finish(draft, status);
  }

  private begin(session: SessionState, transaction: boolean): Draft {
    const process = this.freeProcesses.get(session.id)?.pop() ?? this.processes++;
    return {
      ...{ id: this.events++, process, session: session.id, region: session.region },
      ...{ invokedUs: this.nowUs(), invokedOrder: this.order++, transaction, operations: [], changing: new Set() },
    };
  }

  private finish(draft: Draft, status: Status): void {
    const { operations, changing: _, ...begun } = draft;
    const completion =
      status === "info" ? { completedUs: undefined } : { completedUs: this.nowUs(), completedOrder: this.order++ };
    if (status !== "info") {
      const free = this.freeProcesses.get(draft.session);
      if (free === undefined) this.freeProcesses.set(draft.session, [draft.process]);
      else free.push(draft.process);
    }
    // One that was refused has done nothing to anybody.
    if (operations.length === 0) return;
    const event = { ...begun, ...completion, status };
    let line: string;
    try {
      line = encodeEvent({ ...event, operations: operations.map(({ cell, recorded }) => this.shown(cell, recorded)) });
    } catch {
      // Some value has no form in text: that something happened is written all the same.
      for (const { cell } of operations) this.leaveGap(cell, "unreadable");
      line = encodeEvent({ ...event, operations: operations.map(({ cell, recorded }) => this.hidden(cell, recorded)) });
    }
    this.setup.write(line);
  }

  private shown(cell: Cell, recorded: Omit<HistoryOperation, "cell">): HistoryOperation {
    const operation = { ...recorded, cell: this.keyOf(cell) };
    const redacted = this.setup.redaction?.operation(cell.type.name, operation);
    if (redacted === undefined) return operation;
    if (cell.type.name === "counter" && !countsOf(redacted).every((count) => typeof count === "number"))
      this.leaveGap(cell, "unreadable");
    return redacted;
  }

  private hidden(cell: Cell, { level, operation }: Omit<HistoryOperation, "cell">): HistoryOperation {
    return { level, cell: this.keyOf(cell), operation: { name: operation.name, args: [] }, result: undefined };
  }

  private keyOf(cell: Cell): string {
    return this.cells.get(cell.key)?.key ?? cell.key;
  }

  /** Before anything that happens to it; what others have done to it by now is what it begins with. */
  private declare(cell: Cell): void {
    if (this.cells.has(cell.key)) return;
    const { recordable, redaction } = this.setup;
    const { key, label } = this.nameOf(cell);
    const { level, domain, type } = cell;
    const state = recordable.stateOf(cell);
    const initial = redaction === undefined ? state : redaction.state(type.name, state);
    // Who changes the cell that this one is a copy of changes this one too.
    const isUnsure = recordable.unobserved.underWay > 0 || cell.origin !== undefined;
    const declared = { key, label, type: type.name, level, domain, initial };
    this.cells.set(cell.key, declared);
    const isCounted = type.name !== "counter" || typeof initial === "number";
    if (!isCounted || !this.writeCell(declared)) this.leaveGap(cell, "unreadable");
    else if (isUnsure) this.leaveGap(cell, "unrecorded");
  }

  private nameOf({ key, label, field }: Cell): Pick<HistoryCell, "key" | "label"> {
    const { redaction } = this.setup;
    if (redaction === undefined) return { key, label };
    const name = field.slice(field.indexOf(".") + 1);
    const identity = redaction.text(label.slice(0, -name.length - 1));
    return { key: `${field} of ${identity}`, label: `${identity}.${name}` };
  }

  private writeCell(cell: HistoryCell): boolean {
    try {
      this.setup.write(encodeCell(cell));
      return true;
    } catch {
      return false;
    }
  }

  private leaveGap({ key }: Cell, gap: NonNullable<HistoryCell["gap"]>): void {
    const declared = this.cells.get(key);
    if (declared === undefined || declared.gap === "unreadable" || declared.gap === gap) return;
    const incomplete = { ...declared, ...(gap === "unreadable" ? { initial: undefined } : {}), gap };
    this.cells.set(key, incomplete);
    this.writeCell(incomplete);
  }

  private nowUs(): number {
    return this.setup.nowUs() - this.startedUs;
  }
}

/** What a counter's operation counts by, and what it counted. */
function countsOf({ operation, result }: HistoryOperation): readonly unknown[] {
  return result === undefined ? operation.args : [...operation.args, result];
}
