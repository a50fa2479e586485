import type { Step } from "../../simulation/agenda.js";

/**
 * Whether two steps come to the same in either order: they touch different processes and sessions, and the one does not
 * change what the other has looked at.
 *
 * `hasRealTime`: some guarantee speaks of which operation had ended before another one began, so that an answer and a
 * question of two sessions do not change places.
 */
export function areIndependent(a: Step, b: Step, hasRealTime: boolean): boolean {
  if (a.isOpaque || b.isOpaque) return false;
  if (hasRealTime && ((a.asks && b.answers) || (a.answers && b.asks))) return false;
  // Who looks at a wall clock moves it on.
  if (a.looksAtWall && b.looksAtWall) return false;
  // Timers share how many of them may go off, and move on what clocks say and when other timers will be due.
  if ((a.jumps && minds(b)) || (b.jumps && minds(a))) return false;
  for (const place of a.places) if (b.places.has(place)) return false;
  return true;
}

const minds = ({ jumps, looksAtWall, looksAtSteady }: Step): boolean => jumps || looksAtWall || looksAtSteady;
