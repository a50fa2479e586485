import type { Fault, RandomFaults } from "../faults/index.js";
import { randomFaults } from "../faults/index.js";
import { holdVirtualGlobals } from "../simulation/virtual-globals/index.js";
import { explain } from "./explanation.js";
import { judgeMergeLaws } from "./judges/merge-laws.js";
import type { ExploreReport, Outcome, SimulationResult, Violation } from "./report.js";
import { runSchedule } from "./run.js";
import type { Scenario } from "./scenario.js";
import type { Run } from "./schedule.js";
import type { IsUserFile } from "./site.js";
import { Statistics } from "./statistics.js";
import type { Finding } from "./violation.js";

/** The faults of the command line: a list, or words for the two that need none. */
export type FaultChoice = "random" | "none" | readonly Fault[];

export interface TraceOptions {
  /** Evaluates the user's modules and picks the scenario; called afresh for every schedule. */
  readonly evaluate: () => Scenario;
  readonly target: string;
  readonly seed: number;
  /** Overrides the scenario's own. */
  readonly faults?: FaultChoice | undefined;
  readonly isUserFile: IsUserFile;
}

export interface ExploreOptions extends TraceOptions {
  /** Schedule i has seed `seed + i − 1`. */
  readonly schedules: number;
  /** Before each schedule: its seed, how many are done, in how many of those something was violated. */
  readonly onSchedule?: ((seed: number, done: number, violated: number) => void) | undefined;
  /** Asked before each schedule; what is known so far is reported. */
  readonly shouldStop?: (() => boolean) | undefined;
}

