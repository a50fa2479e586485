import type { Effects } from "../machine.js";
import type { ConsensusMessage } from "./messages.js";

/** Microseconds, except for the counts. */
export interface Timing {
  readonly heartbeatUs: number;
  /** A follower stands for election after a silence between this and twice this. */
  readonly electionUs: number;
  /** After so many heartbeats without an answer a peer counts as out of reach. */
  readonly silentHeartbeats: number;
  /** After so many heartbeats without an answer an append counts as lost. */
  readonly resendHeartbeats: number;
}

/**
 * Time-outs from the round trip to the farthest replica, as etcd's tuning guide has it: heartbeats about once a round
 * trip, elections only after several heartbeats have failed to come (dissertation §9.1: broadcast time must be well
 * below the election time-out). Between New York, London and Tokyo (up to 160 ms there and back) a silent leader is
 * replaced after 0.5 to 1 s plus three round trips, within an operation's two seconds.
 */
export function timingFor(self: number, replicaCount: number, effects: Effects<ConsensusMessage>): Timing {
  let farthestUs = 0;
  for (let replica = 0; replica < replicaCount; replica++) {
    if (replica !== self) farthestUs = Math.max(farthestUs, effects.latencyUs(replica));
  }
  const roundTripUs = 2 * farthestUs;
  // The floor keeps a cluster in one building from filling a simulation with heartbeats.
  const heartbeatUs = Math.max(50_000, Math.ceil((3 * roundTripUs) / 4));
  return { heartbeatUs, electionUs: 4 * heartbeatUs, silentHeartbeats: 5, resendHeartbeats: 3 };
}
