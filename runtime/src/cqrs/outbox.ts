import type { Log } from "../cells/log.js";
import {
  type Commit,
  type EventStream,
  eventStream,
  type Recorded,
  type VersionRange,
} from "../eventsourcing/index.js";

/** Where events can be read from, in the order of their versions: an outbox, or a stream of events, which is one. */
export interface EventSource<E> {
  /** The events of these versions, both included; all of them unless told. */
  read(range?: VersionRange): Promise<readonly Recorded<E>[]>;
}

/**
 * Events that are to be told, for state that is not made of them. Add them in the transaction that changes the state,
 * with the log at the level of the state: both happen or neither. Saving first and publishing then is two writes, and
 * whoever crashes between them has saved what nobody hears of. (Richardson, Microservices Patterns, 2018, chapter 3.)
 */
export function outbox<E extends { readonly type: string }>(
  commits: Log<Commit<E>>,
  { now }: { readonly now: () => number },
): Outbox<E> {
  return new Outbox(commits, now);
}

/** Made by `outbox`. */
export class Outbox<E extends { readonly type: string }> implements EventSource<E> {
  readonly #stream: EventStream<readonly E[], E, undefined>;

  constructor(commits: Log<Commit<E>>, now: () => number) {
    const decider = { initialState: undefined, decide: (events: readonly E[]) => events, evolve: () => undefined };
    this.#stream = eventStream(commits, { decider, now });
  }

  /**
   * Adds events as facts that nobody can refuse any more, and gives them as they were recorded. Throws what the
   * operations of the log throw; on its own, without a transaction, an add that got no answer and is made again may be
   * there twice.
   */
  async add(...events: readonly E[]): Promise<readonly Recorded<E>[]> {
    return this.#stream.append(events, { expectedVersion: "any" });
  }

  /** The events of these versions, both included; all of them unless told. */
  read(range?: VersionRange): Promise<readonly Recorded<E>[]> {
    return this.#stream.read(range);
  }
}
