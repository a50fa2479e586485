/** Checks that several kinds of faults share; each throws a RangeError that says what is wrong, where, and what to give. */

/** The region a fault strikes, also of a fault that came as JSON. */
export function checkedRegion(fault: string, region: unknown): string {
  if (typeof region !== "string")
    throw new RangeError(`${fault}: region is ${shown(region)}; it has to be a region's name, such as "nyc".`);
  return region;
}

/** A share of messages: `lossRatio` and the like. */
export function checkedRatio(fault: string, parameter: string, ratio: unknown): number {
  if (typeof ratio !== "number" || !(ratio >= 0 && ratio <= 1))
    throw new RangeError(`${fault}: ${parameter} is ${shown(ratio)}; it has to be a number from 0 to 1.`);
  return ratio;
}

/** The longest that a message may be kept: beyond it, one could arrive when the run has long been judged. */
const longestMs = 60_000;

/** A time that messages are kept back for: `delayMs`, `heldMs`. */
export function checkedDelay(fault: string, parameter: string, delayMs: unknown): number {
  if (typeof delayMs !== "number" || !(delayMs > 0 && delayMs <= longestMs))
    throw new RangeError(
      `${fault}: ${parameter} is ${shown(delayMs)}; it has to be a number of milliseconds above 0, at most ${longestMs}.`,
    );
  return delayMs;
}

/** A text in quotes, so that "0" is not taken for a number. */
export const shown = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value));
