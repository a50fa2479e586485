import type { Level } from "../levels.js";
import {
  checkOptions,
  choice,
  count,
  countUpTo,
  flag,
  milliseconds,
  type OptionProblem,
  type OptionTable,
  ratio,
  required,
  text,
} from "../validation/options.js";
import { isAtomicQuorum, type QuorumConfiguration, refusedByAtomicQuorum } from "./atomic-quorum.js";
import { findOrigin } from "./cached-origin.js";
import { gossipDefaults, primaryReplicaDefaults, quorumDefaults, raftDefaults, trueTimeDefaults } from "./defaults.js";

/** A mechanism as `raft({ reads: "lease" })` returns it: data only, defaults filled in; checked where a level takes it. */
export interface MechanismOptions {
  readonly mechanism: MechanismId;
  readonly options: Readonly<Record<string, unknown>>;
}

export type MechanismId =
  | "isolated"
  | "cache"
  | "gossip"
  | "causalBroadcast"
  | "orderedLog"
  | "raft"
  | "primaryReplica"
  | "multiPrimary"
  | "quorum"
  | "trueTime";

export interface CacheOptions {
  /** Name of the cell of the same class that this one is a copy of. */
  readonly origin: string;
  /** How long a copy is served before the origin is asked again, in milliseconds. */
  readonly ttlMs: number;
}

export interface GossipOptions {
  /** Time between two rounds of anti-entropy, in milliseconds. */
  readonly intervalMs?: number;
  /** How many peers a replica sends an operation to at once; all unless told. Anti-entropy reaches the others. */
  readonly fanout?: number;
}

export interface OrderedLogOptions {
  /**
   * Which log, by a name of your own. Cells with one name have one order; cells with different names have orders of their
   * own, of which nothing is promised together, as with partitions of a Kafka topic. Unless told: the one without a name.
   */
  readonly partition?: string;
}

export interface RaftOptions {
  /** Number of replicas; one per configured region unless told. */
  readonly replicas?: number;
  /**
   * `readIndex`: the leader confirms with a majority that it still leads. `lease`: it trusts its clock instead.
   * `leader`: it just answers, and may be a leader no more.
   */
  readonly reads?: "readIndex" | "lease" | "leader";
  /** By how much two clocks may run apart for leases to hold: 0.01, the default, is 10 ms in a second. */
  readonly maxDriftRatio?: number;
}

export interface PrimaryReplicaOptions {
  readonly reads?: "primary" | "local";
  /** Who has a write before it is acknowledged: every replica in the primary's view, one other, none. */
  readonly acknowledge?: "sync" | "semiSync" | "async";
  readonly failover?: "manual" | "automatic";
  /** Whether a primary that was replaced is kept from accepting writes. */
  readonly fencing?: boolean;
}

export interface QuorumOptions {
  /** Number of replicas of a value. */
  readonly n: number;
  /** How many of them a read waits for. */
  readonly r: number;
  /** How many of them a write waits for. */
  readonly w: number;
  /** A read writes what it returns to a quorum first (Attiya, Bar-Noy and Dolev, 1995). */
  readonly writeBack?: boolean;
  readonly readRepair?: boolean;
  readonly hintedHandoff?: boolean;
  /** Writes may count replicas outside the n when those cannot be reached. */
  readonly sloppy?: boolean;
}

export interface TrueTimeOptions {
  /** Bound of the clocks' uncertainty in milliseconds; 7 unless told (Corbett et al., Spanner, OSDI 2012, §3). */
  readonly epsilonMs?: number;
  /** Whether a commit waits until its timestamp has passed everywhere. */
  readonly commitWait?: boolean;
}

/** Every node for itself: a write lives on the node that took it. Claims none. */
export const isolated = (): MechanismOptions => declare("isolated", {}, {}, {});

/** A copy of another cell, served for a while: CDN, DNS, memcached. Claims none. */
export const cache = (options: CacheOptions): MechanismOptions => {
  const declaration = declare(
    "cache",
    { origin: required(text("the name of a cell of the same class")), ttlMs: required(milliseconds()) },
    {},
    options,
  );
  traits.set(declaration, { findOrigin });
  return declaration;
};

/** Each operation is sent once to the peers; anti-entropy brings what was lost. Claims eventual. */
export const gossip = (options: GossipOptions = {}): MechanismOptions =>
  declare("gossip", { intervalMs: milliseconds(), fanout: count() }, gossipDefaults, options);

