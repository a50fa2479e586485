import type { Recorded } from "./recorded.js";
import { newestSnapshot, type Snapshot, type SnapshotPolicy } from "./snapshot.js";

/** How state follows from events. A decider is one, and so is a projection. */
export interface Fold<E, State> {
  readonly initialState: State;
  /** Pure: the same events give the same state in every rebuild. */
  readonly evolve: (state: State, event: E) => State;
}

/**
 * A moment in the life of a stream: after one of its versions, or as of a time in milliseconds by the writers' clocks.
 */
export type Moment = { readonly version: number } | { readonly timeMs: number };

/** What one event changed. */
export interface Change<E, State> {
  readonly before: State;
  readonly recorded: Recorded<E>;
  readonly after: State;
}

/**
 * The state that events lead to, from the beginning or on from a snapshot; events that the snapshot has already are
 * left out. The snapshot stays as it is, whatever `evolve` does with the state that it is given.
 *
 * Here and below, `events` are in the order of their versions, as `recordedEvents` and `stream.read()` give them.
 *
 * @throws RangeError for events in another order, such as that of their times.
 */
export function rebuild<E, State>(
  fold: Fold<E, State>,
  events: readonly Recorded<E>[],
  from?: Snapshot<State>,
): Snapshot<State> {
  return replay(fold, events, from, () => false);
}

/**
 * The state as it was at a moment, on from the newest snapshot that is not newer. For a moment after the last event it
 * is the present state: `version` says how far it goes.
 *
 * As of a time it is the state after the longest beginning of the stream in which no event is later. Events are not
 * picked one by one by their times: where clocks disagree, that would give a state that never was.
 *
 * @throws RangeError for a moment that is no number, such as the time of a date that could not be read.
 */
export function stateAt<E, State>(
  fold: Fold<E, State>,
  events: readonly Recorded<E>[],
  moment: Moment,
  snapshots: Iterable<Snapshot<State>> = [],
): Snapshot<State> {
  refuseNoMoment(moment);
  return replay(fold, events, newestSnapshot(snapshots, moment), (recorded) => isLater(recorded, moment));
}

/**
 * State before and after the event of a version, for whoever looks for the one that did it; undefined if there is none.
 * By version and not by time: a second before one event may be several events before it.
 */
export function around<E, State>(
  fold: Fold<E, State>,
  events: readonly Recorded<E>[],
  version: number,
  snapshots: Iterable<Snapshot<State>> = [],
): Change<E, State> | undefined {
  const recorded = events[positionOf(events, version)];
  if (recorded?.version !== version) return undefined;
  const before = stateAt(fold, events, { version: version - 1 }, snapshots);
  return { before: before.state, recorded, after: rebuild(fold, [recorded], before).state };
}

/**
 * The beginning of a stream up to a moment.
 *
 * @throws RangeError for a moment that is no number.
 */
export function eventsUntil<E>(events: readonly Recorded<E>[], moment: Moment): readonly Recorded<E>[] {
  refuseNoMoment(moment);
  const end = events.findIndex((recorded) => isLater(recorded, moment));
  return end === -1 ? events : events.slice(0, end);
}

/** The snapshots that a policy takes along a history, oldest first: as a nightly job makes them. */
export function snapshotsAlong<E, State>(
  fold: Fold<E, State>,
  events: readonly Recorded<E>[],
  policy: SnapshotPolicy,
): readonly Snapshot<State>[] {
  const snapshots: Snapshot<State>[] = [];
  replay(
    fold,
    events,
    undefined,
    () => false,
    (reached) => {
      if (policy(reached, snapshots.at(-1))) snapshots.push(structuredClone(reached));
    },
  );
  return snapshots;
}

export const beginning = <State>({ initialState }: { readonly initialState: State }): Snapshot<State> => ({
  version: 0,
  timeMs: undefined,
  state: initialState,
});

function replay<E, State>(
  fold: Fold<E, State>,
  events: readonly Recorded<E>[],
  from: Snapshot<State> | undefined,
  isAfter: (recorded: Recorded<E>) => boolean,
  onReached?: (reached: Snapshot<State>) => void,
): Snapshot<State> {
  const reached: { -readonly [K in keyof Snapshot<State>]: Snapshot<State>[K] } = { ...(from ?? beginning(fold)) };
  reached.state = structuredClone(reached.state);
  for (let i = from === undefined ? 0 : positionOf(events, from.version + 1); i < events.length; i++) {
    const recorded = events[i] as Recorded<E>;
    if (isAfter(recorded)) break;
    if (recorded.version < reached.version) throw outOfOrder(recorded.version, reached.version);
    reached.state = fold.evolve(reached.state, recorded.event);
    reached.version = recorded.version;
    reached.timeMs = Math.max(reached.timeMs ?? recorded.timeMs, recorded.timeMs);
    onReached?.(reached);
  }
  return reached;
}

const isLater = (recorded: Recorded<unknown>, moment: Moment): boolean =>
  "version" in moment ? recorded.version > moment.version : recorded.timeMs > moment.timeMs;

/** Index of the first event that is not before a version, by halving. */
function positionOf(events: readonly Recorded<unknown>[], version: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as Recorded<unknown>).version < version) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Nothing is later than NaN: unrefused, a date that could not be read would stand for the present. */
function refuseNoMoment(moment: Moment): void {
  const [name, value] = "version" in moment ? ["version", moment.version] : ["timeMs", moment.timeMs];
  if (typeof value === "number" && !Number.isNaN(value)) return;
  throw new RangeError(`\`${name}\` is ${String(value)}, which is no moment. Accepted: a number.`);
}

function outOfOrder(version: number, last: number): RangeError {
  return new RangeError(`Version ${version} comes after version ${last}: sort events by their versions, not by time.`);
}
