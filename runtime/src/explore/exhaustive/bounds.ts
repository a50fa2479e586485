/** How far an exhaustive search goes. Without a limit there are infinitely many orders: timers go off for ever. */
export interface Bounds {
  /** Of a class: sessions that call its methods. Default 2. */
  readonly sessions?: number;
  /** Of a class: calls of each session. Default 2. */
  readonly operations?: number;
  /** How many timers may go off between any two other events. Default 1. */
  readonly timers?: number;
  /** Different states that are visited at most; with more, the outcome is `unknown`. Default 100,000. */
  readonly states?: number;
}

export type CheckedBounds = Required<Bounds>;

const defaultBounds: CheckedBounds = { sessions: 2, operations: 2, timers: 1, states: 100_000 };
const least: CheckedBounds = { sessions: 1, operations: 1, timers: 0, states: 1 };

/** Throws a `RangeError` for what is no bound. */
export function checkedBounds(bounds: Bounds): CheckedBounds {
  const checked = { ...defaultBounds };
  for (const name of ["sessions", "operations", "timers", "states"] as const) {
    const value = bounds[name] ?? defaultBounds[name];
    if (!Number.isSafeInteger(value) || value < least[name])
      throw new RangeError(`${name} is ${String(value)}; it has to be a whole number, ${least[name]} or more.`);
    checked[name] = value;
  }
  return checked;
}
