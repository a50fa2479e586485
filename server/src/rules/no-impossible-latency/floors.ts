import { majorityOf, quorumTrip } from "../../../../runtime/src/advice/latency/index.js";
import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { Region } from "../../../../runtime/src/simulation/network/regions.js";
import type { Cell, CellEffect, MechanismCall, Waits } from "../../analysis/model.js";

/** One message to a replica and its answer, as light goes through fibre along the great circle. */
export interface RoundTrip {
  readonly to: string;
  readonly km: number;
  readonly ms: number;
  /** Whose answer is waited for. */
  readonly awaits: "majority" | "quorum" | "replica";
  /** How many replicas have to answer, of how many. */
  readonly needed: number;
  readonly replicas: number;
  /** The nearest replica that is not in the region itself. */
  readonly isNearest: boolean;
  /** What it is for, in a sentence: "linearizable write". */
  readonly purpose: string;
  readonly effects: readonly CellEffect[];
}

/** What has to answer before an operation has succeeded. */
interface Demand {
  readonly awaits: RoundTrip["awaits"];
  readonly needed: number;
  readonly replicas: number;
}

/** Who waits, and where the replicas are. */
export interface Places {
  readonly from: Region;
  readonly regions: readonly Region[];
}

/** The round trips that are waited for one after the other, at least, from a region. */
export function floorOf(waits: Waits, places: Places): readonly RoundTrip[] {
  switch (waits.kind) {
    case "operation":
      return tripsOf([waits.effect], places, purposeOf(waits.effect));
    case "sequence":
      return waits.of.flatMap((each) => floorOf(each, places));
    case "together":
      return waits.of.map((each) => floorOf(each, places)).reduce((a, b) => (msOf(b) > msOf(a) ? b : a), []);
    case "either":
      return waits.of.map((each) => floorOf(each, places)).reduce((a, b) => (msOf(b) < msOf(a) ? b : a));
    case "transaction":
      return transactionFloor(certainEffects(waits.of), places);
    case "never":
      return [];
  }
}

export function msOf(trips: readonly RoundTrip[]): number {
  return trips.reduce((sum, trip) => sum + trip.ms, 0);
}

/**
 * Reads come from one snapshot, which the first of them fetches; writes are kept back until one commit. An update's read is
 * validated by that commit. Across shards the commit is two-phase (Gray, 1978): prepare, then decide.
 */
function transactionFloor(effects: readonly CellEffect[], places: Places): readonly RoundTrip[] {
  const reads = effects.filter((effect) => effect.access === "read");
  const writes = effects.filter((effect) => effect.access !== "read");
  const isTwoPhase = writes.filter(({ cell }) => cell.annotation?.mechanism?.name === "trueTime").length > 1;
  return [
    ...tripsOf(reads, places, "snapshot for the transaction"),
    ...(isTwoPhase ? tripsOf(writes, places, "first phase of a commit across shards") : []),
    ...tripsOf(writes, places, isTwoPhase ? "second phase" : "commit"),
  ];
}

/** What happens on every way through. */
function certainEffects(waits: Waits): readonly CellEffect[] {
  switch (waits.kind) {
    case "operation":
      return [waits.effect];
    case "transaction": // It joins the one around it.
      return certainEffects(waits.of);
    case "either": {
      const [first, ...others] = waits.of.map(certainEffects);
      const isIn = (effect: CellEffect, effects: readonly CellEffect[]): boolean =>
        effects.some((each) => each.cell === effect.cell && each.access === effect.access);
      return (first ?? []).filter((effect) => others.every((each) => isIn(effect, each)));
    }
    case "never":
      return [];
    default:
      return waits.of.flatMap(certainEffects);
  }
}

/** Everything in it that somebody else has to answer, whichever way is taken. */
export function demandingEffects(waits: Waits): readonly CellEffect[] {
  if (waits.kind === "operation") return isDemanding(waits.effect) ? [waits.effect] : [];
  if (waits.kind === "never") return [];
  return waits.kind === "transaction" ? demandingEffects(waits.of) : waits.of.flatMap(demandingEffects);
}

/** Effects that share one round trip: the longest that any of them needs. */
function tripsOf(effects: readonly CellEffect[], places: Places, purpose: string): readonly RoundTrip[] {
  const demanding = effects.flatMap((effect) => {
    const demand = demandOf(effect, places.regions.length);
    return demand === undefined ? [] : [{ effect, trip: tripTo(demand, places) }];
  });
  const longest = demanding.map(({ trip }) => trip).reduce((a, b) => (b.ms > a.ms ? b : a), none);
  return longest.ms === 0 ? [] : [{ ...longest, purpose, effects: demanding.map(({ effect }) => effect) }];
}

const none: RoundTrip = {
  to: "",
  km: 0,
  ms: 0,
  awaits: "replica",
  needed: 0,
  replicas: 0,
  isNearest: false,
  purpose: "",
  effects: [],
};

function purposeOf({ access, level, cellLevel }: CellEffect): string {
  return access === "read" ? `${level} read` : `${cellLevel} write`;
}

/** Somebody else has to answer it, wherever the replicas are. */
export function isDemanding(effect: CellEffect): boolean {
  return demandOf(effect, defaultReplicas) !== undefined;
}

const defaultReplicas = 3;

/** Undefined where a replica may answer alone, or where it is not known who has to. */
function demandOf({ cell, access, level, cellLevel }: CellEffect, regionCount: number): Demand | undefined {
  const isWrite = access !== "read";
  if (!isAtLeast(isWrite ? cellLevel : level, isWrite ? "sequential" : "linearizable")) return undefined;
  const mechanism = mechanismOf(cell);
  if (mechanism === undefined || !mechanism.isComplete) return undefined;
  const { name, options } = mechanism;
  switch (name) {
    case "raft": {
      // A lease, or a leader that does not ask, lets reads be answered where the leader is: that may be here.
      const reads = options["reads"] ?? "readIndex";
      const replicas = options["replicas"] ?? regionCount;
      if (typeof replicas !== "number" || (!isWrite && reads !== "readIndex")) return undefined;
      return majority(replicas);
    }
    case "orderedLog":
    case "trueTime":
      return isWrite ? majority(regionCount) : undefined;
    case "primaryReplica":
      return isWrite && options["acknowledge"] !== "async"
        ? { awaits: "replica", needed: 2, replicas: regionCount }
        : undefined;
    case "quorum": {
      const { n, r, w } = options;
      const needed = isWrite ? w : r;
      return typeof n === "number" && typeof needed === "number" && needed <= n
        ? { awaits: "quorum", needed, replicas: n }
        : undefined;
    }
    default:
      return undefined;
  }
}

function majority(replicas: number): Demand {
  return { awaits: "majority", needed: majorityOf(replicas), replicas };
}

function mechanismOf(cell: Cell): Pick<MechanismCall, "name" | "options" | "isComplete"> | undefined {
  const { annotation } = cell;
  if (annotation?.mechanism !== undefined) return annotation.mechanism;
  if (annotation === undefined || !annotation.hasDefaultMechanism) return undefined;
  return { name: annotation.level === "linearizable" ? "raft" : "orderedLog", options: {}, isComplete: true };
}

function tripTo({ awaits, needed, replicas }: Demand, places: Places): RoundTrip {
  const trip = quorumTrip({ ...places, replicas, needed });
  return trip === undefined ? none : { ...none, ...trip, awaits, needed, replicas };
}