/** An operation waits at each replica until all that it depends on is there. Claims causal. */
export const causalBroadcast = (): MechanismOptions => declare("causalBroadcast", {}, {}, {});

/** Writes get their place in one log from a majority; reads are local. Claims sequential. */
export const orderedLog = (options: OrderedLogOptions = {}): MechanismOptions =>
  declare("orderedLog", { partition: text("the name of a log") }, {}, options);

/** Replicated log with an elected leader. Claims linearizable, with `reads: "leader"` eventual. */
export const raft = (options: RaftOptions = {}): MechanismOptions =>
  declare(
    "raft",
    { replicas: count(), reads: choice("readIndex", "lease", "leader"), maxDriftRatio: ratio() },
    raftDefaults,
    options,
  );

/** One primary takes the writes; the first region listed is the first primary. What it claims depends on the options. */
export const primaryReplica = (options: PrimaryReplicaOptions = {}): MechanismOptions =>
  declare(
    "primaryReplica",
    {
      reads: choice("primary", "local"),
      acknowledge: choice("sync", "semiSync", "async"),
      failover: choice("manual", "automatic"),
      fencing: flag(),
    },
    primaryReplicaDefaults,
    options,
  );

/** Every region takes writes; conflicts are settled by the cell's own `merge` or `conflict`. Claims eventual. */
export const multiPrimary = (): MechanismOptions => declare("multiPrimary", {}, {}, {});

/** Reads and writes wait for r and w of n replicas. Linearizable only where quorums intersect and reads write back. */
export const quorum = (options: QuorumOptions): MechanismOptions => {
  const ofN = required(countUpTo(options?.n));
  const declaration = declare(
    "quorum",
    {
      n: required(count()),
      r: ofN,
      w: ofN,
      writeBack: flag(),
      readRepair: flag(),
      hintedHandoff: flag(),
      sloppy: flag(),
    },
    quorumDefaults,
    options,
  );
  const isAtomic = isAtomicQuorum(declaration.options as unknown as QuorumConfiguration);
  if (isAtomic) traits.set(declaration, { refuses: refusedByAtomicQuorum });
  return declaration;
};

/** Timestamps from clocks of bounded uncertainty over sharded Raft groups. Claims linearizable if commits wait. */
export const trueTime = (options: TrueTimeOptions = {}): MechanismOptions =>
  declare("trueTime", { epsilonMs: milliseconds(), commitWait: flag() }, trueTimeDefaults, options);

/** By what the functions above returned: what is wrong in it, if anything. */
const declared = new WeakMap<object, OptionProblem | undefined>();

/** An error has to name class and field, which only the level knows that takes the mechanism: so it waits until then. */
function declare(
  mechanism: MechanismId,
  table: OptionTable,
  defaults: Readonly<Record<string, unknown>>,
  given: object,
): MechanismOptions {
  const options = Object.freeze({ mechanism, options: Object.freeze({ ...defaults, ...given }) });
  const problem = checkOptions(table, given);
  declared.set(options, problem && { ...problem, option: `mechanism${problem.option && "."}${problem.option}` });
  return options;
}

/**
 * What a mechanism cannot do for a cell of a level that it otherwise provides; undefined when it can. It is asked before
 * a deployment is, so that the embedded one refuses the same.
 */
export type Refuses = (
  cell: { readonly type: { readonly name: string }; readonly level: Level },
  operation: string,
  inTransaction: boolean,
) => { readonly problem: string; readonly help: string } | undefined;

/** The name of the cell that a cell is a copy of. Throws `AnnotationError` where there is none that it could be. */
export type FindsOrigin = (copy: {
  /** `Product.shownPrice` */
  readonly field: string;
  readonly name: string;
  readonly mechanism: MechanismOptions;
  /** Of all that the object has. */
  readonly names: readonly string[];
  cellAt(name: string): { readonly type: string; readonly mechanism: MechanismOptions | undefined } | undefined;
}) => string;

interface MechanismTraits {
  readonly refuses?: Refuses;
  readonly findOrigin?: FindsOrigin;
}

/** Filled by the functions above, so that an application carries only what the mechanisms that it names bring along. */
const traits = new WeakMap<object, MechanismTraits>();

export const traitsOf = (options: MechanismOptions): MechanismTraits => traits.get(options) ?? {};

export const isMechanism = (value: unknown): value is MechanismOptions =>
  typeof value === "object" && value !== null && declared.has(value);

export const mechanismProblem = (options: MechanismOptions | undefined): OptionProblem | undefined =>
  options && declared.get(options);
