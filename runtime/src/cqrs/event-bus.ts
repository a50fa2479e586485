import type { ReplicatedMap } from "../cells/replicated-map.js";
import type { Recorded } from "../eventsourcing/index.js";
import type { EventSource } from "./outbox.js";

/** An event on its way to a subscriber. */
export interface Delivery<E> extends Recorded<E> {
  /** The same in every delivery of this event: `ann@3`. What tells the first one from the others. */
  readonly id: string;
  readonly stream: string;
}

/** What hears of events: a function, called for each, or a view, which keeps count itself. */
export type Subscriber<E> =
  | ((delivery: Delivery<E>) => unknown)
  | { project(stream: string, source: EventSource<E>): Promise<unknown> };

export interface EventBusOptions<E> {
  /** By name. A name stands for a position: renamed, a subscriber hears of everything again. */
  readonly subscribers: Readonly<Record<string, Subscriber<E>>>;
  /** The last version that each subscriber has confirmed, by stream. Any level will do: a lost one means once more. */
  readonly positions: ReplicatedMap<string, number>;
}

/** Tells subscribers of events, each at least once and in the order of versions. */
export function eventBus<E>(options: EventBusOptions<E>): EventBus<E> {
  return new EventBus(options);
}

/** Made by `eventBus`. */
export class EventBus<E> {
  readonly #subscribers: Readonly<Record<string, Subscriber<E>>>;
  readonly #positions: ReplicatedMap<string, number>;

  constructor({ subscribers, positions }: EventBusOptions<E>) {
    this.#subscribers = subscribers;
    this.#positions = positions;
  }

  /**
   * Brings what a stream has to those who do not have it yet. A position is stored after the delivery, so a crash
   * between the two means the delivery again: subscribers have to be idempotent, by an `inbox` for one.
   *
   * A subscriber that throws stops at that event and hears of it again at the next relay; the others go on. At a
   * version that is missing, which only sources below sequential have, it stops too: what comes after waits for it. Of
   * two events with one version, which only those have as well, the one that arrives after the other was confirmed is
   * not told.
   *
   * @throws AggregateError of what subscribers threw, once all have had their turn.
   */
  async relay(stream: string, source: EventSource<E>): Promise<void> {
    const turns = Object.entries(this.#subscribers).map(([name, subscriber]) =>
      typeof subscriber === "function"
        ? this.#deliver(name, subscriber, stream, source)
        : subscriber.project(stream, source),
    );
    const failures = (await Promise.allSettled(turns)).flatMap((turn) =>
      turn.status === "rejected" ? [turn.reason as unknown] : [],
    );
    if (failures.length === 0) return;
    throw new AggregateError(failures, `${failures.length} of ${turns.length} subscribers of \`${stream}\` failed.`);
  }

  async #deliver(
    name: string,
    subscriber: (delivery: Delivery<E>) => unknown,
    stream: string,
    source: EventSource<E>,
  ): Promise<void> {
    // Streams may have spaces in their names. Without one in the subscriber's, no two pairs share a position.
    const position = `${encodeURIComponent(name)} ${stream}`;
    let confirmed = (await this.#positions.get(position)) ?? 0;
    for (const recorded of await source.read({ fromVersion: confirmed + 1 })) {
      if (recorded.version > confirmed + 1) break;
      await subscriber({ ...recorded, stream, id: `${stream}@${recorded.version}` });
      confirmed = recorded.version;
      await this.#positions.put(position, confirmed);
    }
  }
}
