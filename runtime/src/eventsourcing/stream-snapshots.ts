import { currentContext } from "../cells/context.js";
import { bindingOf, type Handle } from "../cells/handle.js";
import type { ReplicatedMap } from "../cells/replicated-map.js";
import { isConflict, isIndeterminate, isUnavailable } from "../errors.js";
import { isAtLeast } from "../levels.js";
import type { Recorded } from "./recorded.js";
import type { Extent, Snapshot, SnapshotPolicy } from "./snapshot.js";

/**
 * Snapshots are made from the events and never the other way round, so the cell may be at a weaker level than they are.
 *
 * A log below sequential has none taken and uses none: there two events may have one version, so that a version is not
 * the name of one state, and what a snapshot has left out would never be seen again.
 */
export interface StreamSnapshots<State> {
  /** By version, and the last one taken as `newest`. */
  readonly cell: ReplicatedMap<string, Snapshot<State>>;
  readonly policy: SnapshotPolicy;
}

const newest = "newest";

/** Those of a stream over a log in which versions are names of states. */
export function usableSnapshots<State>(
  commits: Handle,
  snapshots: StreamSnapshots<State> | undefined,
): StreamSnapshots<State> | undefined {
  return isAtLeast(bindingOf(commits).cell.level, "sequential") ? snapshots : undefined;
}

export async function newestIn<State>(
  snapshots: StreamSnapshots<State> | undefined,
): Promise<Snapshot<State> | undefined> {
  return snapshots?.cell.get(newest);
}

export async function allIn<State>(snapshots: StreamSnapshots<State> | undefined): Promise<readonly Snapshot<State>[]> {
  const entries = (await snapshots?.cell.entries()) ?? [];
  return entries.map(([, snapshot]) => snapshot);
}

/**
 * Never as a part of somebody's transaction or saga, which it is no step of. What is not
 * stored now, the next append stores.
 */
export async function takeSnapshotIfDue<State>(
  snapshots: StreamSnapshots<State> | undefined,
  now: Extent | undefined,
  take: () => Promise<Snapshot<State>>,
): Promise<void> {
  const context = currentContext();
  if (context?.transaction !== undefined || context?.saga !== undefined) return;
  if (snapshots === undefined || now === undefined) return;
  const { cell, policy } = snapshots;
  try {
    if (!policy(now, await cell.get(newest))) return;
    const snapshot = await take();
    await cell.put(String(snapshot.version), snapshot);
    await cell.put(newest, snapshot);
  } catch (error) {
    // The events are stored, and that was what had been asked for.
    if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
  }
}

/** A snapshot may have come further than the log of the replica that answers. */
export function within<State>(
  events: readonly Recorded<unknown>[],
  snapshots: readonly Snapshot<State>[],
): Snapshot<State>[] {
  const last = events.at(-1)?.version ?? 0;
  return snapshots.filter(({ version }) => version <= last);
}
