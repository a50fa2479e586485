import type { LevelAssignment } from "../deployment/deployment.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { Fault, RandomFaults } from "../faults/index.js";
import type { Agenda } from "../simulation/agenda.js";
import type { Trace } from "../simulation/trace.js";
import type { Decisions } from "./decisions.js";
import type { FigureCount } from "./figures.js";
import type { MergedField } from "./judges/merge-laws.js";
import type { Measurements } from "./measurements.js";
import type { Call } from "./record.js";
import type { IsUserFile } from "./site.js";
import type { Finding } from "./violation.js";
import type { Situations } from "./workload/guided/situations.js";

/** What one schedule is a function of, besides the code. */
export interface RunOptions {
  readonly seed: number;
  /** Overrides the scenario's own. */
  readonly faults?: readonly Fault[] | RandomFaults | undefined;
  /** Levels that cells run at in place of their annotations'; what `compare` asks about is then measured. */
  readonly levels?: LevelAssignment | undefined;
  /** What these say is done, whatever the seed and the other options say. */
  readonly decisions?: Decisions | undefined;
  readonly traced?: boolean;
  readonly isUserFile: IsUserFile;
  /** Where what other schedules are depends on what this one reached: collects that. */
  readonly situations?: Situations | undefined;
  /** Is told, before anything runs, how to ask for the id that the next operation or call will have. */
  readonly watch?: ((nextOperation: () => number) => void) | undefined;
  /** Where somebody picks what happens next while the body runs, and who wants to see what there is to pick from. */
  readonly picking?: { readonly agenda: Agenda; begin?(seen: Seen): void } | undefined;
  /** Puts right what user code may have changed of the language itself, if it is due, or if `isSure`. */
  readonly mend?: ((isSure?: boolean) => void) | undefined;
}

/** A schedule from outside, while it runs. */
export interface Seen {
  readonly deployment: SimulatedDeployment;
  readonly findings: readonly Finding[];
  /** The flows of user code know nothing of each other: they are the sessions of a generated workload. */
  readonly isGenerated: boolean;
}

/** One schedule, judged. */
export interface Run {
  readonly seed: number;
  readonly findings: readonly Finding[];
  /** Why this schedule judged nothing, if so. */
  readonly vacuous: string | undefined;
  /** Why nothing can be said, if so: the scenario never ended. */
  readonly unknown: { readonly reason: string; readonly isStuck: boolean } | undefined;
  readonly calls: readonly Call[];
  /** By name of a check or a `converged` predicate, whether it was judged at all. */
  readonly judgements: ReadonlyMap<string, boolean>;
  /** What the scenario measured. */
  readonly figures: readonly FigureCount[];
  readonly faultsFired: ReadonlyMap<string, number>;
  readonly simulatedUs: number;
  /** For the laws of their merges, which are judged apart: they are no matter of one schedule. */
  readonly mergedFields: readonly MergedField[];
  /** Where the options give levels. */
  readonly measurements: Measurements | undefined;
  /** Equal for equal code, options and seed, traced or not. */
  readonly digest: string;
  readonly trace: Trace | undefined;
  /** Of a traced schedule: given again, it is the same. */
  readonly decisions: Decisions | undefined;
}
