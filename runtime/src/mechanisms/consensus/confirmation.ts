/** How a leader makes sure that it still leads before it says which state a read may be answered from. */
export type Confirmation =
  /** A majority answers a heartbeat sent after the read came (read-index, dissertation §6.4). */
  | { readonly kind: "round" }
  /** A majority has pledged, not long ago, to elect nobody else for a while (§6.4.1); without it, by a round. */
  | { readonly kind: "lease"; readonly maxDriftRatio: number }
  /** Not at all: it may have been deposed. */
  | { readonly kind: "none" };

/**
 * How long a leader may rely on a pledge, counted by its own clock from when it sent the heartbeat that was answered.
 * The follower counts from when the heartbeat came, by a clock that gains on the leader's at most `maxDriftRatio`.
 */
export const leaseUs = (pledgeUs: number, maxDriftRatio: number): number => Math.floor(pledgeUs / (1 + maxDriftRatio));
