import type { LevelAssignment } from "../deployment/deployment.js";
import type { Fault, RandomFaults } from "../faults/index.js";
import { randomFaults } from "../faults/index.js";
import { Agenda } from "../simulation/agenda.js";
import { holdVirtualGlobals } from "../simulation/virtual-globals/index.js";
import { Block } from "./block.js";
import type { Decisions, Load } from "./decisions.js";
import { ChosenBefore } from "./exhaustive/chosen-before.js";
import { explain } from "./explanation.js";
import { judgeMergeLaws } from "./judges/merge-laws.js";
import type { ExploreReport, SimulationResult } from "./report.js";
import { runSchedule } from "./run.js";
import type { Run, RunOptions } from "./schedule.js";
import type { IsUserFile } from "./site.js";
import { blockSize, Tally, type TallyData } from "./tally.js";
import { violationOf } from "./violation.js";
import type { OnPreceding } from "./workload/guided/guide.js";

/** The faults of the command line: a list, or words for the two that need none. */
export type FaultChoice = "random" | "none" | readonly Fault[];

export interface TraceOptions {
  readonly evaluate: Load;
  readonly target: string;
  readonly seed: number;
  /** Overrides the scenario's own. */
  readonly faults?: FaultChoice | undefined;
  /** Levels that cells run at in place of their annotations'; what `compare` asks about is then measured. */
  readonly levels?: LevelAssignment | undefined;
  readonly isUserFile: IsUserFile;
  readonly onPreceding?: OnPreceding | undefined;
  /** Is told how to ask for the id of the next operation; see `RunOptions`. */
  readonly watch?: ((nextOperation: () => number) => void) | undefined;
  /** Puts right what user code may have changed of the language itself; see `RunOptions`. */
  readonly mend?: ((isSure?: boolean) => void) | undefined;
}

export interface ExploreOptions extends TraceOptions {
  /** Schedule i has seed `seed + i − 1`. */
  readonly schedules: number;
  /** Ends with the first schedule in which something is violated: all that is asked is whether there is one. */
  readonly untilViolated?: boolean | undefined;
  /** Before each schedule: its seed, how many are done, in how many of those something was violated. */
  readonly onSchedule?: ((seed: number, done: number, violated: number) => void) | undefined;
  /** Asked before each schedule; what is known so far is reported. */
  readonly shouldStop?: (() => boolean) | undefined;
}

/** Runs many schedules, untraced, and counts. `digests`: of the first schedule that shows each violation, by seed. */
export async function exploreScenario(
  options: ExploreOptions,
): Promise<{ readonly report: ExploreReport; readonly digests: Readonly<Record<string, string>> }> {
  const { seed, schedules, onSchedule, shouldStop } = options;
  const tally = new Tally();
  const isDecided = () => tally.isStuck || (options.untilViolated === true && tally.violated > 0);
  for (let done = 0; done < schedules && !isDecided() && shouldStop?.() !== true; done += blockSize) {
    const before = tally.violated;
    tally.merge(
      await exploreBlock({
        ...options,
        seed: seed + done,
        schedules: Math.min(blockSize, schedules - done),
        onSchedule: onSchedule && ((at, now, violated) => onSchedule(at, done + now, before + violated)),
      }),
    );
  }
  return { report: tally.report(options), digests: tally.digests };
}

/** Runs the schedules of one block, or those that come first in it. */
export async function exploreBlock(options: ExploreOptions): Promise<TallyData> {
  const block = new Block();
  const release = holdVirtualGlobals();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // refusals are errors, and exploring throws thousands; the traced schedule has the stacks
  try {
    for (let i = 0; i < options.schedules; i++) {
      if (options.shouldStop?.() === true) break;
      const seed = options.seed + i;
      options.onSchedule?.(seed, i, block.violated);
      const { levels, isUserFile, mend } = options;
      block.add(await perform(options, { seed, faults: chosen(options), levels, isUserFile, mend }));
      if (block.isStuck || (options.untilViolated === true && block.violated > 0)) break;
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    release();
  }
  return block.data;
}

/** Where schedules learn from one another, those that this one learns from come first. */
function perform({ evaluate, onPreceding }: TraceOptions, own: RunOptions): Promise<Run> {
  const run = (each: RunOptions) => runSchedule(evaluate, each);
  return evaluate.guide?.run(own, run, onPreceding) ?? run(own);
}

/** Runs one schedule and keeps all that happens in it, and what was decided; or does what was decided before. */
export async function traceScenario(
  options: TraceOptions & { readonly decisions?: Decisions | undefined },
): Promise<{ readonly result: SimulationResult; readonly decisions: Decisions | undefined }> {
  const { levels, isUserFile, mend, watch, decisions } = options;
  const seed = decisions?.seed ?? options.seed;
  const own = {
    seed,
    faults: chosen(options),
    levels,
    isUserFile,
    mend,
    watch,
    decisions,
    ...pickingOf(decisions),
    traced: true,
  };
  const run = await perform(options, own);
  const trace = run.trace ?? { version: 1, seed, regions: [], sessions: [], events: [] };
  const unlawful = run.mergedFields.flatMap((field) => judgeMergeLaws(field, seed));
  const findings = [...run.findings, ...unlawful];
  const violations = findings.map((found) => violationOf(found, { seed, count: 1 }, explain(found, trace, findings)));
  const result = { seed, digest: run.digest, vacuous: run.vacuous !== undefined, violations, trace };
  return { result, decisions: run.decisions };
}

/** For schedules in which not time decided what comes next. */
function pickingOf(decisions: Decisions | undefined): Pick<RunOptions, "picking"> {
  const order = decisions?.order;
  if (order === undefined) return {};
  const chooser = new ChosenBefore(order.events);
  const agenda = new Agenda(chooser, order.timers);
  agenda.isShared = chooser.isShared;
  return { picking: { agenda } };
}

export function chosen({ faults }: TraceOptions): readonly Fault[] | RandomFaults | undefined {
  if (faults === "random") return randomFaults();
  return faults === "none" ? [] : faults;
}
