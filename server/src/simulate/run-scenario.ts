import { performance } from "node:perf_hooks";
import type { Measurements } from "../../../runtime/src/explore/measurements.js";
import type { ExploreReport, Violation } from "../../../runtime/src/explore/report.js";
import type { ScheduleChoice } from "../../../runtime/src/host/protocol.js";
import type { Level } from "../../../runtime/src/levels.js";
import type { ChildEnd } from "./child.js";
import { askedOf, blocksOf, type Exploration, explore } from "./exploration.js";
import { type EvaluatedFile, unknownRun } from "./list-scenarios.js";
import { stopped, whyItEnded } from "./reasons.js";
import { tryRemedies } from "./remedies.js";
import { Shrinks } from "./shrink-schedule.js";
import type { SimulateOptions, SimulateProgress, SimulateRun } from "./simulate.js";
import type { Scenario } from "./targets.js";
import { mapped, type TracedSchedule, traceSchedule } from "./trace-schedule.js";
import { UnusableInputError } from "./unusable-input.js";

/** A run and the evidence for what it violated. */
export interface FinishedRun {
  readonly run: SimulateRun;
  /** Those that show what is violated, the first violation's first: the smallest ones, or as they were found. */
  readonly traced: readonly TracedSchedule[];
  /** What was run, and under what. Absent where nothing was. */
  readonly choice?: Choice;
  /** What the scenario calls itself. */
  readonly title?: string;
  /** The file that the schedule was read from, as people write it. */
  readonly saved?: string;
  /** How many schedules were to be run. */
  readonly asked: number;
  /** Its turn never came: the command was stopped before. */
  readonly isNotBegun?: true;
  /** What a generated workload calls with what. */
  readonly calls?: readonly string[];
  /** Where levels were assigned. */
  readonly measurements?: Measurements | undefined;
}

/** What is asked of a run besides what the options say. */
export interface Variation {
  /** Levels that cells run at in place of their annotations': by field, and `*` for all others. */
  readonly levels?: Readonly<Record<string, Level>>;
  /** All that is asked is whether something is violated: it ends with that, and nothing is replayed. */
  readonly untilViolated?: boolean;
}

/** More seeds than these are counted, but not told one by one. */
const tracedSeeds = 5;

