import { eventsUntil, type Fold, rebuild } from "./history.js";
import type { Recorded } from "./recorded.js";
import type { Snapshot } from "./snapshot.js";

/** A history that has been cut: what may go, what stays, and the state between the two. */
export interface Retained<E, State> {
  /** The beginning of the stream up to the time of the cut, for an archive or for nobody. */
  readonly expired: readonly Recorded<E>[];
  /** As of the last event that expired. What stays means nothing without it: keep it for as long. */
  readonly snapshot: Snapshot<State>;
  readonly kept: readonly Recorded<E>[];
}

/**
 * Cuts a history where its retention ends: `rebuild(fold, kept, snapshot)` is what it was with all events. Of moments before
 * the cut nothing is known any more; `stateAt` answers with version 0.
 *
 * It is the longest beginning of the stream that has expired, so that no event goes whose predecessor stays.
 */
export function retain<E, State>(
  fold: Fold<E, State>,
  events: readonly Recorded<E>[],
  { expiredUntilMs }: { readonly expiredUntilMs: number },
): Retained<E, State> {
  const expired = eventsUntil(events, { timeMs: expiredUntilMs });
  return { expired, snapshot: rebuild(fold, expired), kept: events.slice(expired.length) };
}
