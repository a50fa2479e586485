import type { Register } from "../cells/register.js";
import { compareText, encodeValue } from "../data/values.js";
import { type Checkpoint, catchUp, type StreamProjection } from "../eventsourcing/index.js";
import { type Lag, lagOf } from "./lag.js";
import type { EventSource } from "./outbox.js";

/**
 * A read model in a cell:
 *
 * ```ts
 * @ReadModel() @Eventual({ merge: furthest }) readonly history = register(noCheckpoint(viewingHistory));
 * readonly historyView = view(this.history, viewingHistory);
 * ```
 *
 * What it shows and how far it has come are one value, so projecting is idempotent: events that are told again, and
 * projectors in two regions, change nothing.
 */
export function view<E, State>(
  cell: Register<Checkpoint<State>>,
  projection: StreamProjection<E, State>,
): View<E, State> {
  return new View(cell, projection);
}

/** Made by `view`. Its operations throw what those of its cell and of the source throw. */
export class View<E, State> {
  readonly cell: Register<Checkpoint<State>>;
  readonly #projection: StreamProjection<E, State>;

  constructor(cell: Register<Checkpoint<State>>, projection: StreamProjection<E, State>) {
    this.cell = cell;
    this.#projection = projection;
  }

  /** Goes on with what a stream has that the read model does not. Nothing is written where there is nothing new. */
  async project(stream: string, source: EventSource<E>): Promise<Checkpoint<State>> {
    const known = await this.cell.read();
    const events = await source.read({ fromVersion: versionIn(known.versions, stream) + 1 });
    if (events.length === 0) return known;
    return this.cell.update((checkpoint) => catchUp(this.#projection, checkpoint, stream, events));
  }

  /** What it shows, and of which versions. */
  checkpoint(): Promise<Checkpoint<State>> {
    return this.cell.read();
  }

  async state(): Promise<State> {
    return (await this.cell.read()).state;
  }

  /** How far it is behind a stream. */
  async lag(stream: string, source: EventSource<E>, { nowMs }: { readonly nowMs: number }): Promise<Lag> {
    const { versions } = await this.cell.read();
    return lagOf(versions, stream, await source.read(), nowMs);
  }
}

/**
 * Of two states of one read model the one that has seen more: the `merge` of the register that it is in. The later write
 * would not do, as a projector that has only just begun may write last. What the other one had seen is projected again.
 */
export function furthest<State>(a: Checkpoint<State>, b: Checkpoint<State>): Checkpoint<State> {
  const ahead = progressOf(a) - progressOf(b);
  if (ahead !== 0) return ahead > 0 ? a : b;
  return compareText(encodeValue(a), encodeValue(b)) >= 0 ? a : b;
}

const progressOf = ({ versions }: Checkpoint<unknown>): number =>
  Object.values(versions).reduce((sum, version) => sum + version, 0);

export const versionIn = (versions: Readonly<Record<string, number>>, stream: string): number =>
  Object.hasOwn(versions, stream) ? (versions[stream] as number) : 0;
