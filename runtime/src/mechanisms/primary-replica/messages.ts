import type { Command, LogEntry } from "../consensus/messages.js";
import type { Outcome } from "../consensus/versioned-cells.js";
import type { Reply } from "../machine.js";

/**
 * Who is primary, and whose copies count. An epoch belongs to the replica that began it, so it has one primary; within
 * its epoch a primary numbers the views that it asks for.
 */
export interface View {
  readonly epoch: number;
  readonly version: number;
  readonly primary: number;
  /** With `sync`, each of them has every acknowledged write, so each of them may take over. In ascending order. */
  readonly members: readonly number[];
}

export type PrimaryReplicaMessage =
  | Append
  | Acknowledgement
  | Mismatch
  | CommitNotice
  | Suspicion
  | SuspicionReply
  | Prepare
  | Promised
  | Forward
  | Refusal
  | CommandOutcome
  | ReadRequest
  | ReadReply;

/** From the primary: entries after `previousIndex`, none in a heartbeat, and the view that it wants or has. */
export interface Append {
  readonly kind: "append";
  readonly epoch: number;
  readonly view: View;
  readonly previousIndex: number;
  readonly previousEpoch: number;
  readonly entries: readonly LogEntry[];
  readonly commit: number;
  readonly round: number;
}

/** To a primary. Of a later epoch: it is primary no more. */
export interface Acknowledgement {
  readonly kind: "acknowledgement";
  readonly epoch: number;
  /** Up to here the log is the primary's. */
  readonly matched: number;
  /** Of the view that the replica has on its disk, if that is of this epoch. */
  readonly version: number;
  readonly round: number;
}

/** The log differs from the primary's at `index` or before. */
export interface Mismatch {
  readonly kind: "mismatch";
  readonly epoch: number;
  readonly previousIndex: number;
  readonly index: number;
}

export interface CommitNotice {
  readonly kind: "commit";
  readonly epoch: number;
  readonly commit: number;
}

/** "Do you hear the primary?" Asked before an epoch is begun, so that who alone is deaf disturbs no one. */
export interface Suspicion {
  readonly kind: "suspicion";
  readonly epoch: number;
}

export interface SuspicionReply {
  readonly kind: "suspicionReply";
  readonly epoch: number;
  readonly agrees: boolean;
}

/** "Follow no primary of an earlier epoch any more, and tell me the last view." */
export interface Prepare {
  readonly kind: "prepare";
  readonly epoch: number;
}

export interface Promised {
  readonly kind: "promised";
  readonly epoch: number;
  readonly view: View;
}

/** For the primary of this epoch and nobody else. */
export interface Forward {
  readonly kind: "forward";
  readonly epoch: number;
  readonly command: Command;
}

/** Who refuses has never had the command in its log, and never will have it on account of this message. */
export interface Refusal {
  readonly kind: "refusal";
  readonly epoch: number;
  readonly id: number;
}

export interface CommandOutcome {
  readonly kind: "outcome";
  readonly id: number;
  readonly outcome: Outcome;
}

export interface ReadRequest {
  readonly kind: "read";
  readonly sequence: number;
  readonly cell: string;
  readonly snapshot: number | undefined;
}

export interface ReadReply {
  readonly kind: "readReply";
  readonly sequence: number;
  /** Undefined: "I am not the primary." */
  readonly reply: Reply | undefined;
}
