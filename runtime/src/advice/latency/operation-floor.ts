import { assertLevel, isAtLeast, type Level } from "../../levels.js";
import { figure } from "../figures.js";
import { latencyOver, type Place, placeOf } from "./latency-floor.js";
import { majorityOf, quorumTrip } from "./quorum-trip.js";
import { fibreOnly, type LatencyTerms } from "./terms.js";

export interface OperationRequest {
  readonly level: Level;
  readonly access: "read" | "write";
  /** Who asks. */
  readonly from: Place;
  /** Where the replicas are, one in each. */
  readonly regions: readonly Place[];
  readonly terms?: LatencyTerms;
}

export interface OperationFloor {
  /**
   * The replica whose answer is the last that is waited for; undefined where the one in the region itself answers
   * alone.
   */
  readonly to: string | undefined;
  readonly ms: number;
  /** With all terms at their most: equal to `ms` where none are given. */
  readonly mostMs: number;
  readonly arithmetic: string;
}

/**
 * How long one operation takes at least with the default mechanism of its level. Up to causal a replica answers alone,
 * the nearest one; sequential writes need a majority, while reads are local; linearizable needs a majority for both, as
 * a read has to make sure that nobody else is the leader (Ongaro, Consensus, 2014, §6.4). `terms` count where it is not
 * the replica in the region itself that answers. Throws a `RangeError` for a region that is not known, for no regions,
 * and for no level.
 */
export function operationFloor({ level, access, from, regions, terms = fibreOnly }: OperationRequest): OperationFloor {
  assertLevel(level);
  const here = placeOf(from);
  const places = regions.map(placeOf);
  const needed = needsMajority(level, access) ? majorityOf(places.length) : 1;
  const trip = quorumTrip({ from: here, regions: places, replicas: places.length, needed });
  if (trip === undefined) throw new RangeError("There is no region with a replica: name one or more in `regions`.");
  if (trip.km === 0) return { to: undefined, ms: 0, mostMs: 0, arithmetic: "answered where it is asked" };
  const { roundTripMs, mostMs, arithmetic } = latencyOver(trip.km, terms);
  const all = `${places.length} ${places.length === 1 ? "replica" : "replicas"}`;
  const which = needed === 1 ? `the nearest of ${all}` : `${needed} of ${all}, of which the last`;
  return {
    to: trip.to,
    ms: roundTripMs,
    mostMs,
    arithmetic: `${which}, ${trip.to}, is ${figure(trip.km)} km from ${here.name}: ${arithmetic}`,
  };
}

/** Whether others have to answer, with the default mechanism of a level. */
export function needsMajority(level: Level, access: "read" | "write"): boolean {
  return isAtLeast(level, access === "write" ? "sequential" : "linearizable");
}
