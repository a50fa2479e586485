import { cacheMechanism } from "./cache/mechanism.js";
import { causalBroadcastMechanism } from "./causal-broadcast/mechanism.js";
import { gossipMechanism } from "./gossip/mechanism.js";
import { isolatedMechanism } from "./isolated/mechanism.js";
import type { Mechanism } from "./machine.js";
import { multiPrimaryMechanism } from "./multi-primary/mechanism.js";
import type { MechanismId } from "./options.js";
import { orderedLogMechanism } from "./ordered-log/mechanism.js";
import { primaryReplicaMechanism } from "./primary-replica/mechanism.js";
import { quorumMechanism } from "./quorum/mechanism.js";
import { raftMechanism } from "./raft/mechanism.js";
import { trueTimeMechanism } from "./true-time/mechanism.js";

/** Only the simulated deployment imports this: applications do not carry them. */
const mechanisms: ReadonlyMap<MechanismId, Mechanism> = new Map(
  [
    isolatedMechanism as Mechanism,
    cacheMechanism as Mechanism,
    gossipMechanism as Mechanism,
    multiPrimaryMechanism as Mechanism,
    causalBroadcastMechanism as Mechanism,
    orderedLogMechanism as Mechanism,
    raftMechanism as Mechanism,
    primaryReplicaMechanism as Mechanism,
    quorumMechanism as Mechanism,
    trueTimeMechanism as Mechanism,
  ].map((mechanism) => [mechanism.id as MechanismId, mechanism]),
);

export function mechanismOf(id: MechanismId): Mechanism {
  const mechanism = mechanisms.get(id);
  if (mechanism === undefined) throw new TypeError(`There is no mechanism ${id}.`);
  return mechanism;
}