/** Explores, and replays every violating seed in a fresh process before it is reported. */
export async function runScenario(
  evaluated: EvaluatedFile,
  scenario: Scenario,
  { levels, untilViolated = false }: Variation = {},
): Promise<FinishedRun> {
  const started = performance.now();
  const { options, shown, bundle, children, limits } = evaluated;
  const { positions } = bundle;
  const { name, title, workload, calls, obstacle } = scenario;
  const target = `${shown}#${name}`;
  const asked = askedOf(options);
  const about = { title, asked, ...(calls === undefined ? {} : { calls }) };
  if (obstacle !== undefined) return { run: unknownRun(evaluated, obstacle, target), traced: [], ...about };
  const choice: Choice = {
    ...{ target: name, ...faultsOf(options) },
    ...(workload === undefined ? {} : { workload, ...strategyOf(options) }),
    ...(levels === undefined ? {} : { levels }),
  };
  const told = untilViolated ? 0 : tracedSeeds;
  const finished = (rest: Partial<SimulateRun>): SimulateRun => ({
    ...unknownRun(evaluated, null, target),
    ...rest,
    target,
    wallMs: Math.round(performance.now() - started),
  });
  const replays = new Map<number, ReturnType<typeof traceSchedule>>();
  // Levels are assigned to be compared, in numbers.
  const isShrinking = options.shrink !== false && levels === undefined;
  let progress: SimulateProgress = { target, done: 0, total: asked, violated: 0 };
  const tell = (now: Partial<SimulateProgress>): void => {
    progress = { ...progress, ...now };
    options.onProgress?.(progress);
  };
  const shrinks = isShrinking ? new Shrinks(evaluated, choice, (shrinking) => tell({ shrinking })) : undefined;
  const blocks = blocksOf(options);
  let isShown = false;
  const show = (
    found: Omit<Partial<SimulateRun>, "violations">,
    violations: readonly Violation[],
    replayed: TracedSchedule,
  ): void => {
    if (isShown) return;
    isShown = true;
    options.onViolation?.(
      finished({ ...found, violations: violations.map((each) => mapped(each, [replayed], positions)) }),
    );
    if (violations[0] !== undefined) shrinks?.begin(violations[0], replayed);
  };
  // While the other schedules still run, its block too: whether it can be repeated is asked of what is told in the end.
  const onFirst = (seed: number): void => {
    const replaying = traceSchedule(evaluated, { ...choice, seed }, { isUrgent: true });
    replays.set(seed, replaying);
    const schedules = seed - (blocks[0]?.seed ?? seed) + 1;
    void replaying.then((replayed) => {
      if (replayed === undefined || "reason" in replayed || replayed.violations.length === 0) return;
      show({ schedules, outcome: "violated" }, replayed.violations, replayed);
    });
  };
  const onViolations = async ({ report, digests }: Omit<Exploration, "end">): Promise<void> => {
    for (const seed of seedsOf(report).slice(0, told))
      if (!replays.has(seed)) replays.set(seed, traceSchedule(evaluated, { ...choice, seed }));
    const first = report.violations[0]?.seed;
    const replayed = first === undefined ? undefined : await replays.get(first);
    if (replayed === undefined || "reason" in replayed || replayed.digest !== digests[replayed.seed]) return;
    const shown = report.violations.filter(({ seed }) => seed === first);
    show(report, shown, replayed);
  };
  const { report, digests, end } = await explore({
    children,
    command: untilViolated ? { ...choice, untilViolated } : choice,
    blocks,
    deadlineMs: limits.deadlineMs,
    signal: options.signal,
    onProgress: tell,
    ...(told === 0 ? {} : { onFirst, onViolations: (found) => void onViolations(found) }),
  });
  const unknown = (reason: string, done: number): FinishedRun => ({
    run: finished({ reason, schedules: done }),
    traced: [],
    ...about,
  });
  if (end?.kind === "answered") {
    const impossible = impossibilityOf(end);
    if (impossible !== undefined) return unknown(bundle.positions.inText(impossible), 0);
    throw refusal(evaluated, target, end);
  }
  // A violation outweighs a schedule that cannot be judged.
  const isHanging = end !== undefined && end.kind !== "cancelled";
  if (isHanging && report.violations.length === 0)
    return unknown(bundle.positions.inText(whyItEnded(end, limits, options.signal)), report.schedules);
  const traced: TracedSchedule[] = [];
  for (const seed of seedsOf(report).slice(0, told)) {
    const replayed = await (replays.get(seed) ?? traceSchedule(evaluated, { ...choice, seed }));
    if (replayed === undefined) break;
    if ("reason" in replayed) return unknown(replayed.reason, report.schedules);
    if (replayed.digest !== digests[seed]) return unknown(notRepeatable(seed), report.schedules);
    traced.push(replayed);
  }
  const evidence = (await shrinks?.all(report.violations, traced)) ?? traced;
  const isStopped = report.outcome === "holds" || (report.outcome === "unknown" && options.signal?.aborted === true);
  const isCutShort = isStopped && report.schedules < asked;
  const cutShort = { outcome: "unknown", reason: stopped(report.schedules, options.signal) } as const;
  const untried = report.violations.map((each) => mapped(each, evidence, positions));
  const onTrials = (done: number, total: number) => tell({ trying: { done, total }, shrinking: undefined });
  const explored = { report, blocks, traced: evidence, violations: untried, onProgress: onTrials };
  const isTelling = told > 0 && levels === undefined && !isHanging && options.shrink !== false;
  const violations = isTelling ? await tryRemedies(evaluated, choice, explored) : untried;
  return {
    run: finished({ ...report, ...(isCutShort ? cutShort : {}), violations }),
    traced: evidence,
    ...about,
    choice,
    measurements: report.measurements,
  };
}

const seedsOf = ({ violations }: ExploreReport): readonly number[] => [...new Set(violations.map(({ seed }) => seed))];

/** All but which schedule. */
export type Choice = Omit<ScheduleChoice, "seed">;

const faultsOf = ({ faults }: SimulateOptions) => (faults === undefined ? {} : { faults });
const strategyOf = ({ strategy }: SimulateOptions) => (strategy === undefined ? {} : { strategy });

/** Why nothing can be generated: that is no fault of the request. */
function impossibilityOf({ answer }: Extract<ChildEnd, { readonly kind: "answered" }>): string | undefined {
  return answer.kind === "refused" ? /^WorkloadError: (.*)/s.exec(answer.message)?.[1] : undefined;
}

function refusal({ bundle }: EvaluatedFile, target: string, end: Extract<ChildEnd, { readonly kind: "answered" }>) {
  const { answer } = end;
  const said = answer.kind === "refused" ? answer.message : `the runtime answered ${answer.kind}`;
  return new UnusableInputError(
    `${target} cannot be run: ${bundle.positions.inText(said)}`,
    "Correct what the message names: an option of the scenario or of an annotation, or what --faults gives. Nothing was judged.",
  );
}

const notRepeatable = (seed: number): string =>
  `The code is not deterministic: seed ${seed}, run again in a fresh process, went another way. Look for state that ` +
  "outlives a schedule (properties of globalThis) or that differs between processes (memory, process ids).";
