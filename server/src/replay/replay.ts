import { performance } from "node:perf_hooks";
import type { Trace } from "../../../runtime/src/simulation/trace.js";
import { withScenarios } from "../simulate/index.js";
import { type EvaluatedFile, emptyRun } from "../simulate/list-scenarios.js";
import { stopped } from "../simulate/reasons.js";
import { type Choice, type FinishedRun, runScenario } from "../simulate/run-scenario.js";
import type { SimulateOptions, SimulateResult, SimulateRun } from "../simulate/simulate.js";
import { Style } from "../simulate/style.js";
import { MissingTargetError, type Scenario } from "../simulate/targets.js";
import { mapped, traceSchedule } from "../simulate/trace-schedule.js";
import { UnusableInputError } from "../simulate/unusable-input.js";
import { courseOf } from "./course.js";
import { type Debuggable, type DebugOptions, debugSchedule } from "./debug.js";
import { type Fit, fitOf, inOrder } from "./fit.js";
import { type Replayed, renderReplay } from "./report.js";
import { type SavedTrace, savedTraceOf } from "./saved-trace.js";

/** One schedule to run again: that of a seed, or one that was saved. */
export interface ReplayOptions
  extends Pick<
    SimulateOptions,
    "file" | "seed" | "faults" | "strategy" | "shrink" | "buffers" | "signal" | "onOutput" | "cwd"
  > {
  /** Export name of a scenario or a class; absent: the one that the file has. */
  readonly name?: string | undefined;
  /** What was saved, in place of what the seed says, and the file that it is in, as people write it. */
  readonly saved?: { readonly trace: SavedTrace; readonly shown: string } | undefined;
  /** Run it once more for a debugger, now that it is known where that has to stop. */
  readonly debug?: ReplayDebugOptions | undefined;
}

export interface ReplayDebugOptions extends Omit<DebugOptions, "onReady"> {
  /** The process waits for a debugger at that address, for as long as that takes. */
  readonly onReady: (ready: Debuggable, result: ReplayResult) => void;
}

export interface ReplayResult {
  /** `parted`: the saved schedule does not fit the program any more. */
  readonly outcome: SimulateRun["outcome"] | "parted";
  readonly run: SimulateRun;
  /** The run with its evidence: none where not even that came about. */
  readonly finished: FinishedRun | undefined;
  readonly trace: Trace | undefined;
  /** The schedule as it went, to be kept. */
  readonly saved: SavedTrace | undefined;
  /** For people, without colour. */
  readonly text: string;
  render(terminal: { readonly color: boolean; readonly width: number }): string;
}

/**
 * Runs one schedule with all that happens in it written down. Resolves for every outcome; rejects with
 * `UnusableInputError` if there is nothing that can be run.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  try {
    const result = await withScenarios({ ...options, schedules: 1, processes: 1 }, (evaluated, scenarios) =>
      replayOne(evaluated, theOne(evaluated, scenarios), options),
    );
    return "outcome" in result ? result : unevaluated(result);
  } catch (error) {
    const { saved } = options;
    if (saved === undefined || !(error instanceof MissingTargetError)) throw error;
    const at = error.what.replace(/\.$/, "");
    const run = emptyRun(saved.trace.target, saved.trace.decisions.seed, at);
    return resultOf({ finished: { run, traced: [], asked: 1 }, fit: { kind: "parted", at }, saved });
  }
}

function theOne({ shown }: EvaluatedFile, scenarios: readonly Scenario[]): Scenario {
  const [scenario, ...others] = scenarios;
  if (scenario !== undefined && others.length === 0) return scenario;
  const names = scenarios.map(({ name }) => name).join(", ");
  throw new UnusableInputError(
    `${shown} has ${scenarios.length} targets, and one schedule is of one: ${names}.`,
    `Name it: faultline replay ${shown}#${scenario?.name ?? "Name"} --seed <n>`,
  );
}

async function replayOne(
  evaluated: EvaluatedFile,
  scenario: Scenario,
  { saved, debug }: ReplayOptions,
): Promise<ReplayResult> {
  const replayed =
    saved === undefined ? await replaySeed(evaluated, scenario) : await replaySaved(evaluated, scenario, saved);
  const { finished, fit } = replayed;
  const [traced] = finished.traced;
  const { choice } = finished;
  const isRunnable = traced !== undefined && choice !== undefined && fit?.kind !== "parted";
  const target = finished.run.target;
  const kept = isRunnable ? savedTraceOf({ target, choice }, traced, evaluated.options) : undefined;
  const result = resultOf(replayed, kept);
  if (debug !== undefined && isRunnable)
    await debugSchedule(evaluated, { choice, traced }, { ...debug, onReady: (ready) => debug.onReady(ready, result) });
  return result;
}

/** As `simulate` finds and shows it; one that holds is traced as well. */
async function replaySeed(evaluated: EvaluatedFile, scenario: Scenario): Promise<Replayed> {
  const finished = await runScenario(evaluated, scenario);
  const { choice } = finished;
  if (finished.run.outcome !== "holds" || choice === undefined) return { finished };
  const traced = await traceSchedule(evaluated, { ...choice, seed: evaluated.options.seed });
  return { finished: traced === undefined || "reason" in traced ? finished : { ...finished, traced: [traced] } };
}

