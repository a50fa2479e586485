import type { CellOptions, DataType, Mutation, Operation, ReplicatedState } from "./data-type.js";
import { insertInOrder, joined, keptBy, merge } from "./multi-value.js";
import { encodeValue, equalValues } from "./values.js";
import type { VersionVector } from "./version-vector.js";

/** One value that is written as a whole. Its state is the value itself. */
export const registerType: DataType = {
  name: "register",
  mutations: new Set(["write", "compareAndSet", "update"]),
  initial: (options) => options.initial,
  apply,
  encode: encodeValue,
};

function apply(state: unknown, { name, args }: Operation): { state: unknown; result: unknown } {
  switch (name) {
    case "read":
      return { state, result: state };
    case "siblings":
      return { state, result: [state] };
    case "write":
      return { state: args[0], result: undefined };
    // `update` is not an operation that cells submit: they turn it into a read and a write that holds only at the
    // version read. Histories record it as [read, written], and it is legal only where the state equals what it read.
    case "update":
    case "compareAndSet":
      return equalValues(state, args[0]) ? { state: args[1], result: true } : { state, result: false };
    default:
      throw new TypeError(`A register has no operation "${name}".`);
  }
}

/** A compare-and-set that travels has succeeded at its origin; at other replicas it is a write. */
const written = ({ operation: { name, args } }: Mutation): unknown => (name === "write" ? args[0] : args[1]);

/**
 * Multi-value register (Shapiro et al., A Comprehensive Study of Convergent and Commutative Replicated Data Types,
 * 2011, §3.2.2). A write is dominated when it is in the context of *any* applied write, also of one that is dominated
 * itself: below causal, visibility is not transitive, so the contexts of the live writes alone do not tell.
 */
export class MultiValueRegister implements ReplicatedState<unknown> {
  private readonly live: Mutation[] = [];
  private covered: VersionVector | undefined;
  private cached: unknown;
  private fresh = false;

  constructor(private readonly options: CellOptions) {}

  apply(write: Mutation): void {
    this.fresh = false;
    for (let i = this.live.length - 1; i >= 0; i--) {
      if (write.context.has((this.live[i] as Mutation).dot)) this.live.splice(i, 1);
    }
    if (this.covered?.has(write.dot) !== true) insertInOrder(this.live, write);
    this.covered = joined(this.covered, write.context);
  }

  view(): unknown {
    if (this.live.length === 0) return this.options.initial;
    if (!this.fresh) {
      this.cached = merge(this.options.merge ?? "last-writer-wins", this.live, written);
      this.fresh = true;
    }
    return this.cached;
  }

  siblings(): readonly unknown[] {
    return this.live.length === 0 ? [this.options.initial] : this.live.map(written);
  }

  liveMutations(): readonly Mutation[] {
    return this.live;
  }

  keptMutation(): Mutation | undefined {
    return keptBy(this.options.merge ?? "last-writer-wins", this.live);
  }
}
