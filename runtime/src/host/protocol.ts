import type { Decisions, ScheduleSize, SizeSoFar } from "../explore/decisions.js";
import type { CheckedBounds } from "../explore/exhaustive/bounds.js";
import type { ExhaustiveReport } from "../explore/exhaustive/exhaustive-report.js";
import type { SimulationResult, ViolationKind } from "../explore/report.js";
import type { TallyData } from "../explore/tally.js";
import type { WorkloadShape } from "../explore/workload/shape.js";
import type { Strategy } from "../explore/workload/strategies.js";
import type { LevelAssignment } from "../levels.js";
import type { Region } from "../simulation/network/regions.js";

/**
 * Between `faultline` and the child processes in which a project's own runtime evaluates the user's code.
 *
 * The parent starts `node --eval <bootstrap>` and writes to its standard input: a line with an `Opening`, the text of this
 * package's `dist/host.js`, then a line with a `Job` and one line for each `Command`. So the child needs no file, and one
 * instance of the runtime serves both the user's code and the simulation. The child answers each command with one
 * `Answer` on standard output, one JSON document a line behind the opening's token, and ends when its input does.
 * Whatever else arrives there, or on standard error, is what user code prints.
 */
export const hostProtocolVersion = 2;

export interface Opening {
  /** Begins every line of the protocol. User code does not know it, so what it prints is never taken for an answer. */
  readonly token: string;
  /** Length of the host's text, which follows. */
  readonly hostBytes: number;
}

export interface Job {
  readonly protocol: typeof hostProtocolVersion;
  /** A CommonJS program made from the user's file, `@faultline/runtime` and Node's own modules external. */
  readonly code: string;
  /** Shown in stack traces; sites are positions in this program. */
  readonly fileName: string;
}

export type Command =
  | { readonly kind: "list" }
  | ({
      readonly kind: "explore";
      /** A block, or the schedules that come first in it: see `blockSize`. */
      readonly schedules: number;
      /** Ends with the first schedule in which something is violated. */
      readonly untilViolated?: boolean | undefined;
      /** What the first schedule prints is passed on. */
      readonly isAudible?: boolean | undefined;
      /** Announce every schedule, and not only from time to time: the parent looks for the one that does not end. */
      readonly isCareful?: boolean | undefined;
    } & ScheduleChoice)
  | ({
      readonly kind: "trace";
      /** Wait for a debugger, and stop it there. The process has to have been started with an inspector. */
      readonly stops?: readonly StopPoint[] | undefined;
    } & ScheduleChoice)
  | ({
      /** Runs a small workload in every order in which its events can come. The seed draws the calls. */
      readonly kind: "exhaust";
      readonly bounds: CheckedBounds;
    } & ScheduleChoice)
  | ({
      /** Makes a schedule smaller for as long as it shows the same violation. */
      readonly kind: "shrink";
      readonly violation: ViolationIdentity;
      /** So many schedules are tried at most. */
      readonly attempts: number;
    } & ScheduleChoice);

/** A position of the program where a debugger is to stop. */
export interface StopPoint {
  readonly line: number;
  readonly column: number;
  /** Only when this operation of the trace (`OperationEvent.id`) is about to be invoked; absent: whenever it is reached. */
  readonly operation?: number | undefined;
}

/** What makes two violations the same. */
export interface ViolationIdentity {
  readonly kind: ViolationKind;
  readonly name: string;
  readonly anomaly: string | null;
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
  /** Of a workload; absent: mixed. */
  readonly strategy?: Strategy;
  /** Fields that run as something else than their annotation says: `Account.balance` → `causal`; `*` for all others. */
  readonly levels?: LevelAssignment;
  /** Of a schedule that is traced or shrunk: what these say is done, whatever the seed says. */
  readonly decisions?: Decisions;
}

export type HostMessage =
  | { readonly kind: "hello"; readonly protocol: number }
  | {
      readonly kind: "targets";
      readonly scenarios: readonly { readonly name: string; readonly title: string }[];
      /** Exports that a workload can be generated for: replicated classes, and what `replicated(…)` gave. */
      readonly classes: readonly { readonly name: string; readonly className: string }[];
    }
  /** Written before a schedule if the last such line is some time ago: that none comes tells the parent that one hangs. */
  | {
      readonly kind: "schedule";
      readonly seed: number;
      readonly done: number;
      readonly violated: number;
      /** While a schedule is made smaller. */
      readonly size?: SizeSoFar;
    }
  /** A debugger can attach there; nothing runs before one has. */
  | { readonly kind: "debuggable"; readonly url: string }
  | { readonly kind: "explored"; readonly tally: TallyData }
  | { readonly kind: "traced"; readonly result: SimulationResult; readonly decisions?: Decisions }
  | { readonly kind: "exhausted"; readonly report: ExhaustiveReport }
  | {
      readonly kind: "shrunk";
      readonly decisions: Decisions;
      readonly before: ScheduleSize;
      readonly after: ScheduleSize;
      /** Schedules that were tried. */
      readonly attempts: number;
      /** Nothing more can be left out; false if the attempts were used up first. */
      readonly isMinimal: boolean;
      /** The smallest schedule, traced. */
      readonly result: SimulationResult;
    }
  /** The module could not be evaluated, the target is missing, or the job makes no sense: nothing was run. */
  | {
      readonly kind: "refused";
      readonly message: string;
      readonly stack?: string | undefined;
      /** The modules reached outside the simulation while they were evaluated: a finding about the code. */
      readonly outside?: boolean | undefined;
    };

export type Answer = Exclude<HostMessage, { kind: "hello" | "schedule" | "debuggable" }>;
