import type { Confirmation } from "../consensus/confirmation.js";
import { ConsensusMachine } from "../consensus/consensus-machine.js";
import type { ConsensusMessage } from "../consensus/messages.js";
import type { Mechanism } from "../machine.js";
import { defaultMaxDriftRatio, type RaftOptions, raftClaims } from "./claims.js";

/** Raft with pre-vote and check-quorum: the side without a majority refuses. */
export const raftMechanism: Mechanism<RaftOptions, ConsensusMessage> = {
  id: "raft",
  data: "commands",
  ...raftClaims,
  create: (setup) => new ConsensusMachine(setup, "leader", confirmationOf(setup.options)),
};

function confirmationOf({ reads = "readIndex", maxDriftRatio = defaultMaxDriftRatio }: RaftOptions): Confirmation {
  switch (reads) {
    case "readIndex":
      return { kind: "round" };
    case "lease":
      return { kind: "lease", maxDriftRatio };
    case "leader":
      return { kind: "none" };
  }
}
