import { performance } from "node:perf_hooks";
import type { ScheduleSize } from "../../runtime/src/explore/decisions.js";
import { traceScenario } from "../../runtime/src/explore/explore.js";
import { type ShrinkOptions, type Shrunk, shrink } from "../../runtime/src/explore/shrink/shrink.js";
import { loadProgram } from "./exploration.js";
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
export const attempts = 1_500;

/** Makes the schedule smaller in which a broken program was found out. */
export async function shrinkProgram(
  planted: Planted,
  { seed, violation }: { readonly seed: number; readonly violation: ShrinkOptions["violation"] },
): Promise<Shrunk & { readonly wallMs: number }> {
  const program = await loadProgram(planted, "broken");
  const { decisions } = await traceScenario({ ...program, seed });
  if (decisions === undefined) throw new Error(`${planted.id}: seed ${seed} has left no decisions.`);
  const started = performance.now();
  const shrunk = await shrink({ ...program, decisions, violation, attempts });
  return { ...shrunk, wallMs: performance.now() - started };
}
