import { assertLevel, isAtLeast, type Level } from "../../levels.js";

/** What an expectation of availability rests on. */
export interface AvailabilityModel {
  /** Where the figures are from: shown wherever they are. */
  readonly source: string;
  /** Share of the time that one replica is up. */
  readonly replica: number;
  /** Share of the time that a region is cut off from the majority. */
  readonly cutOff: number;
}

/**
 * A replica that is up for 99.9 % of the time, as the document has it for eventual, and a region cut off for 0.9 %,
 * with which linearizable comes to the 99 % that the document has for it.
 */
export const documentAvailability: AvailabilityModel = {
  source: "the document's model, corrected",
  replica: 0.999,
  cutOff: 0.009,
};

export interface Availability {
  readonly reads: number;
  readonly writes: number;
}

/**
 * The share of operations that are answered, by clients that stay in their region. Where a replica answers alone, it
 * has to be up; a majority has to be up and in reach as well. A weaker level is never less available. Throws a
 * `RangeError` for a share beyond 0 to 1, for no replicas, and for a level that there is not.
 */
export function availabilityOf(
  level: Level,
  replicas: number,
  model: AvailabilityModel = documentAvailability,
): Availability {
  const { replica, cutOff } = model;
  assertLevel(level);
  for (const [name, share] of Object.entries({ replica, cutOff }))
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${name} is ${share}: give a share between 0 and 1.`);
  if (!Number.isSafeInteger(replicas) || replicas < 1)
    throw new RangeError(`There are ${replicas} replicas: give a whole number, 1 or more.`);
  const alone = replica;
  // One replica is its own majority, and nobody can cut it off from itself.
  const reach = replicas === 1 ? 1 : 1 - cutOff;
  const majority = replica * reach * atLeastUp(Math.floor(replicas / 2), replicas - 1, replica);
  return {
    reads: isAtLeast(level, "linearizable") ? majority : alone,
    writes: isAtLeast(level, "sequential") ? majority : alone,
  };
}

/** The probability that at least so many of so many are up: a sum of binomial terms. */
function atLeastUp(needed: number, all: number, share: number): number {
  let sum = 0;
  for (let up = needed; up <= all; up++) {
    let term = 1;
    for (let i = 0; i < up; i++) term *= (share * (all - i)) / (i + 1);
    for (let i = up; i < all; i++) term *= 1 - share;
    sum += term;
  }
  // Rounding may carry a sum of all terms past one.
  return Math.min(1, sum);
}
