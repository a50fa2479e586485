/**
 * Seven hexagons of New York: H3 cells of resolution 7, around the one with Grand Central in it. A rider's phone computes
 * its cell with `latLngToCell` of h3-js. Here they are constants, as loading that library takes longer than a schedule;
 * hexagons.test.ts compares them with it.
 */
export const hexagons = [
  "872a100d6ffffff",
  "872a1008bffffff",
  "872a10725ffffff",
  "872a100d2ffffff",
  "872a100d0ffffff",
  "872a100d4ffffff",
  "872a10089ffffff",
] as const;

export type Hex = (typeof hexagons)[number];

/** In the middle, so that all the others are its neighbours. */
export const manhattan: Hex = hexagons[0];

export const leastSurge = 1;
export const mostSurge = 5;

/** By how much the surge may change in one update. */
export const largestStep = 0.1;

/** Riders for each driver, within bounds. Where nobody drives, nobody can be paid too much. */
export function wantedSurge(requests: number, drivers: number): number {
  return drivers === 0 ? mostSurge : Math.min(mostSurge, Math.max(leastSurge, requests / drivers));
}

/** Rounded to hundredths, or ten steps of 0.1 would not make 1. */
export function smoothed(current: number, wanted: number): number {
  const step = Math.min(largestStep, Math.max(-largestStep, wanted - current));
  return Math.round((current + step) * 100) / 100;
}

export interface Quote {
  readonly cents: number;
  readonly validUntilMs: number;
}

export const fiveMinutesMs = 300_000;

export const fareAt = (surge: number): number => Math.round(2_000 * surge);

export class ExpiredError extends Error {
  override readonly name = "ExpiredError";
}
