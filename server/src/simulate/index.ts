import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { bundleProgram } from "./bundle.js";
import { Children } from "./children.js";
import { askedOf } from "./exploration.js";
import { type EvaluatedFile, listScenarios, unknownRun } from "./list-scenarios.js";
import { projectRuntime } from "./project-runtime.js";
import { stopped } from "./reasons.js";
import { renderRun } from "./report.js";
import { type FinishedRun, runScenario } from "./run-scenario.js";
import type { Limits, SimulateOptions, SimulateResult } from "./simulate.js";
import { Style } from "./style.js";
import { noTarget, type Scenario, selectScenarios } from "./targets.js";

export { blockSize } from "../../../runtime/src/explore/tally.js";
export { blocksOf } from "./exploration.js";
export type { SimulateDocument, SimulateOptions, SimulateProgress, SimulateResult, SimulateRun } from "./simulate.js";
export { UnusableInputError } from "./unusable-input.js";

/** A schedule may take this long in wall time: far more than any takes that ends. */
const limits: Limits = { deadlineMs: 10_000, heapLimitMb: 512, memoryLimitMb: 1_536 };

/**
 * Runs scenarios of a user's file in child processes. Resolves for every outcome, and after an abort with what is known
 * by then. Rejects with `UnusableInputError` if there is nothing that can be run.
 */
export async function simulate(options: SimulateOptions): Promise<SimulateResult> {
  const { file, cwd, name } = options;
  const shown = relative(cwd, file);
  const bundle = await bundleProgram(options);
  if (!bundle.usesRuntime) throw noTarget(shown);
  const { onOutput, signal, processes = availableParallelism() } = options;
  const children = new Children({
    host: projectRuntime(file, cwd).host,
    code: bundle.code,
    fileName: bundle.fileName,
    limits: { ...limits, ...options.limits },
    processes,
    signal,
    onOutput: onOutput && ((text) => onOutput(bundle.positions.inText(text))),
  });
  try {
    const evaluated: EvaluatedFile = { options, bundle, shown, children, limits: { ...limits, ...options.limits } };
    const listed = await listScenarios(evaluated);
    if ("run" in listed) return resultOf([listed]);
    const scenarios = selectScenarios({ shown, name, scenarios: listed.scenarios, code: bundle.code });
    return resultOf(await runAll(evaluated, scenarios));
  } finally {
    await children.close();
  }
}

/** As many scenarios at a time as processes, which they share; results in the order of the scenarios. */
async function runAll(evaluated: EvaluatedFile, scenarios: readonly Scenario[]): Promise<readonly FinishedRun[]> {
  const finished: (FinishedRun | undefined)[] = scenarios.map(() => undefined);
  const waiting = [...scenarios.entries()];
  const { signal } = evaluated.options;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, scenario] = next;
      finished[index] =
        signal?.aborted === true ? notBegun(evaluated, scenario.name) : await runScenario(evaluated, scenario);
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
  };
}

function resultOf(finished: readonly FinishedRun[]): SimulateResult {
  const runs = finished.map(({ run }) => run);
  const traces = new Map(
    finished.flatMap(({ run, traced }) => traced.slice(0, 1).map(({ trace }) => [run.target, trace])),
  );
  const render = (terminal: { readonly color: boolean; readonly width: number }): string =>
    finished.map((each) => renderRun(each, new Style(terminal.color), terminal.width)).join("\n");
  return { document: { schema: 1, runs }, traces, text: render({ color: false, width: 120 }), render };
}
