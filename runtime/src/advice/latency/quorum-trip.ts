import { distanceKm, fibreKmPerSecond, type Region } from "../../simulation/network/regions.js";

export interface QuorumRequest {
  /** Who asks. */
  readonly from: Region;
  /** Where replicas are, one in each; where there are more of them, they are placed round the regions in order. */
  readonly regions: readonly Region[];
  readonly replicas: number;
  /** How many of them have to answer. */
  readonly needed: number;
}

/** The round trip to the last replica that has to answer. */
export interface QuorumTrip {
  readonly to: string;
  readonly km: number;
  /** Light in fibre along the great circle, there and back. */
  readonly ms: number;
  /** It is the nearest replica that is not in the region itself. */
  readonly isNearest: boolean;
}

/** How many of so many replicas are more than half. */
export function majorityOf(replicas: number): number {
  return Math.floor(replicas / 2) + 1;
}

/**
 * How long it takes at least until so many replicas have answered. A leader or coordinator may be right here, so that of the
 * four ways through it two are left out. Undefined if there are not as many.
 */
export function quorumTrip({ from, regions, replicas, needed }: QuorumRequest): QuorumTrip | undefined {
  const placed = Array.from({ length: replicas }, (_, index) => regions[index % regions.length] as Region);
  const byDistance = placed
    .map((region) => ({ to: region.name, km: distanceKm(from, region) }))
    .sort((a, b) => a.km - b.km);
  const last = byDistance[needed - 1];
  if (last === undefined) return undefined;
  const isNearest = byDistance.find(({ km }) => km > 0)?.to === last.to;
  return { ...last, ms: ((2 * last.km) / fibreKmPerSecond) * 1_000, isNearest };
}
