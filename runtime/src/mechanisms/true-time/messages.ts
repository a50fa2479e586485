import type { Command, ConsensusMessage } from "../consensus/messages.js";
import type { Transaction } from "./transaction.js";

/** An entry of a shard's log. `expected` and `mutations` are what concerns this shard. */
export interface ShardCommand extends Command {
  readonly record: ShardRecord;
}

export type ShardRecord =
  /** A transaction of this shard alone: validated and carried out when it is applied. */
  | { readonly kind: "commit"; readonly transaction: number; readonly timestamp: number }
  /** First phase: validated when it is applied; if in order, its cells are locked until the decision. */
  | { readonly kind: "prepare"; readonly transaction: Transaction; readonly timestamp: number }
  /** It will not be prepared here, unless it has been. */
  | { readonly kind: "refuse"; readonly transaction: number }
  /** Second phase. Without a timestamp it is aborted. In the coordinator's log this is the decision itself. */
  | {
      readonly kind: "decide";
      readonly transaction: number;
      readonly timestamp: number | undefined;
      /** Of all its mutations, in their order. */
      readonly results: readonly unknown[];
    };

/** A message of one shard's Raft group. */
export interface GroupMessage {
  readonly kind: ConsensusMessage["kind"];
  readonly shard: number;
  readonly body: ConsensusMessage;
}

/** To the leader of `term`, of the shard that coordinates or is alone concerned, and to no other: see `Refused`. */
export interface CommitRequest {
  readonly kind: "commitRequest";
  readonly shard: number;
  readonly term: number;
  readonly transaction: Transaction;
}

/** The receiver of a `CommitRequest` does not lead that term and never will, and has not taken the transaction up. */
export interface Refused {
  readonly kind: "refused";
  readonly shard: number;
  readonly term: number;
  readonly transaction: number;
}

/** From the coordinator's leader to a participant's. The answer is the participant's log, which the asker has too. */
export interface Prepare {
  readonly kind: "prepare";
  readonly shard: number;
  readonly transaction: Transaction;
}

/** From a participant's leader to the coordinator's: what of this transaction, of which your log has no decision? */
export interface Inquiry {
  readonly kind: "inquiry";
  readonly shard: number;
  readonly transaction: number;
}

/** Asks a shard's leader to promise that no commit which is not in its log yet gets a timestamp up to this one. */
export interface SafeTimeRequest {
  readonly kind: "safeTimeRequest";
  readonly shard: number;
  readonly timestamp: number;
}

/** A promise that holds for ever: every commit and prepare record with a timestamp up to this one is in the log up to `index`. */
export interface SafeTime {
  readonly kind: "safeTime";
  readonly shard: number;
  readonly timestamp: number;
  readonly index: number;
}

export type TrueTimeMessage = GroupMessage | CommitRequest | Refused | Prepare | Inquiry | SafeTimeRequest | SafeTime;

export const isGroupMessage = (message: TrueTimeMessage): message is GroupMessage => "body" in message;
