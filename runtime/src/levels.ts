/**
 * The lattice of consistency levels as data: weakest first. Guarantees are cumulative, so each edge says what the
 * stronger level adds to the weaker one, and where that is defined.
 */
export const levels = ["none", "eventual", "causal", "sequential", "linearizable"] as const;

export type Level = (typeof levels)[number];

export interface LevelEdge {
  readonly weaker: Level;
  readonly stronger: Level;
  /** What the stronger level promises beyond the weaker one. */
  readonly adds: string;
  /** Where the guarantee is defined. */
  readonly source: string;
}

export const latticeEdges: readonly LevelEdge[] = [
  {
    weaker: "none",
    stronger: "eventual",
    adds: "convergence at quiescence, and no acknowledged operation lost",
    source:
      "Vogels, Eventually Consistent, CACM 52(1), 2009; Shapiro et al., Conflict-free Replicated Data Types, SSS 2011",
  },
  {
    weaker: "eventual",
    stronger: "causal",
    adds: "causal convergence and the four session guarantees",
    source: "Bouajjani et al., On Verifying Causal Consistency, POPL 2017; Terry et al., Session Guarantees, PDIS 1994",
  },
  {
    weaker: "causal",
    stronger: "sequential",
    adds: "one total order that all agree on and that respects each session's order",
    source: "Lamport, How to Make a Multiprocessor Computer, IEEE ToC C-28(9), 1979",
  },
  {
    weaker: "sequential",
    stronger: "linearizable",
    adds: "real-time order: an operation takes effect between its invocation and its completion",
    source: "Herlihy and Wing, Linearizability, ACM TOPLAS 12(3), 1990",
  },
];

const rank: Readonly<Record<Level, number>> = { none: 0, eventual: 1, causal: 2, sequential: 3, linearizable: 4 };

export function isLevel(value: unknown): value is Level {
  return typeof value === "string" && Object.hasOwn(rank, value);
}

/** For a level that comes from where types are not checked. Throws a `RangeError` that says which there are. */
export function assertLevel(value: unknown): void {
  if (isLevel(value)) return;
  throw new RangeError(`There is no level "${String(value)}". The levels are ${levels.join(", ")}.`);
}

/** Negative when `a` is weaker than `b`, zero when they are the same, positive when it is stronger. */
export function compareLevels(a: Level, b: Level): number {
  return rank[a] - rank[b];
}

export function isAtLeast(level: Level, bound: Level): boolean {
  return rank[level] >= rank[bound];
}

export function weakest(a: Level, b: Level): Level {
  return rank[a] <= rank[b] ? a : b;
}

export function strongest(a: Level, b: Level): Level {
  return rank[a] >= rank[b] ? a : b;
}

/**
 * What cells run as in place of what their annotations say: by field (`Account.balance`), and under `*` for all others but
 * those that are copies of another cell, which are nothing without their mechanism.
 */
export type LevelAssignment = Readonly<Record<string, Level | FieldChange>>;

/** A field as it would stand after an edit. */
export interface FieldChange {
  readonly level?: Level;
  /** Of its mechanism, in place of those given: it is kept then, also at another level. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of a register: what its updates change is added, so that none is lost. */
  readonly kind?: "counter";
}
