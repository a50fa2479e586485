import type { ExploreReport, SimulationResult } from "../explore/report.js";

/**
 * Between `faultline` and the child process in which a project's own runtime evaluates the user's code.
 *
 * The parent starts `node -` and writes one program to its standard input: the text of this package's `dist/host.js`
 * followed by `module.exports.runHost(<job as JSON>)`. So the child needs no file, and one instance of the runtime serves both the user's
 * code and the simulation. The child answers on standard output, one JSON document a line, and then exits with 0.
 * Whatever user code prints goes to standard error.
 */
export const hostProtocolVersion = 1;

export interface Job {
  readonly protocol: typeof hostProtocolVersion;
  /** A CommonJS program made from the user's file, `@faultline/runtime` and Node's own modules external. */
  readonly code: string;
  /** Shown in stack traces; sites are positions in this program. */
  readonly fileName: string;
  readonly command:
    | { readonly kind: "list" }
    | {
        readonly kind: "explore";
        /** Export name of a scenario. */
        readonly target: string;
        readonly seed: number;
        readonly schedules: number;
        /** Overrides the scenario's own; absent: the scenario's own. */
        readonly faults?: "random" | "none" | readonly unknown[];
      }
    | {
        readonly kind: "trace";
        readonly target: string;
        readonly seed: number;
        readonly faults?: "random" | "none" | readonly unknown[];
      };
}

export type HostMessage =
  | { readonly kind: "hello"; readonly protocol: number }
  | { readonly kind: "targets"; readonly scenarios: readonly { readonly name: string; readonly title: string }[] }
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
