import { type Dot, replicaOf, type VersionVector } from "./version-vector.js";

/** An operation on one cell, as plain data: `{ name: "write", args: [5] }`. */
export interface Operation {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What `register(…)`, `set()` … and the level's options fix about a cell for good. */
export interface CellOptions {
  /** The initial value of a register or a counter. */
  readonly initial?: unknown;
  /** A register's (or a map value's) merge: the name of a built-in policy, or the user's function. */
  readonly merge?: MergePolicy;
  /** How a set or a map settles an add that is concurrent with a remove of the same element. */
  readonly conflict?: "add-wins" | "remove-wins";
}

export type MergePolicy = "last-writer-wins" | "last-writer-wins-by-wall-clock" | ((a: unknown, b: unknown) => unknown);

/**
 * A replicated data type by its sequential specification: what it means at sequential and above, and what checkers judge
 * by. Its conflict-free form, which it has at causal and below, stands beside it; `replicatedState` makes one.
 *
 * `State` is immutable: `apply` returns a new one. Values in it are structured clones, never shared with user code.
 */
export interface DataType<State = unknown> {
  readonly name: "register" | "counter" | "set" | "map" | "log";
  /** Operation names that change state; all others are reads. */
  readonly mutations: ReadonlySet<string>;
  initial(options: CellOptions): State;
  /** The sequential specification of every operation. Pure. `result` is what the operation resolves to. */
  apply(state: State, operation: Operation): { readonly state: State; readonly result: unknown };
  /** Canonical text of a state: equal states give equal text, on every machine. */
  encode(state: State): string;
  /** Of a type that stands in for a register: the mutation that makes `after` of `before`. */
  changed?(before: State, after: unknown): Operation;
  /** Of a type that stands in for a register: why it has no such operation; undefined if it has. */
  lacks?(operation: string): { readonly problem: string; readonly help: string } | undefined;
}

/** A mutation as it travels between replicas at causal and below. Immutable. */
export interface Mutation {
  readonly dot: Dot;
  /** Hybrid logical clock of the origin, an integer in microseconds. With the dot it gives the arbitration order. */
  readonly clock: number;
  /** What the origin's own wall clock said, in microseconds: only `lastWriterWins.wallClock` looks at it. */
  readonly wallClock: number;
  /** All mutations of the domain that were visible to the origin when it took this one (without itself). */
  readonly context: VersionVector;
  /** Key of the cell. */
  readonly cell: string;
  readonly operation: Operation;
}

/**
 * A conflict-free replica of one cell. Its state is a function of the *set* of mutations applied, whatever the order in
 * which they came: the twin in the tests computes it from that set.
 */
export interface ReplicatedState<State> {
  /** Applies a mutation that has not been applied before. Any delivery order is allowed. */
  apply(mutation: Mutation): void;
  /** The state as the sequential specification has it, reduced by the cell's merge. Cached until the next `apply`. */
  view(): State;
  /** Concurrent values not yet merged, in arbitration order. One, except for a register or map value in conflict. */
  siblings(): readonly unknown[];
  /**
   * The applied writes whose values are concurrent, in arbitration order: of a register, or of one key of a map. More
   * than one is a conflict that the merge settles at each read. Empty for types that have no such conflict.
   * To be looked at at once: the next `apply` may change it.
   */
  liveMutations(key?: string): readonly Mutation[];
  /** The live write whose value the merge keeps; undefined when none is live or a function makes a value of its own. */
  keptMutation(key?: string): Mutation | undefined;
}

/** Arbitration order: hybrid clock, then replica id, then count. Negative when `a` comes first. */
export function compareArbitration(a: Mutation, b: Mutation): number {
  return a.clock - b.clock || replicaOf(a.dot) - replicaOf(b.dot) || a.dot - b.dot;
}
