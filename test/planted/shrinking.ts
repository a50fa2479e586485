import { performance } from "node:perf_hooks";
import { cpuUsage } from "node:process";
import type { ScheduleSize } from "../../runtime/src/explore/decisions.js";
import { traceScenario } from "../../runtime/src/explore/explore.js";
import { type ShrinkOptions, type Shrunk, shrink } from "../../runtime/src/explore/shrink/shrink.js";
import { loadProgram } from "./exploration.js";
import { type Minimum, minimumOf } from "./minimum.js";
import type { Planted } from "./planted.js";

/** How small the schedule became that shows a planted bug. */
export interface ShrunkSize {
  readonly before: ScheduleSize;
  readonly after: ScheduleSize;
  /** Schedules that were run for it. */
  readonly attempts: number;
  readonly isMinimal: boolean;
}

/** Schedules that are run at most to make one smaller. */
export const attempts = 2_000;

/** Makes the schedule smaller in which a broken program was found out. */
export async function shrinkProgram(
  planted: Planted,
  { seed, violation }: { readonly seed: number; readonly violation: ShrinkOptions["violation"] },
): Promise<Shrunk & { readonly wallMs: number; readonly processorMs: number }> {
  const program = await loadProgram(planted, "broken");
  const { decisions } = await traceScenario({ ...program, seed });
  if (decisions === undefined) throw new Error(`${planted.id}: seed ${seed} has left no decisions.`);
  const started = performance.now();
  const used = cpuUsage();
  const shrunk = await shrink({ ...program, decisions, violation, attempts });
  const { user, system } = cpuUsage(used);
  return { ...shrunk, wallMs: performance.now() - started, processorMs: (user + system) / 1000 };
}

/** How small, how fast, and how small it can be. */
export interface Measured extends ShrunkSize {
  readonly id: string;
  /** What it costs, whatever else the machine does. */
  readonly processorMs: number;
  /** Absent for more than four calls, and where there are too many choices. */
  readonly minimum?: Minimum;
}

/** Of more calls than these not all choices are tried. */
const mostOperations = 4;

/** Shrinks, and then looks for anything smaller among all choices of the calls and faults that there were. */
export async function measureShrinking(
  planted: Planted,
  found: { readonly seed: number; readonly violation: ShrinkOptions["violation"] },
): Promise<Measured> {
  const program = await loadProgram(planted, "broken");
  const { result, decisions } = await traceScenario({ ...program, seed: found.seed });
  const { kind, name } = found.violation;
  const violation = result.violations.find((each) => each.kind === kind && each.name === name);
  if (decisions === undefined || violation === undefined)
    throw new Error(`${planted.id}: seed ${found.seed} no longer shows "${name}".`);
  const { before, after, attempts: tried, isMinimal, processorMs } = await shrinkProgram(planted, found);
  const minimum =
    after.operations > mostOperations ? undefined : await minimumOf(program, { decisions, result, violation }, after);
  return {
    ...{ id: planted.id, before, after, attempts: tried, isMinimal, processorMs: Math.round(processorMs) },
    ...(minimum === undefined ? {} : { minimum: { ...minimum, size: sizeOf(minimum.size) } }),
  };
}

const sizeOf = ({ operations, faults }: Minimum["size"]): Minimum["size"] => ({ operations, faults });
