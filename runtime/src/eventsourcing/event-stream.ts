import { bindingOf } from "../cells/handle.js";
import type { Log } from "../cells/log.js";
import { readModifyWrite } from "../cells/operations.js";
import type { Decider } from "./decider.js";
import { AnotherVersion, conflictOf, refuseNoVersion } from "./expected-version.js";
import { around, beginning, type Change, eventsUntil, type Moment, rebuild, stateAt } from "./history.js";
import { refuseInstance, refuseNoEvents, refuseNoTime } from "./plain.js";
import { type Commit, commitAfter, extentOf, type Recorded, recordedEvents } from "./recorded.js";
import type { Snapshot } from "./snapshot.js";
import {
  allIn,
  newestIn,
  type StreamSnapshots,
  takeSnapshotIfDue,
  usableSnapshots,
  within,
} from "./stream-snapshots.js";
import type { Upcasters } from "./upcasting.js";

interface Typed {
  readonly type: string;
}

export interface EventStreamOptions<Command, E extends Typed, State> {
  readonly decider: Decider<Command, E, State>;
  /** The writer's clock in milliseconds, such as `Date.now`. It stamps events and orders nothing. */
  readonly now: () => number;
  readonly upcasters?: Upcasters;
  readonly snapshots?: StreamSnapshots<State>;
}

/** Both included. */
export interface VersionRange {
  /** 1 unless told: the first. */
  readonly fromVersion?: number;
  /** The last one unless told. */
  readonly toVersion?: number;
}

/** What a command led to. */
export interface Outcome<E, State> extends Snapshot<State> {
  /** Empty where nothing happened. */
  readonly events: readonly Recorded<E>[];
}

/**
 * A stream of events over a log of a replicated class:
 *
 * ```ts
 * @Sequential() readonly commits = log<Commit<ShelfEvent>>();
 * readonly stream = eventStream(this.commits, { decider: shelf, now: Date.now });
 * ```
 *
 * The log's level is the stream's. From sequential up, of two appends that expect the same version one succeeds. Below,
 * both may: each replica compares with what it has, and versions collide once they meet.
 */
export function eventStream<Command, E extends Typed, State>(
  commits: Log<Commit<E>>,
  options: EventStreamOptions<Command, E, State>,
): EventStream<Command, E, State> {
  return new EventStream(commits, options);
}

/**
 * Made by `eventStream`. Its operations throw what those of its log throw: `UnavailableError`, `IndeterminateError` …
 */
export class EventStream<Command, E extends Typed, State> {
  readonly #commits: Log<Commit<E>>;
  readonly #options: EventStreamOptions<Command, E, State>;

  constructor(commits: Log<Commit<E>>, options: EventStreamOptions<Command, E, State>) {
    refuseInstance(options.decider.initialState);
    this.#commits = commits;
    this.#options = options;
  }

  /**
   * Adds events, all of them or none, if the stream is at the version expected: 0 for one without events. `"any"` is
   * for facts that nobody can refuse any more. Gives them as they were recorded.
   *
   * @throws AnnotationError for what are no events, and where the clock gives no time.
   * @throws ConflictError where the stream is at another version. It did not happen: read again, and decide again.
   * @throws IndeterminateError where no answer came. With a version the same append again is safe: if it had happened,
   *   it conflicts. With `"any"` it may be recorded twice: put it under an idempotency key (`once` of `/cqrs`).
   */
  async append(
    events: readonly E[],
    { expectedVersion }: { readonly expectedVersion: number | "any" },
  ): Promise<readonly Recorded<E>[]> {
    refuseNoVersion(this.#commits, expectedVersion);
    const recorded = await this.#change((known) => {
      const { version } = extentOf(known);
      if (expectedVersion !== "any" && version !== expectedVersion) throw new AnotherVersion(version, expectedVersion);
      return events;
    });
    await takeSnapshotIfDue(this.#kept, recorded.at(-1), () => this.state());
    return recorded;
  }

