import type { Fold } from "./history.js";
import type { Recorded } from "./recorded.js";

/** Where an event of a projection comes from. */
export interface Origin {
  /** The identity of the stream: `sku-1`. */
  readonly stream: string;
  readonly version: number;
  readonly timeMs: number;
}

/**
 * How a read model follows from the events of many streams. `projection(…)` of `@faultline/runtime/cqrs` makes one; what
 * also needs to know when or where something happened takes the third parameter.
 */
export interface StreamProjection<E, State> {
  readonly initialState: State;
  readonly evolve: (state: State, event: E, origin: Origin) => State;
}

/**
 * A read model, and how far it has come in each stream: kept together, in one value, so that no crash comes between the
 * two. What it has seen it does not count again.
 */
export interface Checkpoint<State> {
  readonly state: State;
  /** By stream, the last version that is in the state. */
  readonly versions: Readonly<Record<string, number>>;
}

/** A projection before it has seen anything: from here it is built anew. */
export const noCheckpoint = <State>({ initialState }: Pick<Fold<never, State>, "initialState">): Checkpoint<State> => ({
  state: structuredClone(initialState),
  versions: {},
});

/**
 * Goes on with what one stream has that the read model does not. Idempotent: the same events again change nothing, so who
 * does not know whether a checkpoint was stored does it again. At a gap it stops, and waits for the version that is
 * missing; of two events with one version, which only streams below sequential have, it takes the first it meets.
 */
export function catchUp<E, State>(
  projection: StreamProjection<E, State>,
  checkpoint: Checkpoint<State>,
  stream: string,
  events: readonly Recorded<E>[],
): Checkpoint<State> {
  const known = Object.hasOwn(checkpoint.versions, stream) ? (checkpoint.versions[stream] as number) : 0;
  let last = known;
  let state = checkpoint.state;
  for (const { version, timeMs, event } of events) {
    if (version <= last) continue;
    if (version > last + 1) break;
    if (last === known) state = structuredClone(state);
    state = projection.evolve(state, event, { stream, version, timeMs });
    last = version;
  }
  return last === known ? checkpoint : { state, versions: { ...checkpoint.versions, [stream]: last } };
}

/** The read model from nothing, as after a change of its code. Streams in the order in which they are given. */
export function rebuildProjection<E, State>(
  projection: StreamProjection<E, State>,
  streams: Iterable<readonly [stream: string, events: readonly Recorded<E>[]]>,
): Checkpoint<State> {
  let checkpoint = noCheckpoint(projection);
  for (const [stream, events] of streams) checkpoint = catchUp(projection, checkpoint, stream, events);
  return checkpoint;
}
