import {
  causalBroadcast,
  gossip,
  isolated,
  type Level,
  lastWriterWins,
  type MechanismOptions,
  multiPrimary,
  orderedLog,
  type PrimaryReplicaOptions,
  primaryReplica,
  type QuorumOptions,
  quorum,
  type RaftOptions,
  raft,
  type TrueTimeOptions,
  trueTime,
} from "../../runtime/src/index.js";
import {
  clocks,
  cutOff,
  driftBeyond,
  driftWithin,
  type FaultMix,
  links,
  promotions,
  random,
  skewWithin,
} from "./fault-mixes.js";
import { copyAt, type Merging, type SubjectClass, subjectAt } from "./subject.js";
import { defaultTraffic, type Traffic } from "./workload.js";

/** One way to set a mechanism up, and what it claims within its fault model. */
export interface Configuration {
  readonly id: string;
  /** As a program writes it. */
  readonly code: string;
  /** The class to ask at a level, which may be more than it claims. */
  readonly subjectAt: (level: Level) => SubjectClass;
  /** From which level up all but plain reads and writes of registers is refused. */
  readonly plainFrom: Level | undefined;
  /** The strongest level that holds. */
  readonly claims: Level;
  /** What `claims` rests on, where the options do not say it. */
  readonly provided: string | undefined;
  /** The fault model, in mixes that all stay within it. */
  readonly mixes: readonly FaultMix[];
  readonly traffic: Traffic;
}

const everywhere = [random, clocks, links];
const five = ["nyc", "london", "tokyo", "sydney", "sao-paulo"];
/** Two neighbours and one far away: when that one is cut off, they elect and commit before it gives up. */
const lopsided: Partial<Traffic> = {
  regions: ["sydney", "london", "paris"],
  length: 40,
  pausesMs: [60],
  readsOfTen: 8,
};
/** So near each other that a majority answers in less than 2ε: elsewhere the way there and back hides the commit wait. */
const near: Partial<Traffic> = { regions: ["paris", "london", "dublin"], length: 15, pausesMs: [20, 60] };

/** The table of `semantics.md`, row by row, each with the options that it leaves open. */
export const configurations: readonly Configuration[] = [
  configuration("isolated", "isolated()", isolated(), "none"),
  {
    id: "cache",
    code: 'cache({ origin: "source", ttlMs: 300 })',
    subjectAt: (level) => copyAt(level, 300),
    claims: "none",
    provided: undefined,
    plainFrom: "none",
    mixes: everywhere,
    traffic: defaultTraffic,
  },
  configuration("gossip", "gossip()", gossip(), "eventual"),
  configuration(
    "gossip-rarely",
    "gossip({ intervalMs: 3000, fanout: 1 })",
    gossip({ intervalMs: 3000, fanout: 1 }),
    "eventual",
  ),
  configuration("multi-primary", "multiPrimary()", multiPrimary(), "eventual"),
  configuration(
    "multi-primary-function",
    'multiPrimary(), merge: Math.max, conflict: "remove-wins"',
    multiPrimary(),
    "eventual",
    {
      merging: { merge: Math.max, conflict: "remove-wins" },
    },
  ),
  configuration(
    "multi-primary-wall-clock",
    "multiPrimary(), merge: lastWriterWins.wallClock",
    multiPrimary(),
    "eventual",
    {
      merging: { merge: lastWriterWins.wallClock },
    },
  ),
  configuration("causal-broadcast", "causalBroadcast()", causalBroadcast(), "causal"),
  configuration("ordered-log", "orderedLog()", orderedLog(), "sequential"),
  ...rafts(),
  ...primaries(),
  ...quorums(),
  ...trueTimes(),
];

function rafts(): readonly Configuration[] {
  const of = (id: string, options: RaftOptions, claims: Level, given: Given = {}) =>
    configuration(id, `raft(${codeOf(options)})`, raft(options), claims, given);
  return [
    of("raft", {}, "linearizable"),
    of("raft-5", { replicas: 5 }, "linearizable", { provided: "five regions", traffic: { regions: five } }),
    of("raft-7", { replicas: 7 }, "linearizable"),
    of("raft-lease", { reads: "lease" }, "linearizable", { mixes: [...everywhere, driftWithin(0.01)] }),
    of("raft-lease-loose", { reads: "lease", maxDriftRatio: 0.25 }, "linearizable", {
      mixes: [driftWithin(0.25)],
      traffic: lopsided,
    }),
    of("raft-lease-beyond", { reads: "lease" }, "eventual", {
      provided: "with clocks that drift beyond the bound",
      mixes: [driftBeyond],
      traffic: lopsided,
    }),
    of("raft-leader", { reads: "leader" }, "eventual", { mixes: [cutOff, ...everywhere], traffic: lopsided }),
  ];
}

