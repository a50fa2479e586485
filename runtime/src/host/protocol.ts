import type { ExploreReport, SimulationResult } from "../explore/report.js";
import type { WorkloadShape } from "../explore/workload/shape.js";
import type { Level } from "../levels.js";
import type { Region } from "../simulation/network/regions.js";

/**
 * Between `faultline` and the child process in which a project's own runtime evaluates the user's code.
 *
 * The parent starts `node -` and writes one program to its standard input: the text of this package's `dist/host.js`
 * followed by `module.exports.runHost(<job as JSON>)`. So the child needs no file, and one instance of the runtime serves both the user's
 * code and the simulation. The child answers on standard output, one JSON document a line, and then exits with 0.
 * Whatever user code prints goes to standard error.
 */
export const hostProtocolVersion = 2;

export interface Job {
  readonly protocol: typeof hostProtocolVersion;
  /** A CommonJS program made from the user's file, `@faultline/runtime` and Node's own modules external. */
  readonly code: string;
  /** Shown in stack traces; sites are positions in this program. */
  readonly fileName: string;
  readonly command:
    | { readonly kind: "list" }
    | ({
        readonly kind: "explore";
        readonly schedules: number;
      } & ScheduleChoice)
    | ({ readonly kind: "trace" } & ScheduleChoice);
}

/** What is run, and under what. */
export interface ScheduleChoice {
  /** Export name of a scenario; with a `workload`, of the class that it is for. */
  readonly target: string;
  /** Of the first schedule. */
  readonly seed: number;
  /** Overrides the scenario's own; absent: the scenario's own, random for a workload. */
  readonly faults?: "random" | "none" | readonly unknown[];
  /** Generate the calls of a class's methods. */
  readonly workload?: WorkloadShape;
  /** In which a workload runs, by name or place; absent: nyc, london, tokyo. */
  readonly regions?: readonly (string | Region)[];
  /** Fields that run at another level than their annotation says: `Account.balance` → `causal`. */
  readonly levels?: Readonly<Record<string, Level>>;
}

export type HostMessage =
  | { readonly kind: "hello"; readonly protocol: number }
  | {
      readonly kind: "targets";
      readonly scenarios: readonly { readonly name: string; readonly title: string }[];
      /** Exports that a workload can be generated for: replicated classes, and what `replicated(…)` gave. */
      readonly classes: readonly { readonly name: string; readonly className: string }[];
    }
  /** Written before each schedule, so that the parent knows which one hangs. */
  | { readonly kind: "schedule"; readonly seed: number; readonly done: number; readonly violated: number }
  | { readonly kind: "explored"; readonly report: ExploreReport; readonly digests: Readonly<Record<string, string>> }
  | { readonly kind: "traced"; readonly result: SimulationResult }
  /** The module could not be evaluated, the target is missing, or the job makes no sense: nothing was run. */
  | {
      readonly kind: "refused";
      readonly message: string;
      readonly stack?: string | undefined;
      /** The modules reached outside the simulation while they were evaluated: a finding about the code. */
      readonly outside?: boolean | undefined;
    };
