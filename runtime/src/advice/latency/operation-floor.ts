import { isAtLeast, type Level } from "../../levels.js";
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
  /** The replica whose answer is the last that is waited for; undefined: the one in the region itself answers alone. */
  readonly to: string | undefined;
  readonly ms: number;
  /** With all terms at their most: equal to `ms` where none are given. */
  readonly mostMs: number;
  readonly arithmetic: string;
}

/**
 * How long one operation takes at least with the default mechanism of its level. Up to causal a replica answers alone;
 * sequential writes need a majority, while reads are local; linearizable needs a majority for both, as a read has to make
 * sure that nobody else is the leader (Ongaro, Consensus, 2014, §6.4). `terms` count where others are asked. Throws a `RangeError` for a region that is not known.
 */
export function operationFloor({ level, access, from, regions, terms = fibreOnly }: OperationRequest): OperationFloor {
  const here = placeOf(from);
  const local = { to: undefined, ms: 0, mostMs: 0, arithmetic: "answered where it is asked" };
  if (!needsMajority(level, access)) return local;
  const places = regions.map(placeOf);
  const needed = majorityOf(places.length);
  const trip = quorumTrip({ from: here, regions: places, replicas: places.length, needed });
  if (trip === undefined || trip.km === 0) return local;
  const { roundTripMs, mostMs, arithmetic } = latencyOver(trip.km, terms);
  return {
    to: trip.to,
    ms: roundTripMs,
    mostMs,
    arithmetic: `${needed} of ${places.length} replicas, of which the last, ${trip.to}, is ${figure(trip.km)} km from ${here.name}: ${arithmetic}`,
  };
}

/** Whether others have to answer, with the default mechanism of a level. */
export function needsMajority(level: Level, access: "read" | "write"): boolean {
  return isAtLeast(level, access === "write" ? "sequential" : "linearizable");
}