  /**
   * Decides on a command by the present state and appends what it leads to, as one step: from sequential up nothing
   * comes in between, and `decide` runs again, a bounded number of times, if something did. Throws what `decide`
   * throws.
   *
   * @throws ConflictError where others were faster each time. It did not happen.
   * @throws IndeterminateError where no answer came. Again, it decides again: what must not be done twice has to be
   *   refused by `decide`, or to be under an idempotency key (`commandBus` of `/cqrs`).
   */
  async execute(command: Command): Promise<Outcome<E, State>> {
    const { decider, upcasters } = this.#options;
    const snapshot = await newestIn(this.#kept);
    let found: Snapshot<State> = beginning(decider);
    const events = await this.#change((known, copy) => {
      const from = snapshot !== undefined && snapshot.version <= extentOf(known).version ? snapshot : undefined;
      // Only what the snapshot does not have is copied, which takes longer than to replay it.
      const since = known.filter(({ version, events: written }) => version + written.length > (from?.version ?? 0) + 1);
      found = rebuild(decider, recordedEvents(copy(since), upcasters), from);
      return decider.decide(command, structuredClone(found.state));
    });
    const reached = rebuild(decider, events, found);
    await takeSnapshotIfDue(this.#kept, events.at(-1), () => Promise.resolve(reached));
    return { ...reached, events };
  }

  /** The events of these versions, both included, in the order of their versions; all of them unless told. */
  async read({ fromVersion = 1, toVersion }: VersionRange = {}): Promise<readonly Recorded<E>[]> {
    const all = recordedEvents(await this.#commits.entries(), this.#options.upcasters);
    const events = fromVersion <= 1 ? all : all.filter(({ version }) => version >= fromVersion);
    return toVersion === undefined ? events : eventsUntil(events, { version: toVersion });
  }

  /** The present state, and the version that it is the state of. */
  async state(): Promise<Snapshot<State>> {
    const snapshot = await newestIn(this.#kept);
    const events = await this.read();
    return rebuild(this.#options.decider, events, within(events, snapshot === undefined ? [] : [snapshot])[0]);
  }

  /** The state as it was after a version, or as of a time. Further than the stream goes, it is the present state. */
  async stateAt(moment: Moment): Promise<Snapshot<State>> {
    const snapshots = await allIn(this.#kept);
    const events = await this.read();
    return stateAt(this.#options.decider, events, moment, within(events, snapshots));
  }

  /** What the event of that version changed; undefined where there is none. */
  async around(version: number): Promise<Change<E, State> | undefined> {
    const snapshots = await allIn(this.#kept);
    const events = await this.read();
    return around(this.#options.decider, events, version, within(events, snapshots));
  }

  /**
   * One read-modify-write of the log, which is what makes an expected version hold where the level can make it hold.
   */
  async #change(
    make: (known: readonly Commit<E>[], copy: <T>(value: T) => T) => readonly E[],
  ): Promise<readonly Recorded<E>[]> {
    const { now, upcasters = {} } = this.#options;
    const { label } = bindingOf(this.#commits).cell;
    let commit: Commit<E> | undefined;
    try {
      await readModifyWrite<void>(this.#commits, { name: "append", args: [] }, (state, copy) => {
        const known = state as readonly Commit<E>[];
        const events = make(known, copy);
        const timeMs = now();
        refuseNoEvents(events, label);
        refuseNoTime(timeMs, label);
        if (events.length === 0) throw new NothingHappened();
        commit = copy(commitAfter(known, events, { timeMs, upcasters }));
        const operation = { name: "append", args: [commit] };
        return { operation, recorded: operation, result: undefined };
      });
    } catch (error) {
      if (error instanceof NothingHappened) return [];
      throw error instanceof AnotherVersion ? conflictOf(this.#commits, error) : error;
    }
    return recordedEvents([structuredClone(commit as Commit<E>)], upcasters);
  }

  get #kept(): StreamSnapshots<State> | undefined {
    return usableSnapshots(this.#commits, this.#options.snapshots);
  }
}

/** Leaves the read-modify-write without a write. */
class NothingHappened extends Error {}
