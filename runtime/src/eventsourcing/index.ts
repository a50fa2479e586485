/**
 * Event sourcing: what happened is kept, and what is follows from it. Deciders and events are typed data that rules know
 * by origin; a stream lies over a log of a replicated class, at the level of that log.
 */
export {
  type Checkpoint,
  catchUp,
  noCheckpoint,
  type Origin,
  rebuildProjection,
  type StreamProjection,
} from "./checkpoint.js";
export { type Decider, decider } from "./decider.js";
export type { Event } from "./event.js";
export {
  EventStream,
  type EventStreamOptions,
  eventStream,
  type Outcome,
  type VersionRange,
} from "./event-stream.js";
export {
  around,
  type Change,
  eventsUntil,
  type Fold,
  type Moment,
  rebuild,
  snapshotsAlong,
  stateAt,
} from "./history.js";
export {
  type Commit,
  type Recorded,
  recordedEvents,
  type VersionProblems,
  versionProblems,
} from "./recorded.js";
export { type Retained, retain } from "./retention.js";
export {
  type Extent,
  everyEvents,
  everyPeriod,
  newestSnapshot,
  type Snapshot,
  type SnapshotPolicy,
} from "./snapshot.js";
export {
  type Compression,
  compressions,
  type EventVolume,
  type StorageRequirements,
  storageRequirements,
} from "./storage.js";
export type { StreamSnapshots } from "./stream-snapshots.js";
export type { Upcaster, Upcasters } from "./upcasting.js";
