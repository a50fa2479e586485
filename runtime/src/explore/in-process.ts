import type { Openable } from "../cells/open.js";
import type { Fault, RandomFaults } from "../faults/index.js";
import { activeFakeTimers } from "../simulation/virtual-globals/index.js";
import type { Load } from "./decisions.js";
import { type Bounds, checkedBounds } from "./exhaustive/bounds.js";
import { exhaustScenario } from "./exhaustive/exhaust.js";
import type { ExhaustiveReport } from "./exhaustive/exhaustive-report.js";
import { exploreScenario, type FaultChoice, type TraceOptions, traceScenario } from "./explore.js";
import { ExplorationError, type InProcessReport, type InProcessViolation } from "./in-process-report.js";
import type { SimulationResult } from "./report.js";
import { isScenario, type Scenario } from "./scenario.js";
import { Shrinking, usualTries } from "./shrink/in-process.js";
import { siteOf } from "./site.js";
import type { PlanSize } from "./workload/draw-plan.js";
import type { WorkloadShape } from "./workload/shape.js";
import { type Strategy, strategies } from "./workload/strategies.js";
import { classNameOf, isReplicated } from "./workload/targets.js";
import { workloadOf } from "./workload/untyped.js";

export interface InProcessOptions {
  /** Default 1. Schedule i of `explore` has seed `seed + i − 1`. */
  readonly seed?: number;
  /** Overrides the scenario's own. */
  readonly faults?: FaultChoice | RandomFaults;
  /**
   * Of a class: who decides how late messages arrive. Default `mixed`: each strategy in its share of the schedules.
   * `guided` makes new schedules of those that reached something new; to run one alone takes up to 49 before it.
   */
  readonly strategy?: Strategy;
}

export interface ExploreInProcessOptions extends InProcessOptions {
  /** Default 1,000. */
  readonly schedules?: number;
  /**
   * What fails is told by the smallest schedule that fails alike. A number: so many schedules are tried at most to find
   * it, for all that is violated. Default 300, mostly less than a second; no clock decides, so that a report is the same
   * everywhere. `false`: as it was found.
   */
  readonly shrink?: boolean | number;
}

/**
 * A scenario, or a class whose methods are called with what their types allow. Types are not there at run time, so in
 * process that takes methods without parameters, `@Workload({ args })`, or what a build step left (`typedWorkload`).
 */
export type Target = Scenario | Openable<object>;

/**
 * Runs one schedule and keeps its trace.
 *
 * In the process of the caller the scenario's modules are not evaluated afresh: what module variables hold carries over
 * from one schedule to the next. Globals such as `Date` and `setTimeout` are virtual until the promise settles.
 */
export async function simulate(target: Target, options: InProcessOptions = {}): Promise<SimulationResult> {
  const shared = { ...checkedTarget(target, options), faults: choiceOf(options.faults), isUserFile };
  const seed = checkedCount("seed", options.seed ?? 1, 0);
  return inTurn(async () => (await traceScenario({ ...shared, seed })).result);
}

/**
 * Runs many schedules of a scenario; explains the first that shows each violation, and makes it smaller. See `simulate` on
 * module state.
 */
export async function explore(target: Target, options: ExploreInProcessOptions = {}): Promise<InProcessReport> {
  const { shape, ...checked } = checkedTarget(target, options);
  const shared = { ...checked, faults: choiceOf(options.faults), isUserFile };
  const seed = checkedCount("seed", options.seed ?? 1, 0);
  const schedules = checkedCount("schedules", options.schedules ?? 1000, 1);
  const shrinking = new Shrinking(shared, shape, checkedTries(options.shrink));
  return inTurn(async () => {
    const { report, digests } = await exploreScenario({ ...shared, seed, schedules });
    const violations: InProcessViolation[] = [];
    for (const violation of report.violations) {
      const { result, decisions } = await traceScenario({ ...shared, seed: violation.seed });
      const { violations: traced, digest } = result;
      if (digest !== digests[String(violation.seed)])
        return { ...report, outcome: "unknown", reason: notRepeatable(violation.seed) };
      const same = traced.find((other) => other.kind === violation.kind && other.name === violation.name);
      violations.push(
        same === undefined ? violation : await shrinking.of({ ...same, count: violation.count }, decisions),
      );
    }
    return { ...report, violations };
  });
}

