import { addMeasurements, noMeasurements } from "../../../runtime/src/explore/measurements.js";
import { type Level, levels } from "../../../runtime/src/levels.js";
import { withScenarios } from "../simulate/index.js";
import type { EvaluatedFile } from "../simulate/list-scenarios.js";
import type { SimulateProgress } from "../simulate/simulate.js";
import { Style } from "../simulate/style.js";
import type { Scenario } from "../simulate/targets.js";
import type { CompareDocument, CompareOptions, CompareResult } from "./compare.js";
import { comparisonOf } from "./level-comparison.js";
import { Progression } from "./progression.js";
import { type Compared, renderComparison } from "./report.js";
import { type LevelRun, type Levels, runLevels } from "./run-levels.js";
import { search, searchSpaceOf } from "./search.js";

export type { CompareDocument, CompareOptions, CompareResult } from "./compare.js";
export { isPromise } from "./level-comparison.js";

/**
 * Runs what a target means at each of the five levels, and looks for the weakest levels that keep everything. Resolves
 * for every outcome, and after an abort with what is known by then. Rejects with `UnusableInputError` if there is nothing
 * that can be run.
 */
export async function compare(options: CompareOptions): Promise<CompareResult> {
  const result = await withScenarios(options, (evaluated, scenarios) =>
    new Comparison(options, evaluated, scenarios).result(),
  );
  if ("weakest" in result) return result;
  // The file could not be evaluated: there is nothing to lay side by side.
  const { render, text } = result;
  const target = result.document.runs[0]?.target ?? options.name;
  const document: CompareDocument = { schema: 1, target, levels: [], weakestSufficient: null };
  return { document, weakest: null, outcome: "unknown", groups: [], untested: [], assignments: 0, text, render };
}

class Comparison {
  private readonly uniform = new Map<Level, LevelRun>();
  /** How many assignments of levels were run. */
  private assignments = 0;
  private readonly progression: Progression | undefined;
  private readonly observed: EvaluatedFile;

  constructor(
    private readonly options: CompareOptions,
    private readonly evaluated: EvaluatedFile,
    private readonly scenarios: readonly Scenario[],
  ) {
    const { onProgress: tell, name, schedules } = options;
    const target = `${evaluated.shown}#${name}`;
    const progression =
      tell && new Progression({ target, tell, each: schedules * scenarios.length, planned: levels.length });
    this.progression = progression;
    const told = progression && { onProgress: (progress: SimulateProgress) => progression.report(progress) };
    this.observed = { ...evaluated, options: { ...evaluated.options, ...told } };
  }

  async result(): Promise<CompareResult> {
    for (const level of levels) {
      if (this.isStopped) break;
      const run = await this.run({ levels: { "*": level } });
      if (!run.isStopped) this.uniform.set(level, run);
    }
    const measurements = [...this.uniform.values()]
      .map((run) => run.measurements)
      .reduce(addMeasurements, noMeasurements);
    const space = searchSpaceOf(measurements);
    const weakest = this.isStopped
      ? undefined
      : await search({
          space,
          uniform: this.uniform,
          run: (assigned) => this.run({ levels: assigned, untilViolated: true }),
        });
    const { shown, bundle } = this.evaluated;
    // In the order in which the fields are declared.
    const assignment =
      weakest?.assignment == null ? null : { ...space.annotated, ...space.fixed, ...weakest.assignment };
    const document: CompareDocument = {
      schema: 1,
      target: `${shown}#${this.options.name}`,
      levels: [...this.uniform].map(([level, run]) => comparisonOf(level, run, measurements.judged)),
      weakestSufficient: assignment && shortNames(assignment, this.options.name),
    };
    const reasons = [...this.uniform].flatMap(([level, { runs }]) => {
      const reason = runs.find(({ outcome }) => outcome === "unknown")?.reason;
      return reason == null ? [] : [[level, bundle.positions.inText(reason)] as const];
    });
    const compared: Compared = {
      ...{ document, space, weakest, schedules: this.options.schedules, seed: this.options.seed },
      assignments: this.assignments,
      reasons: new Map(reasons),
      stopped: this.isStopped ? whatStopped(this.options.signal) : undefined,
    };
    const render: CompareResult["render"] = ({ color, width }) => renderComparison(compared, new Style(color), width);
    const outcome = assignment !== null ? "found" : this.isUndecided(weakest?.isStopped ?? true) ? "unknown" : "none";
    return {
      ...{ document, weakest: assignment, outcome, assignments: this.assignments },
      groups: space.groups.map(({ fields }) => fields),
      untested: Object.keys(space.fixed),
      ...{ text: render({ color: false, width: 120 }), render },
    };
  }

  private async run(variation: Parameters<typeof runLevels>[2]): Promise<LevelRun> {
    this.assignments++;
    const run = await runLevels(this.observed, this.scenarios, variation);
    this.progression?.next();
    return run;
  }

  private get isStopped(): boolean {
    return this.options.signal?.aborted === true;
  }

  /** Whether none suffices, or nothing can be said: where linearizable is violated there is something wrong. */
  private isUndecided(isStopped: boolean): boolean {
    const strongest = this.uniform.get("linearizable");
    return isStopped || strongest === undefined || strongest.runs.every(({ outcome }) => outcome !== "violated");
  }
}

function whatStopped(signal: AbortSignal | undefined): string {
  const cause: unknown = signal?.reason;
  return `Stopped ${typeof cause === "string" ? cause : "on request"}.`;
}

/** Fields of the class that was asked about go without its name, and so do those of the only class there is. */
function shortNames(assignment: Levels, name: string): Levels {
  const classOf = (field: string): string => field.slice(0, field.indexOf("."));
  const classes = new Set(Object.keys(assignment).map(classOf));
  const isOwn = (field: string): boolean => classes.size === 1 || classOf(field) === name;
  return Object.fromEntries(
    Object.entries(assignment).map(([field, level]) => [
      isOwn(field) ? field.slice(classOf(field).length + 1) : field,
      level,
    ]),
  );
}
