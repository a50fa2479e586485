import { performance } from "node:perf_hooks";
import type { CheckedBounds } from "../../../runtime/src/explore/exhaustive/bounds.js";
import type { ExhaustiveReport } from "../../../runtime/src/explore/exhaustive/exhaustive-report.js";
import type { Command } from "../../../runtime/src/host/protocol.js";
import { type EvaluatedFile, unknownRun } from "./list-scenarios.js";
import { stopped, whyItEnded } from "./reasons.js";
import type { Choice, FinishedRun } from "./run-scenario.js";
import type { ExhaustiveRun, SimulateRun } from "./simulate.js";
import type { Scenario } from "./targets.js";
import { mapped, type TracedSchedule, traceSchedule } from "./trace-schedule.js";

/** Each of what it has found a child runs once more before it hands it in. */
const patienceMs = 10_000;

/** Has a child try every order of events, and replays the first that violates something in a fresh process. */
export async function exhaustScenario(evaluated: EvaluatedFile, scenario: Scenario): Promise<FinishedRun> {
  const { options, shown, bundle, children, limits } = evaluated;
  const { name, title, workload, calls, obstacle } = scenario;
  const target = `${shown}#${name}`;
  const about = { title, ...(calls === undefined ? {} : { calls }) };
  const bounds = options.exhaustive as CheckedBounds;
  if (obstacle !== undefined) return { run: unknownRun(evaluated, obstacle, target), traced: [], asked: 0, ...about };
  const choice: Choice = {
    target: name,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    ...(workload === undefined ? {} : { workload }),
  };
  const command: Command = { kind: "exhaust", ...choice, seed: options.seed, bounds };
  const started = performance.now();
  const onSchedule = ({ done, violated }: { readonly done: number; readonly violated: number }) =>
    options.onProgress?.({ target, done, violated, total: bounds.states, unit: "states" });
  const end = await children.perform(command, { onSchedule, patienceMs });
  const wallMs = performance.now() - started;
  const unknown = (reason: string): FinishedRun => ({
    run: { ...unknownRun(evaluated, bundle.positions.inText(reason), target), wallMs: Math.round(wallMs) },
    traced: [],
    asked: 0,
    ...about,
  });
  if (end.kind === "cancelled") return unknown(stopped(0, options.signal));
  if (end.kind !== "answered") return unknown(whyItEnded(end, limits, options.signal));
  const { answer } = end;
  if (answer.kind !== "exhausted")
    return unknown(answer.kind === "refused" ? answer.message : `The runtime answered ${answer.kind}.`);
  const { report } = answer;
  const traced: TracedSchedule[] = [];
  if (report.decisions !== undefined) {
    // Also where the search was stopped: what it has found is told, and kept.
    const found = { ...choice, seed: options.seed, decisions: report.decisions };
    const replayed = await traceSchedule(evaluated, found, { isLast: true });
    if (replayed !== undefined && "reason" in replayed) return unknown(replayed.reason);
    if (replayed !== undefined) traced.push(replayed);
  }
  const exhaustive = exhaustiveOf(report, { bounds, isGenerated: workload !== undefined, wallMs });
  return { run: runOf(report, { target, exhaustive, wallMs, traced, evaluated }), traced, asked: 0, choice, ...about };
}

interface About {
  readonly target: string;
  readonly exhaustive: ExhaustiveRun;
  readonly wallMs: number;
  readonly traced: readonly TracedSchedule[];
  readonly evaluated: EvaluatedFile;
}

function runOf(report: ExhaustiveReport, { target, exhaustive, wallMs, traced, evaluated }: About): SimulateRun {
  const { seed, schedules, vacuous, outcome, reason, violations, operations, figures, faultsFired, simulatedMs } =
    report;
  return {
    ...{ target, seed, schedules, vacuous, outcome, reason, operations, figures, faultsFired, simulatedMs },
    violations: violations.map((each) => mapped(each, traced, evaluated.bundle.positions)),
    wallMs: Math.round(wallMs),
    exhaustive,
  };
}

function exhaustiveOf(
  { states, violated, isComplete, noticed }: ExhaustiveReport,
  {
    bounds,
    isGenerated,
    wallMs,
  }: { readonly bounds: CheckedBounds; readonly isGenerated: boolean; readonly wallMs: number },
): ExhaustiveRun {
  const { sessions, operations, timers } = bounds;
  const size = isGenerated ? { sessions, operations } : { sessions: null, operations: null };
  const statesPerSecond = Math.round((states * 1_000) / Math.max(1, wallMs));
  return { ...size, timers, states, statesPerSecond, violated, complete: isComplete, noticed };
}