export interface ExhaustOptions extends Bounds {
  /** Of a class: draws the calls. Default 1. */
  readonly seed?: number;
  /** Their windows open between any two events, in their order. Default: none, also where a scenario has some. */
  readonly faults?: readonly Fault[];
}

/**
 * Runs a small workload in every order in which its events can come, within bounds: so many calls of a class, drawn from the
 * seed, or the body of a scenario as it is. What holds, holds for these calls in every order of messages, answers and
 * up to so many timers, and for nothing beyond that. Where a bound is reached first, the outcome is `unknown`.
 *
 * Sessions of a class's workload are taken for apart: one does not see another's variables, but through the store.
 *
 * @throws RangeError for what is no bound.
 */
export async function exhaust(target: Target, options: ExhaustOptions = {}): Promise<ExhaustiveReport> {
  const bounds = checkedBounds(options);
  const shared = { ...checkedTarget(target, {}, bounds), faults: options.faults ?? [], isUserFile, bounds };
  const seed = checkedCount("seed", options.seed ?? 1, 0);
  return inTurn(() => exhaustScenario({ ...shared, seed }));
}

function notRepeatable(seed: number): string {
  return (
    `Seed ${seed} went another way when it was run again: the code is not deterministic. Look for module variables that ` +
    "carry over from one schedule to the next (the command line evaluates modules afresh), and for what is not awaited."
  );
}

let last: Promise<unknown> = Promise.resolve();

/** Globals are those of one run at a time: runs that a test runner starts together take turns. */
function inTurn<R>(run: () => Promise<R>): Promise<R> {
  const turn = last.then(run);
  last = turn.catch(() => undefined);
  return turn;
}

/** Explores and throws an `ExplorationError` unless everything holds: for any test runner. */
export async function holds(target: Target, options: ExploreInProcessOptions = {}): Promise<InProcessReport> {
  const report = await explore(target, options);
  if (report.outcome !== "holds") throw new ExplorationError(report);
  return report;
}

function checkedTarget(
  target: Target,
  { strategy }: InProcessOptions,
  size?: PlanSize,
): Pick<TraceOptions, "evaluate" | "target"> & { readonly shape: WorkloadShape | undefined } {
  const fake = activeFakeTimers();
  if (fake !== undefined)
    throw new Error(
      `Fake timers of ${fake} are active: time would stand still. Restore the real ones before simulating.`,
    );
  if (isScenario(target)) return { evaluate: () => target, target: target.name, shape: undefined };
  if (!isReplicated(target))
    throw new TypeError("The target is neither what scenario(…) returned nor a class with @Replicated().");
  const { workload, resolve } = workloadOf(target, { strategy: checkedStrategy(strategy), size });
  const load: Load = (seed, decisions) => workload.scenario(seed, resolve, decisions);
  const evaluate = Object.assign(load, { guide: workload.guide });
  return { evaluate, target: classNameOf(target), shape: workload.shape };
}

function checkedStrategy(strategy: Strategy | undefined): Strategy | undefined {
  const known: readonly string[] = [...strategies, "mixed", "guided"];
  if (strategy === undefined || known.includes(strategy)) return strategy;
  throw new RangeError(`There is no strategy "${String(strategy)}": ${known.join(", ")}.`);
}

function checkedTries(shrink: boolean | number = true): number {
  if (typeof shrink === "number") return checkedCount("shrink", shrink, 0);
  return shrink ? usualTries : 0;
}

function checkedCount(name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} is ${String(value)}; it has to be a whole number, ${least} or more.`);
  return value;
}

function choiceOf(faults: FaultChoice | RandomFaults | undefined): FaultChoice | undefined {
  return typeof faults === "object" && "fault" in faults ? "random" : faults;
}

// This package's own files, built or as sources, are not user code: the folder that this very file lies in tells them.
const ownFile = siteOf(new Error("here").stack, () => true)?.file ?? "";
const ownFolder = ownFile.slice(0, Math.max(0, ownFile.search(/[\\/]explore[\\/][^\\/]*$/)));
const isUserFile = (file: string): boolean =>
  !file.startsWith("node:") && (file.endsWith(".test.ts") || ownFolder === "" || !file.startsWith(ownFolder));
