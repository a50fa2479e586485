/** What the ambient world is while a schedule runs: the simulation's clock, scheduler and randomness. */
export interface VirtualHost {
  /** Virtual microseconds since the run was ready. */
  nowUs(): number;
  /** Calls `run` once, `delayUs` from now, and answers with an id for `clearTimer`. */
  setTimer(run: () => void, delayUs: number): number;
  clearTimer(id: number): void;
  /** Uniform in [0, 1). */
  random(): number;
  /** User code reached outside the simulation. Called before the error is thrown, so that catching it hides nothing. */
  forbidden(what: string, error: Error): void;
  /** A timer's callback threw. Absent: the error is thrown out of the timer's `run`. */
  uncaught?(error: unknown): void;
}

let active: VirtualHost | undefined;

/** The host of the schedule that runs now; undefined between schedules, when patched functions act as the real ones. */
export function activeHost(): VirtualHost | undefined {
  return active;
}

/** Returns the host that was active before. */
export function activate(host: VirtualHost | undefined): VirtualHost | undefined {
  const previous = active;
  active = host;
  return previous;
}

/** Virtual time starts here, so that dates in a schedule are plausible and the same on every run. */
export const epochMs = Date.UTC(2026, 0, 1);

export function wallClockMs(host: VirtualHost): number {
  return epochMs + Math.floor(host.nowUs() / 1000);
}