async function replaySaved(
  evaluated: EvaluatedFile,
  scenario: Scenario,
  saved: NonNullable<ReplayOptions["saved"]>,
): Promise<Replayed> {
  const { trace, shown } = saved;
  const { decisions } = trace;
  const choice: Choice = {
    ...{ target: scenario.name, ...trace.choice },
    ...(scenario.workload === undefined ? {} : { workload: scenario.workload }),
  };
  const about = { title: scenario.title, saved: shown, choice, asked: 1 };
  const ended = (reason: string, fit?: Fit): Replayed => ({
    finished: { run: emptyRun(trace.target, decisions.seed, reason), traced: [], ...about },
    ...{ fit, saved },
  });
  const missing = missingFrom(scenario, trace);
  if (missing !== undefined) return ended(missing, { kind: "parted", at: missing });
  const started = performance.now();
  const went = await traceSchedule(evaluated, { ...choice, seed: decisions.seed, decisions });
  if (went === undefined || "reason" in went) return ended(went?.reason ?? stopped(0, evaluated.options.signal));
  const traced = inOrder(went, trace);
  const fit = fitOf(trace, traced, courseOf(traced.trace, { ...evaluated.options, sourceOf: traced.sourceOf }));
  if (fit.kind === "parted") return ended(fit.at, fit);
  const violations = traced.violations.map((each) => mapped(each, [traced], evaluated.bundle.positions));
  const run: SimulateRun = {
    ...emptyRun(trace.target, decisions.seed, null),
    outcome: violations.length > 0 ? "violated" : "holds",
    schedules: 1,
    violations,
    wallMs: Math.round(performance.now() - started),
  };
  return { finished: { run, traced: [traced], ...about }, fit, saved };
}

/** What the trace calls and the program does not have. A class may have got other methods: calls are by name. */
function missingFrom({ name, workload }: Scenario, { decisions: { plan }, target }: SavedTrace): string | undefined {
  if (plan === undefined || workload === undefined) {
    if (plan === workload) return undefined;
    return `\`${name}\` was a ${plan === undefined ? "scenario" : "class"}, and is a ${plan === undefined ? "class" : "scenario"} now`;
  }
  const methods = new Set(workload.methods.map((method) => method.name));
  const calls = plan.sessions.flatMap((session) => session.calls);
  const gone = calls.find(({ on, method }) => on.target === name && !methods.has(method));
  if (gone === undefined) return undefined;
  return `it calls \`${gone.on.id}.${gone.method}(…)\`, and ${target} has no public method \`${gone.method}\` any more`;
}

/** The file could not be evaluated: that is all there is to say. */
function unevaluated({ finished: [finished], render, text }: SimulateResult): ReplayResult {
  const run = finished?.run ?? emptyRun("", 0, null);
  return { outcome: run.outcome, run, finished, saved: undefined, trace: undefined, text, render };
}

function resultOf(replayed: Replayed, saved?: SavedTrace): ReplayResult {
  const { finished, fit } = replayed;
  const render = ({ color, width }: { readonly color: boolean; readonly width: number }): string =>
    renderReplay(replayed, new Style(color), width);
  return {
    outcome: fit?.kind === "parted" ? "parted" : finished.run.outcome,
    run: finished.run,
    finished,
    saved,
    trace: finished.traced[0]?.trace,
    text: render({ color: false, width: 120 }),
    render,
  };
}
