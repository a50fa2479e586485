/** A mechanism as `raft({ reads: "readIndex" })` returns it: data only, validated, defaults filled in. */
export interface MechanismOptions {
  readonly mechanism: MechanismId;
  readonly options: Readonly<Record<string, unknown>>;
}

export type MechanismId =
  | "isolated"
  | "cache"
  | "gossip"
  | "causalBroadcast"
  | "orderedLog"
  | "raft"
  | "primaryReplica"
  | "multiPrimary"
  | "quorum"
  | "trueTime";
