import type { Site } from "../../../runtime/src/simulation/trace.js";

/** What a reader of a trace cannot know from it alone. */
export interface PerfettoSubject {
  /** `src/bank.ts#Account` */
  readonly target: string;
  readonly violations: readonly PerfettoViolation[];
  /** `src/bank.ts:14` */
  readonly placeOf: (site: Site) => string | undefined;
}

export interface PerfettoViolation {
  readonly name: string;
  readonly message: string;
  /** Ids of the operations that race. */
  readonly racing: readonly number[];
}
