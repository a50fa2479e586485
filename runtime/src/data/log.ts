import type { DataType, Mutation, Operation, ReplicatedState } from "./data-type.js";
import { insertInOrder } from "./multi-value.js";
import { encodeValue } from "./values.js";

type LogState = readonly unknown[];

const empty: LogState = [];

/** Entries that are only ever appended. Its state is the list of them. */
export const logType: DataType<LogState> = {
  name: "log",
  mutations: new Set(["append"]),
  initial: () => empty,
  apply,
  encode: encodeValue,
};

function apply(state: LogState, { name, args }: Operation): { state: LogState; result: unknown } {
  if (name === "entries") return { state, result: state };
  if (name === "append") return { state: [...state, args[0]], result: undefined };
  throw new TypeError(`A log has no operation "${name}".`);
}

/** Entries in arbitration order: one that arrives late may be inserted in the middle, which all replicas then agree on. */
export class OrderedEntries implements ReplicatedState<LogState> {
  private readonly entries: Mutation[] = [];
  private cached: LogState | undefined = empty;

  apply(mutation: Mutation): void {
    this.cached = undefined;
    insertInOrder(this.entries, mutation);
  }

  view(): LogState {
    this.cached ??= this.entries.map((mutation) => mutation.operation.args[0]);
    return this.cached;
  }

  siblings(): readonly unknown[] {
    return [this.view()];
  }

  liveMutations(): readonly Mutation[] {
    return [];
  }

  keptMutation(): undefined {
    return undefined;
  }
}
