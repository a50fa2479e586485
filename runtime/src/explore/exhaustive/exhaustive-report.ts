import type { Decisions } from "../decisions.js";
import type { ExploreReport } from "../report.js";

/** Every order in which events can come, within bounds. */
export interface ExhaustiveReport extends ExploreReport {
  /** Different states in which there was something to choose. */
  readonly states: number;
  /** Ways out of them that were tried. */
  readonly steps: number;
  /** Of the schedules, which are the ends that were judged, those in which something is violated. */
  readonly violated: number;
  /** Every order within the bounds was tried, or comes to the same as one that was. */
  readonly isComplete: boolean;
  /** Orders that were drawn because there are more states: where it was cut the search has been in one corner only. */
  readonly drawn: number;
  /** With how many states had been visited when it was noticed, after which the search began again. */
  readonly noticed: readonly { readonly what: Noticed; readonly states: number }[];
  /** Of the schedule that shows the first violation: given to whoever traces, it is that schedule. */
  readonly decisions?: Decisions;
}

/**
 * What had been taken to be otherwise until a schedule showed it, by which more is tried from then on. `clock`: user code
 * looks at the time. `faults`: it asks for faults. `memory`: sessions know of one another by more than the store.
 */
export type Noticed = "clock" | "faults" | "memory";

export interface ExhaustiveProgress {
  readonly states: number;
  readonly violated: number;
}
