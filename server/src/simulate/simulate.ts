import type { CheckedBounds } from "../../../runtime/src/explore/exhaustive/bounds.js";
import type { Figure } from "../../../runtime/src/explore/figures.js";
import type { Strategy } from "../../../runtime/src/explore/workload/strategies.js";
import type { Trace } from "../../../runtime/src/simulation/trace.js";
import type { Range, RelatedLocation } from "../documents/finding.js";
import type { FinishedRun } from "./run-scenario.js";
import type { ShrinkProgress } from "./shrink-schedule.js";

/** One request to simulate; serves the command line and `workspace/executeCommand`. */
export interface SimulateOptions {
  /** Absolute path. */
  readonly file: string;
  /** Export name of a scenario, or a class that scenarios of this file open; absent: all of the file's scenarios. */
  readonly name?: string | undefined;
  readonly schedules: number;
  readonly seed: number;
  readonly faults?: "random" | "none" | readonly unknown[] | undefined;
  /** In place of many schedules: every order of events within these bounds. */
  readonly exhaustive?: CheckedBounds | undefined;
  /** Of generated workloads; absent: mixed. */
  readonly strategy?: Strategy | undefined;
  /** False: failing schedules are shown as they were found, and no remedy is tried. */
  readonly shrink?: boolean | undefined;
  /** Child processes at a time; absent: one a core. What is found does not depend on it. */
  readonly processes?: number | undefined;
  /** Only every `count`-th block of schedules, from the `index`-th on (1 is the first): one machine's part of a run. */
  readonly shard?: { readonly index: number; readonly count: number } | undefined;
  /** Unsaved editor buffers by absolute path, used in place of the files on disk. */
  readonly buffers?: ReadonlyMap<string, string> | undefined;
  /** Ends the run at once; what is known so far is returned. Its reason, if it is a text, says what stopped the run. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: SimulateProgress) => void;
  /** The first failing schedule of a run, replayed, while the others still run: violations so far, with counts so far. */
  readonly onViolation?: ((run: SimulateRun) => void) | undefined;
  /** What user code prints in the first schedule, and in those that are told in detail. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Differ from the defaults in tests. */
  readonly limits?: Partial<Limits> | undefined;
  /** Paths in the result are relative to this folder. */
  readonly cwd: string;
}

export interface SimulateProgress {
  readonly target: string;
  readonly done: number;
  readonly total: number;
  /** What `done` and `total` count. An exhaustive search visits no more than `total`, and may well be through before. */
  readonly unit?: "states" | undefined;
  /** Schedules in which something was violated. */
  readonly violated: number;
  /** What the first of them violates, once all before it are known. */
  readonly first?: { readonly name: string; readonly seed: number } | undefined;
  /** One that failed, while it is made smaller: it is asked for as soon as it is known, and outlasts the run at times. */
  readonly shrinking?: ShrinkProgress | undefined;
  /** Schedules that are run to see what remedies are worth, once all else is known. */
  readonly trying?: { readonly done: number; readonly total: number } | undefined;
}

/** `simulate --format json`, see the contract; `traces` is ours and not printed. */
export interface SimulateDocument {
  readonly schema: 1;
  readonly runs: readonly SimulateRun[];
}

export interface SimulateRun {
  /** `samples/bank-transfer/bank-transfer.ts#splitBank` */
  readonly target: string;
  readonly seed: number;
  readonly schedules: number;
  readonly vacuous: number;
  readonly outcome: "violated" | "holds" | "unknown";
  readonly reason: string | null;
  readonly violations: readonly SimulateViolation[];
  readonly operations: readonly {
    readonly name: string;
    readonly region: string;
    readonly ok: number;
    readonly fail: number;
    readonly info: number;
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
  }[];
  /** What the scenario measured, if anything. */
  readonly figures?: readonly Figure[] | undefined;
  readonly faultsFired: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
  readonly wallMs: number;
  /** Where every order of events within bounds was asked for. */
  readonly exhaustive?: ExhaustiveRun | undefined;
}

/** `schedules` of the run are the ends that were judged. */
export interface ExhaustiveRun {
  /** Of a generated workload, as `operations`; null for a scenario, whose body decides. */
  readonly sessions: number | null;
  /** Calls of each session. */
  readonly operations: number | null;
  /** How many timers could go off. */
  readonly timers: number;
  /** Different states in which there was something to choose. */
  readonly states: number;
  readonly statesPerSecond: number;
  /** Schedules in which something is violated. */
  readonly violated: number;
  /** False: a limit was reached first. */
  readonly complete: boolean;
  /** What user code does that makes more orders count, and after how many states that was noticed: it began again then. */
  readonly noticed: readonly { readonly what: "clock" | "faults" | "memory"; readonly states: number }[];
}

export interface SimulateViolation {
  readonly kind: "invariant" | "divergence" | "guarantee" | "error" | "liveness";
  readonly name: string;
  readonly anomaly: string | null;
  readonly seed: number;
  readonly count: number;
  readonly message: string;
  readonly expected: string | null;
  readonly observed: string | null;
  readonly location: { readonly file: string; readonly range: Range } | null;
  readonly related: readonly RelatedLocation[];
  /** Of the schedule that is told, when it was made smaller; null for one that is told as it was found. */
  readonly shrunk: { readonly operations: number; readonly faults: number; readonly sessions: number } | null;
  /** What to do about it, in order of preference. */
  readonly remedies: readonly Remedy[];
}

export interface Remedy {
  /** `` make it `counter()` `` */
  readonly text: string;
  /** What became of it where it was tried; null for what only a person can do, and where that is not known. */
  readonly tried: RemedyTrial | null;
}

/** The same seeds once as the code is and once with the remedy. */
export interface RemedyTrial {
  readonly schedules: number;
  /** Schedules that show the violation as the code is. */
  readonly before: number;
  /** Those that still do. */
  readonly violated: number;
  /** What else is violated with it, and is not without. */
  readonly others: readonly string[];
  /** How much longer the median operation takes, in virtual time; null where none was answered. */
  readonly addedP50Ms: number | null;
  /** So many more operations are refused, or left open, while their region is cut off. */
  readonly refused: number;
}

export interface SimulateResult {
  readonly document: SimulateDocument;
  /** The runs of the document with the evidence for what they violated. */
  readonly finished: readonly FinishedRun[];
  /** Trace of the first failing schedule of each violated run, by target. */
  readonly traces: ReadonlyMap<string, Trace>;
  /** The pretty report as plain text (no colour), for an output channel. */
  readonly text: string;
  /** The same for a terminal of so many columns. */
  render(terminal: { readonly color: boolean; readonly width: number }): string;
}

/** What one child process may use. */
export interface Limits {
  /** Wall time of one schedule. */
  readonly deadlineMs: number;
  readonly heapLimitMb: number;
  /** Resident memory, which the heap limit does not bound: buffers lie outside of the heap. */
  readonly memoryLimitMb: number;
}
