import { addMeasurements, type Measurements, noMeasurements } from "../../../runtime/src/explore/measurements.js";
import type { Level } from "../../../runtime/src/levels.js";
import type { EvaluatedFile } from "../simulate/list-scenarios.js";
import { runScenario, type Variation } from "../simulate/run-scenario.js";
import type { SimulateRun } from "../simulate/simulate.js";
import type { Scenario } from "../simulate/targets.js";

export type Levels = Readonly<Record<string, Level>>;

/** What an assignment of levels came to, over all scenarios of the target. */
export interface LevelRun {
  readonly runs: readonly SimulateRun[];
  readonly measurements: Measurements;
  /** Each scenario held in all schedules that were asked for. */
  readonly holds: boolean;
  /** Fewer schedules were run than asked for, because somebody stopped it. */
  readonly isStopped: boolean;
}

/** Runs every scenario with its cells at these levels. */
export async function runLevels(
  evaluated: EvaluatedFile,
  scenarios: readonly Scenario[],
  variation: Variation & { readonly levels: Levels },
): Promise<LevelRun> {
  const runs: SimulateRun[] = [];
  let measurements = noMeasurements;
  let isStopped = false;
  for (const scenario of scenarios) {
    const finished = await runScenario(evaluated, scenario, variation);
    runs.push(finished.run);
    measurements = addMeasurements(measurements, finished.measurements ?? noMeasurements);
    isStopped = evaluated.options.signal?.aborted === true && finished.run.schedules < finished.asked;
    if (isStopped || (variation.untilViolated === true && finished.run.outcome !== "holds")) break;
  }
  return { runs, measurements, isStopped, holds: !isStopped && runs.every(({ outcome }) => outcome === "holds") };
}
