import type { Extent } from "./snapshot.js";
import { schemaVersionOf, type Upcasters, upcast } from "./upcasting.js";

/**
 * An event at its place in its stream. Versions count from 1 in each stream for itself, and they alone give the order:
 * clocks of two writers may disagree about who came first, and two events may share a millisecond.
 */
export interface Recorded<E> {
  readonly version: number;
  /** When it was appended, in milliseconds, by the writer's clock; never before the event that precedes it. */
  readonly timeMs: number;
  readonly event: E;
}

/**
 * What one append leaves in the log of a stream: all the events of one decision, so that they arrive together at every
 * level. Plain data: the type of the cell that holds a stream is `log<Commit<MyEvent>>()`.
 */
export interface Commit<E> {
  /** Of the first event in it; the others follow. */
  readonly version: number;
  readonly events: readonly E[];
  readonly timeMs: number;
  /** By event, the schema that it was written in. Left out where all are in their first. */
  readonly schemaVersions?: readonly number[];
}

/**
 * The events of commits by version, each in its present schema. Commits whose versions collide, which happens below
 * sequential, keep the order in which the log has them: nothing is hidden.
 */
export function recordedEvents<E extends { readonly type: string }>(
  commits: readonly Commit<E>[],
  upcasters: Upcasters = {},
): readonly Recorded<E>[] {
  const events: Recorded<E>[] = [];
  for (const { version, timeMs, events: written, schemaVersions } of commits) {
    for (const [i, event] of written.entries()) {
      events.push({ version: version + i, timeMs, event: upcast(upcasters, event, schemaVersions?.[i] ?? 1) });
    }
  }
  return isInOrder(events) ? events : events.sort((a, b) => a.version - b.version);
}

/** How far the commits of a stream go. */
export function extentOf(commits: readonly Commit<unknown>[]): Extent {
  let version = 0;
  let timeMs: number | undefined;
  for (const commit of commits) {
    version = Math.max(version, commit.version + commit.events.length - 1);
    timeMs = timeMs === undefined ? commit.timeMs : Math.max(timeMs, commit.timeMs);
  }
  return { version, timeMs };
}

/** The commit that follows others. A clock that is behind theirs does not turn time back. */
export function commitAfter<E extends { readonly type: string }>(
  known: readonly Commit<E>[],
  events: readonly E[],
  { timeMs, upcasters }: { readonly timeMs: number; readonly upcasters: Upcasters },
): Commit<E> {
  const last = extentOf(known);
  const schemaVersions = events.map(({ type }) => schemaVersionOf(upcasters, type));
  return {
    version: last.version + 1,
    events,
    timeMs: Math.max(timeMs, last.timeMs ?? timeMs),
    ...(schemaVersions.some((version) => version > 1) ? { schemaVersions } : {}),
  };
}

/** Which versions two events claim, and which nobody has although a later one is there. */
export interface VersionProblems {
  readonly duplicated: readonly number[];
  readonly missing: readonly number[];
}

/** What is wrong with the versions of a stream: nothing from sequential up, where appends expect a version. */
export function versionProblems(events: readonly Recorded<unknown>[]): VersionProblems {
  const versions = events.map(({ version }) => version).sort((a, b) => a - b);
  const duplicated = new Set<number>();
  const missing: number[] = [];
  let last = 0;
  for (const version of versions) {
    if (version === last) duplicated.add(version);
    for (let absent = last + 1; absent < version; absent++) missing.push(absent);
    last = version;
  }
  return { duplicated: [...duplicated], missing };
}

const isInOrder = (events: readonly Recorded<unknown>[]): boolean =>
  events.every(({ version }, i) => i === 0 || version >= (events[i - 1] as Recorded<unknown>).version);
