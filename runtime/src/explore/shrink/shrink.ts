import type { Decisions, ScheduleSize } from "../decisions.js";
import type { WorkloadShape } from "../workload/shape.js";
import { withFewerObjects, withoutWaiting, withSimplerArguments } from "./arguments.js";
import { withFewerCalls } from "./calls.js";
import { withFewerOfAll } from "./choices.js";
import { withDelaysOfTheSeed, withFewerDelays, withoutDelays } from "./delays.js";
import { withFewerFaults, withSimplerFaults } from "./faults.js";
import { withLargerCalls } from "./larger-calls.js";
import { withFewerPlaces } from "./places.js";
import { sizeOf } from "./size.js";
import { type Traced, type TrialOptions, Trials } from "./trials.js";

export interface ShrinkOptions extends TrialOptions {
  /** Of a schedule that shows the violation. */
  readonly decisions: Decisions;
  /** What the arguments of calls may be. */
  readonly workload?: WorkloadShape | undefined;
  /** Once nothing can be left out, try all choices of few calls too: default; it can take most of the attempts. */
  readonly isThorough?: boolean;
}

export interface Shrunk extends Traced {
  readonly before: ScheduleSize;
  readonly after: ScheduleSize;
  /** Schedules that were run. */
  readonly attempts: number;
  /** No call, session, fault or delay can be left out; false if the attempts were used up before that was known. */
  readonly isMinimal: boolean;
}

/**
 * A schedule that shows the same violation with as little as it takes: fewer calls before fewer faults before fewer
 * sessions before what is merely easier to read. Every candidate is run; what is kept has been seen to be wrong.
 */
export async function shrink(options: ShrinkOptions): Promise<Shrunk> {
  const trials = new Trials(options, options.decisions);
  const { result, decisions } = await trials.begin();
  let [smallest, isMinimal] = await leaveOut(await withDelaysOfTheSeed(decisions, trials), trials, options.workload);
  while (isMinimal && options.isThorough !== false) {
    const other = await withFewerOfAll(smallest, trials);
    if (other === undefined) break;
    [smallest, isMinimal] = await leaveOut(other, trials, options.workload);
  }
  const traced = await trials.end(smallest);
  const after = sizeOf(smallest, traced.result);
  return {
    ...traced,
    before: sizeOf(decisions, result),
    after,
    attempts: trials.attempts,
    isMinimal,
  };
}

/** One thing after the other, until nothing is left that can be spared; false: the attempts were used up first. */
async function leaveOut(
  decisions: Decisions,
  trials: Trials,
  workload: WorkloadShape | undefined,
): Promise<readonly [Decisions, boolean]> {
  let smallest = decisions;
  while (!trials.isOver) {
    const before = JSON.stringify(smallest);
    for (const pass of passes) smallest = await pass(smallest, trials, workload);
    if (before === JSON.stringify(smallest) && !trials.isOver) return [smallest, true];
  }
  return [smallest, false];
}

type Pass = (decisions: Decisions, trials: Trials, workload: WorkloadShape | undefined) => Promise<Decisions>;

const passes: readonly Pass[] = [
  withoutDelays,
  withFewerCalls,
  withLargerCalls,
  withFewerFaults,
  withFewerPlaces,
  withFewerObjects,
  withoutWaiting,
  withSimplerFaults,
  withFewerDelays,
  withSimplerArguments,
];
