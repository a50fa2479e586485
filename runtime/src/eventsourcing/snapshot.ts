import { AnnotationError } from "../errors.js";
import type { Moment } from "./history.js";

/** The state of a stream as of one of its versions: what a rebuild gives, and what is kept to rebuild faster. */
export interface Snapshot<State> {
  /** Of the last event in it; 0 before the first. */
  readonly version: number;
  /** The latest time of an event in it; undefined before the first. */
  readonly timeMs: number | undefined;
  readonly state: State;
}

/** How far a stream is. */
export type Extent = Pick<Snapshot<unknown>, "version" | "timeMs">;

/** Whether a snapshot is due: the stream is at `now`, and the newest snapshot, if there is one, was taken at `last`. */
export type SnapshotPolicy = (now: Extent, last: Extent | undefined) => boolean;

/** A snapshot once so many events have come since the last one. */
export function everyEvents(count: number): SnapshotPolicy {
  refuseNonPositive("everyEvents", count, Number.isInteger(count));
  return (now, last) => now.version - (last?.version ?? 0) >= count;
}

/** A snapshot with the first event of each period, such as a day: `everyPeriod(24 * 60 * 60 * 1000)`. */
export function everyPeriod(lengthMs: number): SnapshotPolicy {
  refuseNonPositive("everyPeriod", lengthMs, Number.isFinite(lengthMs));
  const periodOf = ({ timeMs = 0 }: Extent): number => Math.floor(timeMs / lengthMs);
  return (now, last) => now.version > 0 && (last === undefined || periodOf(now) > periodOf(last));
}

/** The newest snapshot that is not newer than a moment: a newer one has what was yet to come. */
export function newestSnapshot<State>(
  snapshots: Iterable<Snapshot<State>>,
  moment: Moment,
): Snapshot<State> | undefined {
  let newest: Snapshot<State> | undefined;
  for (const snapshot of snapshots) {
    const { version, timeMs = 0 } = snapshot;
    const isNewer = "version" in moment ? version > moment.version : version > 0 && timeMs > moment.timeMs;
    if (!isNewer && version > (newest?.version ?? -1)) newest = snapshot;
  }
  return newest;
}

function refuseNonPositive(name: string, value: number, isOfKind: boolean): void {
  if (isOfKind && value > 0) return;
  throw new AnnotationError(`${name}(${String(value)}): that is never due.`, {
    help: `Accepted: a ${name === "everyEvents" ? "whole number of events" : "number of milliseconds"} above 0.`,
  });
}
