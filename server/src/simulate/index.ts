import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { type Bundle, bundleProgram } from "./bundle.js";
import { Children } from "./children.js";
import { Declarations } from "./declarations.js";
import { exhaustScenario } from "./exhaust-scenario.js";
import { askedOf } from "./exploration.js";
import { type EvaluatedFile, listTargets, unknownRun } from "./list-scenarios.js";
import { renderPreview } from "./preview.js";
import { projectRuntime } from "./project-runtime.js";
import { stopped } from "./reasons.js";
import { renderRuns } from "./report.js";
import { type FinishedRun, runScenario } from "./run-scenario.js";
import { sandboxCommand } from "./sandbox.js";
import type { Limits, SimulateOptions, SimulateResult } from "./simulate.js";
import { Style } from "./style.js";
import { noTarget, type Scenario, selectTargets } from "./targets.js";
import { UnusableInputError } from "./unusable-input.js";
import { type GeneratedTargets, generateTargets, loadWorkloads } from "./workloads.js";

export { blockSize } from "../../../runtime/src/explore/tally.js";
export { blocksOf } from "./exploration.js";
export { galleryOf } from "./picture.js";
export { shrinkProgressText } from "./shrink-schedule.js";
export type { SimulateDocument, SimulateOptions, SimulateProgress, SimulateResult, SimulateRun } from "./simulate.js";
export { UnusableInputError } from "./unusable-input.js";

/** A schedule may take this long in wall time: far more than any takes that ends. */
const limits: Limits = { deadlineMs: 10_000, heapLimitMb: 512, memoryLimitMb: 1_536 };

/**
 * Runs scenarios of a user's file, and workloads that are generated for its classes, in child processes. Resolves for
 * every outcome, and after an abort with what is known by then. Rejects with `UnusableInputError` if there is nothing
 * that can be run.
 */
export async function simulate(options: SimulateOptions): Promise<SimulateResult> {
  return withScenarios(options, async (evaluated, scenarios) => resultOf(await runAll(evaluated, scenarios)));
}

/** Gives `use` what the request means, and processes to run it in. Code that cannot even be evaluated is the result. */
export async function withScenarios<T>(
  options: SimulateOptions,
  use: (evaluated: EvaluatedFile, scenarios: readonly Scenario[]) => Promise<T>,
): Promise<T | SimulateResult> {
  return withTargets(options, async ({ evaluated, scenarios, additions }) => {
    if (additions.size === 0) return use(evaluated, scenarios);
    const bundle = await bundleProgram({ ...options, additions });
    return withChildren(options, bundle, (extended) => use(extended, scenarios));
  });
}

/** What would be run: a line for each scenario, and for each generated workload what it calls with what. Runs nothing. */
export async function preview(options: SimulateOptions): Promise<string> {
  const { text } = await withTargets(options, async ({ evaluated, scenarios }) => ({
    text: scenarios.map((scenario) => renderPreview(evaluated.shown, scenario)).join("\n"),
  }));
  return text;
}

interface Targets extends GeneratedTargets {
  readonly evaluated: EvaluatedFile;
}

/** Finds out what the request means. Code that cannot even be evaluated is the result. */
async function withTargets<T>(
  options: SimulateOptions,
  use: (targets: Targets) => Promise<T>,
): Promise<T | SimulateResult> {
  const { file, cwd, name } = options;
  const shown = relative(cwd, file);
  // What it finds out, it keeps: the first process need not wait for that.
  void sandboxCommand(limits.heapLimitMb);
  const bundle = await bundleProgram(options);
  if (!bundle.usesRuntime) throw noTarget(shown);
  return withChildren(options, bundle, async (evaluated) => {
    const listing = listTargets(evaluated);
    const declarations = new Declarations(bundle.code);
    // While the child starts.
    if (name === undefined ? declarations.unopenedClasses().length > 0 : declarations.isClass(name))
      void loadWorkloads();
    const listed = await listing;
    if ("run" in listed) return resultOf([listed]);
    const selected = selectTargets({ shown, name, declarations, ...listed });
    const { scenarios, additions } = await generateTargets(selected.classes, options);
    if (selected.classes.length === 0) refuseIdleStrategy(options, selected.scenarios, shown);
    return use({ evaluated, scenarios: [...selected.scenarios, ...scenarios], additions });
  });
}

/** Who says how generated calls are to meet, and has none generated, is told so. */
function refuseIdleStrategy({ strategy }: SimulateOptions, scenarios: readonly Scenario[], shown: string): void {
  if (strategy === undefined) return;
  const named = scenarios.map(({ name }) => name).join(", ");
  throw new UnusableInputError(
    `--strategy ${strategy} says how generated calls meet, and nothing of ${shown} is generated: scenarios (${named}) make their calls themselves.`,
    "Leave out --strategy, or name a class with @Replicated(), as file#Class.",
  );
}

async function withChildren<T>(
  options: SimulateOptions,
  bundle: Bundle,
  use: (evaluated: EvaluatedFile) => Promise<T>,
): Promise<T> {
  const { file, cwd, onOutput, signal, processes = availableParallelism() } = options;
  const allLimits = { ...limits, ...options.limits };
  const children = new Children({
    host: projectRuntime(file, cwd).host,
    code: bundle.code,
    fileName: bundle.fileName,
    limits: allLimits,
    processes,
    signal,
    onOutput: onOutput && ((text) => onOutput(bundle.positions.inText(text))),
  });
  // Who wants to see the first failing schedule at once is not to wait for the process that replays it.
  if (options.onViolation !== undefined) children.prepare();
  try {
    return await use({ options, bundle, shown: relative(cwd, file), children, limits: allLimits });
  } finally {
    await children.close();
  }
}

/** As many scenarios at a time as processes, which they share; results in the order of the scenarios. */
async function runAll(evaluated: EvaluatedFile, scenarios: readonly Scenario[]): Promise<readonly FinishedRun[]> {
  const finished: (FinishedRun | undefined)[] = scenarios.map(() => undefined);
  const waiting = [...scenarios.entries()];
  const { signal, exhaustive } = evaluated.options;
  const run = exhaustive === undefined ? runScenario : exhaustScenario;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, scenario] = next;
      finished[index] = signal?.aborted === true ? notBegun(evaluated, scenario.name) : await run(evaluated, scenario);
    }
  };
  await Promise.all(Array.from({ length: evaluated.children.processes }, work));
  return finished.filter((run) => run !== undefined);
}

function notBegun(evaluated: EvaluatedFile, name: string): FinishedRun {
  const reason = stopped(0, evaluated.options.signal);
  return {
    run: unknownRun(evaluated, reason, `${evaluated.shown}#${name}`),
    traced: [],
    asked: askedOf(evaluated.options),
    isNotBegun: true,
  };
}

function resultOf(finished: readonly FinishedRun[]): SimulateResult {
  const runs = finished.map(({ run }) => run);
  const traces = new Map(
    finished.flatMap(({ run, traced }) => traced.slice(0, 1).map(({ trace }) => [run.target, trace])),
  );
  const render = (terminal: { readonly color: boolean; readonly width: number }): string =>
    renderRuns(finished, new Style(terminal.color), terminal.width);
  return { document: { schema: 1, runs }, finished, traces, text: render({ color: false, width: 120 }), render };
}
