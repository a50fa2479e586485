/** The clock outside of simulation: one that only goes forward, and what a calendar said when this module was loaded. */
export interface EmbeddedClock {
  /** Microseconds. */
  nowUs(): number;
  /** The wall clock, in ISO 8601. */
  wallClock(): string;
  /** The wall clock, in milliseconds since 1970. */
  wallMs(): number;
}

// Taken when the module loads: a test runner's fake timers must not stop the time of what is recorded.
const { performance } = globalThis;
const WallClock = Date;

export const embeddedClock: EmbeddedClock = {
  nowUs: () => Math.round(performance.now() * 1_000),
  wallClock: () => new WallClock().toISOString(),
  wallMs: () => WallClock.now(),
};