function primaries(): readonly Configuration[] {
  const of = (id: string, options: PrimaryReplicaOptions, claims: Level, given: Given = {}) =>
    configuration(`primary-${id}`, `primaryReplica(${codeOf(options)})`, primaryReplica(options), claims, given);
  const promoted = { mixes: [...everywhere, promotions], provided: "also when replicas are promoted by hand" };
  const neverPromoted = { provided: "never promoted" };
  const onlyPromoted = { mixes: [promotions], provided: "promoted by hand" };
  const automatic = { failover: "automatic" } as const;
  const local = { reads: "local" } as const;
  const [semiSync, async] = [{ acknowledge: "semiSync" }, { acknowledge: "async" }] as const;
  return [
    of("sync", {}, "linearizable", promoted),
    of("sync-automatic", automatic, "linearizable", promoted),
    of("sync-automatic-5", automatic, "linearizable", {
      ...promoted,
      provided: "five regions, also when replicas are promoted by hand",
      traffic: { regions: five },
    }),
    of("semi-sync", semiSync, "linearizable", neverPromoted),
    of("async", async, "linearizable", neverPromoted),
    of("local", local, "eventual", promoted),
    of("local-automatic", { ...local, ...automatic }, "eventual", promoted),
    of("local-semi-sync", { ...local, ...semiSync }, "eventual", neverPromoted),
    of("local-async", { ...local, ...async }, "eventual", neverPromoted),
    of("semi-sync-promoted", semiSync, "none", onlyPromoted),
    of("async-promoted", async, "none", onlyPromoted),
    of("local-async-promoted", { ...local, ...async }, "none", onlyPromoted),
    of("semi-sync-automatic", { ...semiSync, ...automatic }, "none", { mixes: [promotions, ...everywhere] }),
    of("async-automatic", { ...async, ...automatic }, "none", { mixes: [promotions, ...everywhere] }),
    of("unfenced", { ...automatic, fencing: false }, "none", { mixes: [promotions, ...everywhere] }),
    of("unfenced-manual", { fencing: false }, "none", onlyPromoted),
  ];
}

function quorums(): readonly Configuration[] {
  const of = (id: string, options: QuorumOptions, claims: Level, given: Given = {}) =>
    configuration(`quorum-${id}`, `quorum(${codeOf(options)})`, quorum(options), claims, given);
  const plain = { plainFrom: "causal", provided: "plain reads and writes of registers" } as const;
  const majorities = { n: 3, r: 2, w: 2 };
  const five = { n: 5, r: 3, w: 3 };
  return [
    of("majorities", majorities, "linearizable", plain),
    of("five", { ...five, readRepair: true, hintedHandoff: true }, "linearizable", plain),
    of("read-one", { n: 3, r: 1, w: 3 }, "linearizable", plain),
    of("two", { n: 2, r: 1, w: 2 }, "linearizable", plain),
    of("small", { n: 3, r: 1, w: 1 }, "eventual"),
    of("small-writes", { n: 3, r: 3, w: 1 }, "eventual"),
    of("no-write-back", { ...five, writeBack: false }, "eventual"),
    of("read-repair", { ...five, writeBack: false, readRepair: true }, "eventual"),
    of("sloppy", { ...majorities, sloppy: true }, "eventual"),
    of("sloppy-hinted", { ...majorities, sloppy: true, hintedHandoff: true }, "eventual"),
  ];
}

function trueTimes(): readonly Configuration[] {
  const of = (id: string, options: TrueTimeOptions, claims: Level, given: Given = {}) =>
    configuration(id, `trueTime(${codeOf(options)})`, trueTime(options), claims, given);
  // Its clocks are what it stands on, so the mixes keep them within the uncertainty that they state.
  const mixes = [random, links, skewWithin(7)];
  return [
    of("true-time", {}, "linearizable", { mixes }),
    of("true-time-wide", { epsilonMs: 40 }, "linearizable", { mixes: [skewWithin(40)], traffic: near }),
    of("true-time-no-wait", { commitWait: false }, "eventual", { mixes, traffic: near }),
    of("true-time-no-wait-wide", { epsilonMs: 40, commitWait: false }, "eventual", {
      mixes: [skewWithin(40)],
      traffic: near,
    }),
  ];
}

interface Given {
  readonly merging?: Merging;
  readonly plainFrom?: Level;
  readonly provided?: string;
  readonly mixes?: readonly FaultMix[];
  readonly traffic?: Partial<Traffic>;
}

function configuration(
  id: string,
  code: string,
  mechanism: MechanismOptions,
  claims: Level,
  { merging = {}, plainFrom, provided, mixes = everywhere, traffic = {} }: Given = {},
): Configuration {
  return {
    ...{ id, code, claims, provided, mixes, plainFrom },
    subjectAt: (level) => subjectAt(level, mechanism, merging),
    traffic: { ...defaultTraffic, ...traffic },
  };
}

/** `{ reads: "lease" }`, or nothing. */
function codeOf(options: object): string {
  const entries = Object.entries(options).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return entries.length === 0 ? "" : `{ ${entries.join(", ")} }`;
}
