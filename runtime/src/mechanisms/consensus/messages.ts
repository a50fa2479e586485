import type { Operation } from "../../data/data-type.js";
import type { Snapshot } from "./durable-state.js";

/** What a session asks to happen as a unit; the payload of a log entry. */
export interface Command {
  readonly id: number;
  readonly expected: readonly { readonly cell: string; readonly version: number }[];
  readonly mutations: readonly { readonly cell: string; readonly operation: Operation }[];
}

export interface LogEntry {
  readonly term: number;
  /** Absent in the entry that a new leader appends to be able to commit (dissertation §6.4, "no-op"). */
  readonly command: Command | undefined;
}

export type ConsensusMessage =
  | Heartbeat
  | CommitNotice
  | Append
  | InstallSnapshot
  | Acknowledgement
  | Rejection
  | VoteRequest
  | VoteReply
  | Forward
  | Refusal
  | IndexRequest
  | IndexReply;

/**
 * The bulk of all messages. It names no position in the log, so that one object serves all followers and every beat
 * until something changes: a follower limits `commit` to what it knows to match the leader's log.
 */
export interface Heartbeat {
  readonly kind: "heartbeat";
  readonly term: number;
  readonly commit: number;
  /** The newest read-index round; a follower's answer to this message confirms it. */
  readonly round: number;
  /** With leases: the leader's steady clock, not later than when this was sent. The answer repeats it. */
  readonly sentUs?: number | undefined;
}

/** Sent when the commit index moves, so that replicas need not wait for the next heartbeat. Not answered. */
export interface CommitNotice {
  readonly kind: "commit";
  readonly term: number;
  readonly commit: number;
}

export interface Append {
  readonly kind: "append";
  readonly term: number;
  readonly previousIndex: number;
  readonly previousTerm: number;
  readonly entries: readonly LogEntry[];
  readonly commit: number;
  readonly round: number;
}

/**
 * In the place of an append whose entries the leader no longer has (chapter 5). It is answered like one. A snapshot travels as
 * one message: links have a delay here and no bandwidth, so that the chunks of figure 5.3 would change nothing.
 */
export interface InstallSnapshot {
  readonly kind: "installSnapshot";
  readonly term: number;
  readonly snapshot: Snapshot;
  readonly commit: number;
  readonly round: number;
}

export interface Acknowledgement {
  readonly kind: "acknowledgement";
  readonly term: number;
  /** Up to here the sender's log is known to be the same as that of the leader of `term`. */
  readonly matched: number;
  readonly round: number;
  /** Repeated from the heartbeat that this answers. */
  readonly sentUs?: number | undefined;
  /** For so long after that heartbeat came the sender helps nobody else to be elected. */
  readonly pledgeUs?: number | undefined;
}

/** The entry before the appended ones is missing or another one. */
export interface Rejection {
  readonly kind: "rejection";
  readonly term: number;
  readonly previousIndex: number;
  /** The term of the sender's entry at `previousIndex`, or 0 when its log is shorter than that. */
  readonly conflictTerm: number;
  /** The first index of that term, or the one after the sender's last entry. */
  readonly conflictIndex: number;
  readonly round: number;
}

export interface VoteRequest {
  readonly kind: "voteRequest";
  /** The term of the candidacy: for a pre-vote one more than the sender's own. */
  readonly term: number;
  readonly preVote: boolean;
  readonly lastIndex: number;
  readonly lastTerm: number;
}

export interface VoteReply {
  readonly kind: "voteReply";
  /** The candidacy's term when granted, else the voter's own. */
  readonly term: number;
  readonly preVote: boolean;
  readonly granted: boolean;
}

/** A session's command, to the leader of `term` and to no other: see `Refusal`. */
export interface Forward {
  readonly kind: "forward";
  readonly term: number;
  readonly command: Command;
}

/**
 * The receiver of a `Forward` does not lead `term`, hence never will again (terms are durable and a term has one
 * election), and has not appended the command. No copy of it, however late, can take effect through that term.
 */
export interface Refusal {
  readonly kind: "refusal";
  readonly term: number;
  readonly id: number;
}

export interface IndexRequest {
  readonly kind: "indexRequest";
  readonly sequence: number;
}

export interface IndexReply {
  readonly kind: "indexReply";
  readonly term: number;
  readonly sequence: number;
  /** The read may be answered from any state that holds this index. Undefined when the sender does not lead. */
  readonly index: number | undefined;
}
