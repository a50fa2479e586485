import { distanceKm, findRegion, lightKmPerSecond, type Region, regions } from "../../simulation/network/regions.js";
import { figure } from "../figures.js";
import { cloudRegions } from "./cloud-regions.js";
import { assertTerms, fibreOnly, type LatencyTerms, vacuumOnly } from "./terms.js";

/** One term of a latency: `leastMs` is `mostMs` where nothing is left open. */
export interface LatencyStep {
  readonly name: "distance" | "routing" | "switching" | "handshakes" | "processing";
  readonly leastMs: number;
  readonly mostMs: number;
  /** As people check it: "2 × 10,852 km ÷ 199,861 km/s (light in fibre) = 109 ms". */
  readonly arithmetic: string;
}

/** How long a question and its answer take over a distance, at least. */
export interface Latency {
  readonly distanceKm: number;
  /** One way, by distance alone. */
  readonly oneWayMs: number;
  /** A round trip with all terms at their least. */
  readonly roundTripMs: number;
  /** The same with all at their most: equal to `roundTripMs` where terms are not given. */
  readonly mostMs: number;
  /** The same distance through nothing, with nothing on the way. */
  readonly vacuumRoundTripMs: number;
  /** Those that take any time; the distance always is one. */
  readonly steps: readonly LatencyStep[];
  /** All of them, and what they come to. */
  readonly arithmetic: string;
}

export interface LatencyFloor extends Latency {
  readonly from: string;
  readonly to: string;
}

/** The name of a region that `regions` has, what a cloud calls it (`us-east-1`), or a place of one's own. */
export type Place = string | Region;

/**
 * The least that a round trip between two places takes: light in fibre along the great circle, and what `terms` add. In
 * milliseconds. Throws a `RangeError` for a region that is not known, and for terms that cannot be.
 *
 * Great circle on a sphere of the Earth's mean radius (IUGG), which is within about half a per cent of the ellipsoid.
 */
export function latencyFloor(from: Place, to: Place, terms: LatencyTerms = fibreOnly): LatencyFloor {
  const [a, b] = [placeOf(from), placeOf(to)];
  return { from: a.name, to: b.name, ...latencyOver(distanceKm(a, b), terms) };
}

/** The same over so many kilometres. */
export function latencyOver(km: number, terms: LatencyTerms = fibreOnly): Latency {
  if (!(km >= 0 && Number.isFinite(km))) throw new RangeError(`The distance is ${km} km: give 0 or more.`);
  assertTerms(terms);
  const steps = stepsOf(km, terms);
  const sum = (bound: "leastMs" | "mostMs"): number => steps.reduce((total, step) => total + step[bound], 0);
  const [roundTripMs, mostMs] = [sum("leastMs"), sum("mostMs")];
  return {
    distanceKm: km,
    oneWayMs: propagationMs(km, terms.fibreFactor),
    roundTripMs,
    mostMs,
    vacuumRoundTripMs: 2 * propagationMs(km, vacuumOnly.fibreFactor),
    steps,
    arithmetic: arithmeticOf(steps, roundTripMs, mostMs),
  };
}

/**
 * The region of that name, called as it was asked for. Throws a `RangeError` for one that is not known, or not on
 * Earth.
 */
export function placeOf(place: Place): Region {
  if (typeof place !== "string") return onEarth(place);
  const found = findRegion(place) ?? cloudRegions.get(place);
  if (found !== undefined) return { ...found, name: place };
  const names = regions.map(({ name }) => name).join(", ");
  throw new RangeError(
    `There is no region "${place}". Name one of ${names}, what a cloud calls it (us-east-1, europe-west4, eastus2 …), or give your own { name, latitude, longitude }.`,
  );
}

function onEarth(place: Region): Region {
  const { name, latitude, longitude } = place;
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return place;
  throw new RangeError(
    `${name} is at latitude ${latitude}, longitude ${longitude}: give degrees, to 90 north and 180 east, negative the other way.`,
  );
}

function propagationMs(km: number, factor: number): number {
  return (km / (lightKmPerSecond / factor)) * 1_000;
}

function stepsOf(km: number, terms: LatencyTerms): readonly LatencyStep[] {
  const { fibreFactor, routing, switching, handshakes } = terms;
  const distanceMs = 2 * propagationMs(km, fibreFactor);
  const speed = Math.floor(lightKmPerSecond / fibreFactor);
  const medium = fibreFactor === 1 ? "light in vacuum" : "light in fibre";
  const added = (name: "routing" | "switching" | "processing"): readonly LatencyStep[] => {
    const { leastMs, mostMs } = terms[name];
    return mostMs === 0 ? [] : [{ name, leastMs, mostMs, arithmetic: `${name} ${spanText(leastMs, mostMs)}` }];
  };
  // Every handshake goes the whole way, through the same routers and switches.
  const least = handshakes * (distanceMs + routing.leastMs + switching.leastMs);
  const most = handshakes * (distanceMs + routing.mostMs + switching.mostMs);
  return [
    {
      name: "distance",
      leastMs: distanceMs,
      mostMs: distanceMs,
      arithmetic: `2 × ${figure(km)} km ÷ ${figure(speed)} km/s (${medium}) = ${figure(distanceMs)} ms`,
    },
    ...added("routing"),
    ...added("switching"),
    ...(handshakes === 0
      ? []
      : [
          {
            name: "handshakes" as const,
            leastMs: least,
            mostMs: most,
            arithmetic: `${handshakes === 1 ? "a handshake" : `${handshakes} handshakes`} ${spanText(least, most)}`,
          },
        ]),
    ...added("processing"),
  ];
}

function arithmeticOf(steps: readonly LatencyStep[], leastMs: number, mostMs: number): string {
  const terms = steps.map(({ arithmetic }) => arithmetic);
  return terms.length === 1 ? terms.join("") : `${terms.join(" + ")}: together ${spanText(leastMs, mostMs)}`;
}

function spanText(leastMs: number, mostMs: number): string {
  return leastMs === mostMs ? `${figure(leastMs)} ms` : `${figure(leastMs)}–${figure(mostMs)} ms`;
}
