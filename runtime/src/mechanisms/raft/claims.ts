import type { Claims } from "../claims.js";

export interface RaftOptions {
  /** Number of replicas; the deployment places them. */
  readonly replicas?: number | undefined;
  /** How a read makes sure that it is current. */
  readonly reads?: "readIndex" | "lease" | "leader" | undefined;
  /** With `lease`: how much one replica's clock may gain on another's. */
  readonly maxDriftRatio?: number | undefined;
}

/**
 * Two quartz clocks differ by some 100 ppm, and time services slew a clock by at most 500 ppm (RFC 5905, §11.3); Spanner
 * reckons with 200 (Corbett et al., OSDI 2012, §3). Ten times all that costs a lease no more than a hundredth of its time.
 */
export const defaultMaxDriftRatio = 0.01;

export const raftClaims: Claims<RaftOptions> = {
  // A leader that answers from its own state may have been deposed without knowing, so a read may be stale.
  claims: ({ reads }) => (reads === "leader" ? "eventual" : "linearizable"),
  caveat: ({ reads }) =>
    reads === "leader"
      ? '`reads: "leader"` answers without asking anybody: a leader that was replaced while it was cut off does not know it, and a new one may not know yet what was committed before it'
      : undefined,
  remedies: ({ reads }) =>
    reads === "leader"
      ? [
          {
            text: '`raft({ reads: "readIndex" })`: before it answers, the leader hears from a majority that it still leads',
            options: { reads: "readIndex" },
          },
        ]
      : [],
  assumes: ({ reads, maxDriftRatio = defaultMaxDriftRatio }) =>
    reads === "lease"
      ? {
          driftRatio: maxDriftRatio,
          otherwise:
            "A slow clock makes a leader trust its lease after its followers, whose clocks say that it is over, have elected another.",
          remedies: [
            { text: '`raft({ reads: "readIndex" })`, which trusts no clock', options: { reads: "readIndex" } },
            { text: "raise `maxDriftRatio`" },
          ],
        }
      : undefined,
};
