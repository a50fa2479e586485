import type { Level } from "../levels.js";

/** A position in the code that was compiled for the run: 1-based line, 1-based column. The reader maps it to sources. */
export interface Site {
  /** The name it was compiled under. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One schedule as plain JSON, in order of time: enough to tell its story and to draw it. Times are virtual
 * microseconds since the run was ready (`setup` lies before 0).
 */
export interface Trace {
  readonly version: 1;
  readonly seed: number;
  readonly regions: readonly string[];
  /** With the region where each began; later ones are in its events. */
  readonly sessions: readonly { readonly id: number; readonly region: string }[];
  /** Of objects that were opened, in the order in which a replica first had to do with them. */
  readonly cells?: readonly TracedCell[];
  readonly events: readonly TraceEvent[];
}

export interface TracedCell {
  /** `alice.balance` */
  readonly cell: string;
  /** `Account.balance`; absent from traces that were kept before it was told. */
  readonly field?: string;
  readonly level: Level;
  /** Absent from traces that were kept before it was told. */
  readonly mechanism?: string;
  /** What every replica holds until its first `state` event says otherwise, rendered: `100`. */
  readonly initial: string;
}

export type TraceEvent =
  | CallEvent
  | OperationEvent
  | FaultEvent
  | MergeEvent
  | MessageEvent
  | NoteEvent
  | StateEvent
  | VerdictEvent;

/** A method of a replicated object, called by a scenario or a workload. */
export interface CallEvent {
  readonly kind: "call";
  readonly id: number;
  /** The call it was made in, if any. */
  readonly parent: number | undefined;
  readonly atUs: number;
  readonly endUs: number | undefined;
  readonly session: number;
  readonly region: string;
  readonly setup: boolean;
  /** `alice` */
  readonly object: string;
  /** `transfer` */
  readonly method: string;
  /** Rendered arguments; a replicated object is its identity: `["carol", "30"]`. */
  readonly args: readonly string[];
  readonly outcome: "ok" | "fail" | "info" | "error" | "pending";
  /** The error's message, for every outcome but `ok` and `pending`. */
  readonly error: string | undefined;
  readonly site: Site | undefined;
}

/** An operation on a cell. Reads too; a transaction's operations share `transaction`. */
export interface OperationEvent {
  readonly kind: "operation";
  readonly id: number;
  readonly call: number | undefined;
  readonly transaction: number | undefined;
  readonly atUs: number;
  readonly endUs: number | undefined;
  readonly session: number;
  readonly region: string;
  readonly setup: boolean;
  /** `alice.balance` */
  readonly cell: string;
  readonly level: Level;
  /** `read`, `write`, `update`, `add` … */
  readonly operation: string;
  readonly mutates: boolean;
  /** `100 → 70`, `= 100`, `+1`, `add "book"`. */
  readonly detail: string;
  readonly outcome: "ok" | "fail" | "info" | "pending";
  /** Of a change whose outcome stayed unknown to the session: whether any replica had it in the end. */
  readonly tookEffect?: boolean;
  readonly error: string | undefined;
  readonly site: Site | undefined;
  /** Ids of mutations of the same cell that had completed anywhere before this one ended and that it did not see. */
  readonly unseen: readonly number[];
  /** Read by a `check`, a `converged` predicate or an invariant, not by the workload. */
  readonly judging: boolean;
  /** What it asked of replicas, in that order: an update reads and then commits; a transaction's mutations share a commit. */
  readonly requests: readonly OperationRequest[];
}

/** A session's request as the replica served it: where an operation meets the messages. */
export interface OperationRequest {
  /** Of the replica that served it: the session's. */
  readonly region: string;
  readonly kind: "read" | "commit";
  readonly takenUs: number;
  /** Absent when the replica did not answer: the session gave up, or the replica crashed. */
  readonly answeredUs: number | undefined;
  /** The id of the message whose arrival let the replica answer; none where it needed nobody, or waited for time to pass. */
  readonly answeredAfter: number | undefined;
}

export interface FaultEvent {
  readonly kind: "fault";
  readonly atUs: number;
  /** `partition`, `crash` … or `heal`. */
  readonly fault: string;
  readonly phase: "start" | "end";
  /** `nyc │ london, tokyo` */
  readonly text: string;
}

/** Replicas met and a value was dropped: a register's merge kept one of two concurrent writes. */
export interface MergeEvent {
  readonly kind: "merge";
  readonly atUs: number;
  readonly region: string;
  readonly cell: string;
  readonly policy: string;
  readonly kept: MergedWrite;
  readonly dropped: MergedWrite;
}

export interface MergedWrite {
  /** The id of its operation. */
  readonly operation: number;
  /** What it wrote, rendered. */
  readonly value: string;
  /** The timestamp by which it was kept or dropped, in the microseconds of the run. */
  readonly stampUs: number;
}

export interface MessageEvent {
  readonly kind: "message";
  /** No other message of the trace has it; a message that a fault duplicated is two. */
  readonly id: number;
  readonly sentUs: number;
  /** Absent when it was dropped. */
  readonly deliveredUs: number | undefined;
  readonly from: string;
  readonly to: string;
  readonly domain: string;
  /** What its mechanism calls such a message: `append`, `heartbeat`, `digest` … */
  readonly text: string;
  /**
   * The id of the message whose arrival made the sender send this one; none: a session's request, or time alone. All
   * that reached the sender before may have had its part in it too (Lamport's happens-before): this is the last step.
   */
  readonly after: number | undefined;
  /**
   * Ids of the operations that it serves: the chain `after` it began with their request, or it carries what they change.
   * None for what replicas do of themselves (heartbeats, elections, comparing what they have), as far as can be known.
   */
  readonly operations: readonly number[];
}

/** What a mechanism wants a reader to know: `london leads term 2`. */
export interface NoteEvent {
  readonly kind: "note";
  readonly atUs: number;
  readonly region: string;
  /** The domain whose mechanism says it; none where it is about the node itself. */
  readonly domain: string | undefined;
  readonly text: string;
}

/**
 * What a region's replica holds of a cell has become another; before the first such event it is the cell's `initial` value.
 * What it holds is what it has applied: neither entries that are not committed, nor what a read would ask others for. A
 * replica that is down holds nothing; what it has when it is back is told if that differs.
 */
export interface StateEvent {
  readonly kind: "state";
  readonly atUs: number;
  readonly region: string;
  /** `alice.balance` */
  readonly cell: string;
  /** Rendered: `70`; `"open", soon "paid"` with a commit whose time has not come there; concurrent writes that the user's own merge function makes one value of at each read: `70 ∥ 80`. */
  readonly value: string;
}

export interface VerdictEvent {
  readonly kind: "verdict";
  readonly atUs: number;
  readonly name: string;
  readonly region: string | undefined;
  readonly ok: boolean;
  readonly text: string;
  /** Judged after all that anybody did, when all faults were healed and all replicas had come to rest. */
  readonly settled?: boolean;
}
