import { ConsensusMachine } from "../consensus/consensus-machine.js";
import type { ConsensusMessage } from "../consensus/messages.js";
import type { Mechanism } from "../machine.js";

export interface RaftOptions {
  /** Number of replicas; the deployment places them. */
  readonly replicas?: number | undefined;
  /** How a read makes sure that it is current. */
  readonly reads?: "readIndex" | "lease" | "leader" | undefined;
  readonly maxDriftRatio?: number | undefined;
}

/** Raft with pre-vote, check-quorum and read-index: linearizable; the side without a majority refuses. */
export const raftMechanism: Mechanism<RaftOptions, ConsensusMessage> = {
  id: "raft",
  data: "commands",
  // A leader that answers from its own state may have been deposed without knowing, so a read may be stale.
  claims: ({ reads }) => (reads === "leader" ? "eventual" : "linearizable"),
  create: (setup) => new ConsensusMachine(setup, "leader"),
};
