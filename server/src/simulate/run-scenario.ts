import { performance } from "node:perf_hooks";
import type { ExploreReport, SimulationResult, Violation } from "../../../runtime/src/explore/report.js";
import type { Site } from "../../../runtime/src/simulation/trace.js";
import type { ChildEnd } from "./child.js";
import { type EvaluatedFile, inChild, unknownRun } from "./list-scenarios.js";
import { stopped, whyItEnded } from "./reasons.js";
import type { SimulateOptions, SimulateRun, SimulateViolation } from "./simulate.js";
import type { SourcePositions } from "./source-positions.js";
import type { Scenario } from "./targets.js";
import { UnusableInputError } from "./unusable-input.js";

/** A run and the evidence for what it violated. */
export interface FinishedRun {
  readonly run: SimulateRun;
  /** One traced schedule a violating seed, first violation first; sites are positions of the program. */
  readonly traced: readonly (SimulationResult & { readonly sourceOf: SourcePositions["sourceOf"] })[];
  /** What the scenario calls itself. */
  readonly title?: string;
  /** What the request put in place of the scenario's own faults. */
  readonly faults?: SimulateOptions["faults"];
  /** How many schedules were to be run. */
  readonly asked: number;
}

interface Explored {
  readonly report: ExploreReport;
  readonly digests: Readonly<Record<string, string>>;
}

/** More seeds than these are counted, but not told one by one. */
const tracedSeeds = 5;

/** Explores, then replays every violating seed in a fresh process before it is reported. */
export async function runScenario(evaluated: EvaluatedFile, { name, title }: Scenario): Promise<FinishedRun> {
  const started = performance.now();
  const target = `${evaluated.shown}#${name}`;
  const asked = evaluated.options.schedules;
  const explored = await explore(evaluated, name, target);
  const wallMs = () => Math.round(performance.now() - started);
  const unknown = ({ reason, done }: Unfinished): FinishedRun => ({
    run: { ...unknownRun(evaluated, reason, target), schedules: done, wallMs: wallMs() },
    traced: [],
    title,
    asked,
  });
  if ("reason" in explored) return unknown(explored);
  const { report } = explored;
  const seeds = [...new Set(report.violations.map(({ seed }) => seed))].slice(0, tracedSeeds);
  const traced: SimulationResult[] = [];
  for (const seed of seeds) {
    const replayed = await replay(evaluated, name, seed, explored.digests[seed]);
    if (replayed === undefined) break;
    if ("reason" in replayed) return unknown({ ...replayed, done: report.schedules });
    traced.push(replayed);
  }
  const { positions } = evaluated.bundle;
  const isCutShort = report.outcome === "holds" && report.schedules < asked;
  const cutShort = { outcome: "unknown", reason: stopped(report.schedules, evaluated.options.signal) } as const;
  const violations = report.violations.map((each) => mapped(each, traced, positions));
  return {
    run: { ...report, ...(isCutShort ? cutShort : {}), target, violations, wallMs: wallMs() },
    traced: traced.map((result) => ({ ...result, sourceOf: (site) => positions.sourceOf(site) })),
    title,
    faults: evaluated.options.faults,
    asked,
  };
}

interface Unfinished {
  readonly reason: string;
  readonly done: number;
}

async function explore(evaluated: EvaluatedFile, name: string, target: string): Promise<Explored | Unfinished> {
  const { schedules, onProgress } = evaluated.options;
  const onSchedule = ({ done, violated }: { readonly done: number; readonly violated: number }) =>
    onProgress?.({ target, done, violated, total: schedules });
  const end = await inChild(evaluated, exploreCommand(evaluated, name, schedules), { onSchedule });
  const explored = exploredOf(end);
  if (explored !== undefined) return explored;
  if (end.kind === "answered" && end.answer.kind === "refused")
    throw new UnusableInputError(
      `${target} cannot be run: ${evaluated.bundle.positions.inText(end.answer.message)}`,
      "Correct what the message names: an option of the scenario or of an annotation, or what --faults gives. Nothing was judged.",
    );
  const done = end.last?.done ?? 0;
  // A violation outweighs a schedule that cannot be judged: run again those before it, which is known to end.
  if (end.kind !== "cancelled" && done > 0 && (end.last?.violated ?? 0) > 0) {
    const before = exploredOf(await inChild(evaluated, exploreCommand(evaluated, name, done)));
    if (before !== undefined) return before;
  }
  return { reason: reasonOf(evaluated, end), done };
}

function exploreCommand({ options: { seed, faults } }: EvaluatedFile, target: string, schedules: number) {
  return { kind: "explore", target, seed, schedules, ...(faults === undefined ? {} : { faults }) } as const;
}

const exploredOf = (end: ChildEnd): Explored | undefined =>
  end.kind === "answered" && end.answer.kind === "explored" ? end.answer : undefined;

function reasonOf({ bundle, limits, options }: EvaluatedFile, end: ChildEnd): string {
  if (end.kind !== "answered") return bundle.positions.inText(whyItEnded(end, limits, options.signal));
  const message = end.answer.kind === "refused" ? end.answer.message : `the runtime answered ${end.answer.kind}`;
  return `The run broke off: ${bundle.positions.inText(message)}`;
}

/** Undefined when the run was stopped meanwhile: the violation stands, without its picture. */
async function replay(
  evaluated: EvaluatedFile,
  target: string,
  seed: number,
  digest: string | undefined,
): Promise<SimulationResult | { readonly reason: string } | undefined> {
  const { faults } = evaluated.options;
  const end = await inChild(evaluated, { kind: "trace", target, seed, ...(faults === undefined ? {} : { faults }) });
  if (end.kind === "cancelled") return undefined;
  if (end.kind !== "answered" || end.answer.kind !== "traced") return { reason: reasonOf(evaluated, end) };
  const { result } = end.answer;
  if (result.digest === digest) return result;
  return {
    reason:
      `The code is not deterministic: seed ${seed}, run again in a fresh process, went another way. Look for state that ` +
      "outlives a schedule (properties of globalThis) or that differs between processes (memory, process ids).",
  };
}

/** Exploring runs lean; the traced schedule knows the lines. */
function mapped(
  violation: Violation,
  traced: readonly SimulationResult[],
  positions: SourcePositions,
): SimulateViolation {
  const detailed = evidenceFor(violation, traced)?.violation ?? violation;
  const { kind, name, anomaly, expected, observed } = detailed;
  return {
    kind,
    name,
    anomaly,
    seed: violation.seed,
    count: violation.count,
    message: positions.inText(detailed.message),
    expected,
    observed,
    location: sourceOf(detailed.site, positions),
    related: detailed.related.flatMap(({ site, message }) => {
      const location = sourceOf(site, positions);
      return location === null ? [] : [{ ...location, message: positions.inText(message) }];
    }),
    shrunk: null,
  };
}

/** The traced schedule that shows a violation, and the violation as it tells it. */
export function evidenceFor<T extends SimulationResult>(
  { kind, name, seed }: { readonly kind: string; readonly name: string; readonly seed: number },
  traced: readonly T[],
): { readonly result: T; readonly violation: Violation } | undefined {
  const result = traced.find((each) => each.seed === seed);
  const violation = result?.violations.find((each) => each.kind === kind && each.name === name);
  return result === undefined || violation === undefined ? undefined : { result, violation };
}

const sourceOf = (site: Site | null, positions: SourcePositions) => (site === null ? null : positions.sourceOf(site));
