import type { Anomaly } from "../history/history.js";
import type { LevelAssignment } from "../levels.js";
import type { Site, Trace } from "../simulation/trace.js";
import type { Figure } from "./figures.js";
import type { Measurements } from "./measurements.js";

export type Outcome = "violated" | "holds" | "unknown";
export type ViolationKind = "invariant" | "divergence" | "guarantee" | "error" | "liveness";

/** What exploring one scenario found. Sites are positions in the compiled code; who has its source map maps them. */
export interface ExploreReport {
  readonly target: string;
  readonly seed: number;
  /** Schedules run, which is fewer than asked for after a cancellation or a deadline. */
  readonly schedules: number;
  /** Schedules that judged nothing. */
  readonly vacuous: number;
  readonly outcome: Outcome;
  /** Why the outcome is `unknown`; null otherwise. */
  readonly reason: string | null;
  readonly violations: readonly Violation[];
  readonly operations: readonly OperationStatistics[];
  /** What the scenario measured, if anything. */
  readonly figures?: readonly Figure[];
  /** How often each fault really took effect, over all schedules. */
  readonly faultsFired: Readonly<Record<string, number>>;
  /** Virtual milliseconds simulated over all schedules. */
  readonly simulatedMs: number;
  /** Where levels were assigned. */
  readonly measurements?: Measurements;
}

export interface Violation {
  readonly kind: ViolationKind;
  /** The check, the `converged` predicate, the invariant, or the promise that broke. */
  readonly name: string;
  readonly anomaly: Anomaly["name"] | null;
  /** The first schedule that shows it. */
  readonly seed: number;
  /** How many schedules show it. */
  readonly count: number;
  readonly message: string;
  readonly expected: string | null;
  readonly observed: string | null;
  /** What the judgement had read: `alice.balance`, `70`. */
  readonly reads: readonly { readonly label: string; readonly value: string }[];
  /** Labels of the cells it is about. */
  readonly cells: readonly string[];
  /** Where to look first: an operation that races, else the check itself. */
  readonly site: Site | null;
  readonly related: readonly { readonly site: Site; readonly message: string }[];
  /** One sentence: why this can happen at the declared level. */
  readonly why: string | null;
  /** What to do about it, in order of preference. */
  readonly remedies: readonly string[];
  /** By remedy, what a run can be given to try it (`ScheduleChoice.levels`); null where only a person can. */
  readonly changes?: readonly (LevelAssignment | null)[];
  /** The domain that broke its level's promise: what its mechanism notes in the trace tells how. */
  readonly domain: string | null;
  /** Trace event id (`OperationEvent.id`) → mark: ① is 1. The operations that race. */
  readonly racing: readonly number[];
}

export interface OperationStatistics {
  readonly name: string;
  readonly region: string;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** One traced schedule. `digest` is equal for equal code, options and seed, on every machine. */
export interface SimulationResult {
  readonly seed: number;
  readonly digest: string;
  readonly vacuous: boolean;
  readonly violations: readonly Violation[];
  readonly trace: Trace;
}
