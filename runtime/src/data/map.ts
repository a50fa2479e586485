import type { CellOptions, DataType, Mutation, Operation, ReplicatedState } from "./data-type.js";
import { insertInOrder, joined, keptBy, merge } from "./multi-value.js";
import { Presence } from "./presence.js";
import { compareText, encodeValue, equalValues } from "./values.js";
import type { VersionVector } from "./version-vector.js";

type MapState = ReadonlyMap<string, unknown>;

const empty: MapState = new Map();

/** Values by text keys, listed in the order of the keys. */
export const mapType: DataType<MapState> = {
  name: "map",
  mutations: new Set(["put", "delete", "update"]),
  initial: () => empty,
  apply,
  encode: (state) =>
    `{${entriesOf(state)
      .map(([key, value]) => `${JSON.stringify(key)}:${encodeValue(value)}`)
      .join()}}`,
};

function apply(state: MapState, { name, args }: Operation): { state: MapState; result: unknown } {
  const key = args[0] as string;
  switch (name) {
    case "get":
      return { state, result: state.get(key) };
    case "has":
      return { state, result: state.has(key) };
    case "entries":
      return { state, result: entriesOf(state) };
    case "put":
      return { state: new Map(state).set(key, args[1]), result: undefined };
    case "delete":
      return { state: without(state, key), result: undefined };
    // As on a register: only histories have `update`, as [key, read, written], legal where the value equals the read.
    case "update":
      if (!equalValues(state.get(key), args[1])) return { state, result: false };
      return { state: new Map(state).set(key, args[2]), result: true };
    default:
      throw new TypeError(`A map has no operation "${name}".`);
  }
}

function without(state: MapState, key: string): MapState {
  if (!state.has(key)) return state;
  const next = new Map(state);
  next.delete(key);
  return next;
}

function entriesOf(state: MapState): [string, unknown][] {
  return [...state].sort(([a], [b]) => compareText(a, b));
}

const written = ({ operation: { name, args } }: Mutation): unknown => args[name === "put" ? 1 : 2];

/** The conflict rule settles whether a key is there; its value is a multi-value register over the surviving puts. */
export class ObservedMap implements ReplicatedState<MapState> {
  private readonly keys = new Map<string, ObservedKey>();
  private cached: MapState | undefined = empty;

  constructor(private readonly options: CellOptions) {}

  apply(mutation: Mutation): void {
    this.cached = undefined;
    const key = mutation.operation.args[0] as string;
    let observed = this.keys.get(key);
    if (observed === undefined) {
      observed = new ObservedKey(this.options.conflict);
      this.keys.set(key, observed);
    }
    observed.apply(mutation);
  }

  view(): MapState {
    this.cached ??= this.compute();
    return this.cached;
  }

  siblings(): readonly unknown[] {
    return [this.view()];
  }

  liveMutations(key: string): readonly Mutation[] {
    return this.keys.get(key)?.live() ?? [];
  }

  keptMutation(key: string): Mutation | undefined {
    return keptBy(this.options.merge ?? "last-writer-wins", this.liveMutations(key));
  }

  private compute(): MapState {
    const state = new Map<string, unknown>();
    for (const [key, observed] of this.keys) {
      const live = observed.live();
      if (live.length > 0) state.set(key, merge(this.options.merge ?? "last-writer-wins", live, written));
    }
    return state;
  }
}

class ObservedKey {
  private readonly presence: Presence;
  /** Contexts of the surviving puts. A put whose only successor was removed by someone who never saw it counts again. */
  private covered: VersionVector | undefined;

  constructor(conflict: CellOptions["conflict"]) {
    this.presence = new Presence(conflict);
  }

  apply(mutation: Mutation): void {
    const survivors = this.presence.survivors.length;
    if (mutation.operation.name !== "delete") {
      this.presence.add(mutation);
      if (this.presence.survivors.length > survivors) this.covered = joined(this.covered, mutation.context);
    } else if (this.presence.remove(mutation)) {
      this.covered = undefined;
      for (const put of this.presence.survivors) this.covered = joined(this.covered, put.context);
    }
  }

  /** Surviving puts that no other surviving put has seen, in arbitration order; none when the key is not there. */
  live(): readonly Mutation[] {
    const live: Mutation[] = [];
    if (!this.presence.present) return live;
    for (const put of this.presence.survivors) if (this.covered?.has(put.dot) !== true) insertInOrder(live, put);
    return live;
  }
}
