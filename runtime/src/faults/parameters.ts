/** Checks that several kinds of faults share; each throws a RangeError that says what is wrong, where, and what to give. */

/** The region a fault strikes, also of a fault that came as JSON. */
export function checkedRegion(fault: string, region: unknown): string {
  if (typeof region !== "string") throw new RangeError(`${fault}: the first argument is a region's name.`);
  return region;
}

/** A share of messages. */
export function checkedRatio(fault: string, ratio: unknown): number {
  if (typeof ratio !== "number" || !(ratio >= 0 && ratio <= 1))
    throw new RangeError(`${fault}: the ratio is ${String(ratio)}; it has to be a number from 0 to 1.`);
  return ratio;
}

/** The longest that a message may be kept: beyond it, one could arrive when the run has long been judged. */
const longestMs = 60_000;

/** A time that messages are kept back for. */
export function checkedDelay(fault: string, delayMs: unknown): number {
  if (typeof delayMs !== "number" || !(delayMs > 0 && delayMs <= longestMs))
    throw new RangeError(
      `${fault}: the delay is ${String(delayMs)}; it has to be a number of milliseconds above 0, at most ${longestMs}.`,
    );
  return delayMs;
}
