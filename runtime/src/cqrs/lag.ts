import type { Recorded } from "../eventsourcing/index.js";

/** How far a read model is behind one stream. */
export interface Lag {
  /** How many events it has not seen. */
  readonly events: number;
  /** For how long it has not seen the first of them, by the clocks of its writer and of who asks; 0 if there is none. */
  readonly ms: number;
}

/** The lag of a read model that has seen these versions. */
export function lagOf(
  versions: Readonly<Record<string, number>>,
  stream: string,
  events: readonly Recorded<unknown>[],
  nowMs: number,
): Lag {
  const seen = Object.hasOwn(versions, stream) ? (versions[stream] as number) : 0;
  const missing = events.filter(({ version }) => version > seen);
  const [first] = missing;
  // A clock that is behind the writer's would have it seen before it happened.
  return { events: missing.length, ms: first === undefined ? 0 : Math.max(0, nowMs - first.timeMs) };
}
