import type { CellOptions, Mutation, Operation } from "../data/data-type.js";
import type { VersionVector } from "../data/version-vector.js";
import type { Level } from "../levels.js";

/**
 * A history: what clients asked and what they were answered, in the simulation's true time. Checkers judge histories
 * only and know nothing of what produced them.
 */
export interface History {
  readonly version: 1;
  readonly cells: readonly HistoryCell[];
  /** In order of invocation. */
  readonly events: readonly HistoryEvent[];
  /** Evidence: every mutation that a merging replica ever took. Absent from histories that others have recorded. */
  readonly mutations?: readonly HistoryMutation[] | undefined;
  /** How it was recorded; absent where it is all that happened. */
  readonly recording?: Recording | undefined;
}

/** What a recorded history leaves open, by which checkers judge no more than it says. */
export interface Recording {
  /** The wall clock when it began, in ISO 8601. Times of events count from there. */
  readonly startedAt: string;
  /** The share of sessions that were recorded; of the others nothing is known. */
  readonly sampleRatio: number;
  /** Whether values have been replaced. */
  readonly redacted: boolean;
  /** By how much the clocks that gave the times may differ; 0 where it was one clock. */
  readonly maxClockSkewMs: number;
  /** It ends in the midst: operations that took effect may be missing. */
  readonly isCutOff: boolean;
}

/** A mutation with its identity, its place in the arbitration order and what its origin saw. */
export interface HistoryMutation extends Mutation {
  /** What `HistoryOperation.commit` names. */
  readonly commit: number;
}

export interface HistoryCell {
  /** Unique in the history. */
  readonly key: string;
  /** As people know it: `alice.balance`. */
  readonly label: string;
  readonly type: "register" | "counter" | "set" | "map" | "log";
  readonly level: Level;
  /** Cells of one domain share level and mechanism configuration; guarantees are judged over a domain. */
  readonly domain: string;
  /** `DataType.initial` of this cell. */
  readonly initial: unknown;
  /** What fixes how the cell merges, for judging merging replicas. Text keeps all of it but a merge function. */
  readonly options?: CellOptions | undefined;
  /**
   * Not all is known of it. `unrecorded`: operations were under way when its recording began, so what it held then is not
   * sure. `unreadable`: some of its values have no form in text, or redaction took away what they are counted by.
   */
  readonly gap?: "unrecorded" | "unreadable" | undefined;
}

/**
 * `ok`: happened, with this result. `fail`: did not happen. `info`: indeterminate, may have happened or may still
 * happen; its process ends with it.
 */
export type Status = "ok" | "fail" | "info";

/** One client operation, or one transaction with its operations inside: it takes effect as a unit. */
export interface HistoryEvent {
  readonly id: number;
  /** A sequential client: its events never overlap. Operations in flight together are processes of their own. */
  readonly process: number;
  readonly session: number;
  readonly region: string;
  readonly invokedUs: number;
  /** Absent for `info`: it may take effect at any later time. */
  readonly completedUs: number | undefined;
  /**
   * Where invocation and completion stand among all invocations and completions, counted from 0. It settles what equal
   * times leave open: `await a.write(1); await b.read()` invokes the read in the very microsecond in which the write
   * completes. Where any event lacks it, equal times count as concurrent.
   */
  readonly invokedOrder?: number | undefined;
  readonly completedOrder?: number | undefined;
  readonly status: Status;
  readonly transaction: boolean;
  /** One unless it is a transaction. In order of execution. For `info`, results may be missing. */
  readonly operations: readonly HistoryOperation[];
}

export interface HistoryOperation {
  readonly cell: string;
  /** The level it is judged at: the cell's, or weaker for a weakened read. */
  readonly level: Level;
  readonly operation: Operation;
  /**
   * What it resolved to. For `update` (a read-modify-write) the operation is recorded as
   * `{ name: "update", args: [read, written] }`: the value that `fn` was given and the value it returned.
   */
  readonly result: unknown;
  /**
   * What the mechanism says of how the operation took effect. It is evidence: checkers verify it and never trust it.
   * Runs of our own have it, histories that others have recorded do not.
   *
   * `commit`: the commit that carried the mutation; the operations of one transaction in one domain share it. Of an
   * indeterminate one it may have taken effect or not.
   */
  readonly commit?: number | undefined;
  /**
   * In the order that a domain's replicas agree on. Of a mutation: where its commit stands. Of a read: the last position
   * whose effects its state has. A read-modify-write stands where its commit does. Absent if it never got one.
   */
  readonly position?: number | undefined;
  /** Of a read (or the read in an `update`) on merging replicas: the dots of the mutations its replica had applied. */
  readonly visible?: VersionVector | undefined;
}

export type Verdict =
  | { readonly outcome: "valid"; readonly witness?: readonly number[] }
  | { readonly outcome: "invalid"; readonly anomalies: readonly Anomaly[] }
  /** A limit was reached or the model cannot decide. Never `valid` because a limit was reached. */
  | { readonly outcome: "unknown"; readonly reason: string };

export interface Anomaly {
  readonly name:
    | "stale-read"
    | "lost-update"
    | "write-skew"
    | "dirty-read"
    | "non-monotonic-read"
    | "read-your-writes"
    | "monotonic-writes"
    | "writes-follow-reads"
    | "fractured-read"
    | "dirty-write"
    | "aborted-read"
    | "intermediate-read"
    | "circular-information-flow"
    | "read-skew"
    | "anti-dependency-cycle"
    | "long-fork"
    | "store-buffering"
    | "causality-violation"
    | "divergence"
    | "split-brain"
    | "resurrection"
    | "duplicate-id"
    | "lost-write";
  /** One sentence with times, regions and values. */
  readonly message: string;
  /** Ids of the events that show it, the smallest such set found. */
  readonly events: readonly number[];
}