/** Runs many schedules, untraced, and counts. `digests`: of the first schedule that shows each violation, by seed. */
export async function exploreScenario(
  options: ExploreOptions,
): Promise<{ readonly report: ExploreReport; readonly digests: Readonly<Record<string, string>> }> {
  const tally = new Tally();
  const release = holdVirtualGlobals();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // refusals are errors, and exploring throws thousands; the traced schedule has the stacks
  try {
    for (let i = 0; i < options.schedules; i++) {
      if (options.shouldStop?.() === true) break;
      const seed = options.seed + i;
      options.onSchedule?.(seed, i, tally.violated);
      tally.add(await runSchedule(options.evaluate, { seed, faults: chosen(options), isUserFile: options.isUserFile }));
      if (tally.isStuck) break;
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    release();
  }
  return { report: tally.report(options), digests: Object.fromEntries(tally.digests) };
}

/** Runs one schedule and keeps all that happens in it. */
export async function traceScenario(options: TraceOptions): Promise<SimulationResult> {
  const { seed, isUserFile } = options;
  const run = await runSchedule(options.evaluate, { seed, faults: chosen(options), isUserFile, traced: true });
  const trace = run.trace ?? { version: 1, seed, regions: [], sessions: [], events: [] };
  const unlawful = run.mergedFields.flatMap((field) => judgeMergeLaws(field, seed));
  const findings = [...run.findings, ...unlawful];
  const violations = findings.map((found) => violationOf(found, { seed, count: 1 }, explain(found, trace, findings)));
  return { seed, digest: run.digest, vacuous: run.vacuous !== undefined, violations, trace };
}

function chosen({ faults }: TraceOptions): readonly Fault[] | RandomFaults | undefined {
  if (faults === "random") return randomFaults();
  return faults === "none" ? [] : faults;
}

/** So many schedules look at whether a merge is lawful: those that follow hardly bring values of another kind. */
const mergeLawLooks = 10;

class Tally {
  readonly digests = new Map<string, string>();
  /** Why some schedule could not be judged: the first one. */
  private unknown: string | undefined;
  /** A schedule never ended; the next ones would not either. */
  isStuck = false;
  violated = 0;
  private schedules = 0;
  private vacuous = 0;
  private vacuity: string | undefined;
  private simulatedUs = 0;
  private readonly statistics = new Statistics();
  private readonly faultsFired = new Map<string, number>();
  private readonly judgements = new Map<string, boolean>();
  private readonly mergeLaws = new Map<string, { looks: number; findings: readonly Finding[] }>();
  private readonly violations = new Map<string, { readonly finding: Finding; readonly seed: number; count: number }>();

  add(run: Run): void {
    this.schedules++;
    this.simulatedUs += run.simulatedUs;
    this.statistics.add(run.calls);
    for (const [fault, count] of run.faultsFired)
      this.faultsFired.set(fault, (this.faultsFired.get(fault) ?? 0) + count);
    for (const [name, wasJudged] of run.judgements)
      this.judgements.set(name, wasJudged || this.judgements.get(name) === true);
    if (run.vacuous !== undefined) {
      this.vacuous++;
      this.vacuity ??= run.vacuous;
    }
    if (run.unknown !== undefined) {
      this.unknown ??= `${run.unknown.reason} Seed ${run.seed}.`;
      this.isStuck ||= run.unknown.isStuck;
    }
    const findings = [...run.findings, ...this.unlawful(run)];
    if (findings.length > 0) this.violated++;
    for (const finding of findings) {
      const key = `${finding.kind} ${finding.name}`;
      const known = this.violations.get(key);
      if (known !== undefined) known.count++;
      else {
        this.violations.set(key, { finding, seed: run.seed, count: 1 });
        this.digests.set(String(run.seed), run.digest);
      }
    }
  }

  /** What a merge does to made-up values is the same in every schedule, so that few of them have to look. */
  private unlawful({ mergedFields, seed }: Run): readonly Finding[] {
    return mergedFields.flatMap((field) => {
      const known = this.mergeLaws.get(field.label) ?? { looks: 0, findings: [] };
      this.mergeLaws.set(field.label, known);
      const isOpen = known.findings.length === 0 && known.looks < mergeLawLooks && field.values.length > 1;
      if (isOpen) {
        known.looks++;
        known.findings = judgeMergeLaws(field, seed);
      }
      return known.findings;
    });
  }

  report({ target, seed }: ExploreOptions): ExploreReport {
    const reason = this.reason();
    const outcome: Outcome = this.violations.size > 0 ? "violated" : reason === null ? "holds" : "unknown";
    return {
      target,
      seed,
      schedules: this.schedules,
      vacuous: this.vacuous,
      outcome,
      reason: outcome === "unknown" ? reason : null,
      violations: [...this.violations.values()].map(({ finding, ...where }) => violationOf(finding, where, undefined)),
      operations: this.statistics.summary,
      faultsFired: Object.fromEntries([...this.faultsFired].sort(([a], [b]) => (a < b ? -1 : 1))),
      simulatedMs: Math.round(this.simulatedUs / 1000),
    };
  }

  private reason(): string | null {
    if (this.unknown !== undefined) return this.unknown;
    if (this.schedules === 0) return "No schedule was run.";
    const never = this.statistics.neverSucceeded;
    if (never.length > 0)
      return `${never.map((name) => `\`${name}\``).join(", ")} never succeeded in any schedule: that was not tested.`;
    if (this.vacuous === this.schedules) return `Every schedule was vacuous: ${this.vacuity}`;
    const open = [...this.judgements].filter(([, wasJudged]) => !wasJudged).map(([name]) => `"${name}"`);
    if (open.length > 0)
      return `${open.join(", ")} could be judged in no schedule: each time an operation in it was refused.`;
    return null;
  }
}

function violationOf(
  found: Finding,
  where: { readonly seed: number; readonly count: number },
  explanation: ReturnType<typeof explain> | undefined,
): Violation {
  return {
    kind: found.kind,
    name: found.name,
    anomaly: found.anomaly ?? explanation?.anomaly ?? null,
    seed: where.seed,
    count: where.count,
    message: found.message,
    expected: found.expected ?? null,
    observed: found.observed ?? null,
    reads: found.reads,
    cells: found.cells,
    site: explanation?.site ?? found.site ?? null,
    related: explanation?.related ?? [],
    why: explanation?.why ?? null,
    remedies: explanation?.remedies ?? [],
    domain: explanation?.domain ?? null,
    racing: explanation?.racing ?? [],
  };
}
