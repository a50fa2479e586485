import type { Decisions, ScheduleSize } from "./decisions.js";
import type { ExploreReport, SimulationResult, Violation } from "./report.js";
import { sizeChange } from "./schedule-size.js";
import { scheduleText } from "./schedule-text.js";

/** What `explore` and `holds` report. */
export interface InProcessReport extends ExploreReport {
  readonly violations: readonly InProcessViolation[];
}

/** As it was found in the schedule of its seed. */
export interface InProcessViolation extends Violation {
  /** The same in a schedule that is smaller. Absent where that was not asked for, or not to be had. */
  readonly shrunk?: ShrunkSchedule;
  /** Why there is none, where it was asked for. */
  readonly notShrunk?: string;
}

export interface ShrunkSchedule {
  readonly before: ScheduleSize;
  readonly after: ScheduleSize;
  /** Schedules that were tried for it. */
  readonly attempts: number;
  /** No call, session, fault or delay can be left out; false: the tries were used up before that was known. */
  readonly isMinimal: boolean;
  /** What is called, by whom, when, and under which faults, as JSON. */
  readonly decisions: Decisions;
  /** All that happens in it, and what it violates. */
  readonly result: SimulationResult;
}

/** A violated or undecided exploration, as a test runner shows it. */
export class ExplorationError extends Error {
  constructor(readonly report: InProcessReport) {
    super(describe(report));
    this.name = "ExplorationError";
  }
}

function describe(report: InProcessReport): string {
  if (report.outcome === "unknown") return `"${report.target}" could not be judged: ${report.reason}`;
  const lines = report.violations.flatMap((found) => describeViolation(found, report));
  return [`"${report.target}" is violated.`, ...lines].join("\n");
}

function describeViolation(found: InProcessViolation, { schedules }: InProcessReport): readonly string[] {
  const { shrunk, notShrunk, seed, count } = found;
  const told = shrunk?.result.violations.find(({ kind, name }) => kind === found.kind && name === found.name) ?? found;
  const { site, message, why, remedies } = told;
  const at = site === null ? "" : ` at ${site.file}:${site.line}:${site.column}`;
  const often = `Violated in ${count} of ${schedules} schedules, first with seed ${seed}${at}.`;
  const size = shrunk === undefined ? [] : [`  ${sizeText(seed, shrunk)}`];
  return [
    `${message} ${often}`,
    ...size,
    ...(shrunk === undefined ? [] : scheduleText(shrunk.result.trace, told)),
    ...(notShrunk === undefined ? [] : [`  Not made smaller: ${notShrunk}`]),
    ...(why === null ? [] : [`  Why  ${why}`]),
    ...remedies.map((remedy, index) => `  ${index === 0 ? "Do  " : "or  "} ${remedy}`),
    ...(schedules === 1 ? [] : [`  Again  the same with { seed: ${seed}, schedules: 1 }`]),
  ];
}

/** `seed 412 · shrunk 38 → 2 operations, 4 → 1 fault`. */
function sizeText(seed: number, { before, after, attempts, isMinimal }: ShrunkSchedule): string {
  const change = sizeChange(before, after);
  const size = change === "" ? "nothing in it can be spared" : `shrunk ${change}`;
  if (isMinimal) return `seed ${seed} · ${size}`;
  const known = change === "" ? "not made smaller" : size;
  return `seed ${seed} · ${known}: ${attempts} tries were not enough to know the smallest (option \`shrink\`)`;
}
