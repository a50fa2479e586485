import { holdVirtualGlobals } from "../../simulation/virtual-globals/index.js";
import type { Decisions, ScheduleSize, SizeSoFar } from "../decisions.js";
import { type TraceOptions, traceScenario } from "../explore.js";
import { judgeMergeLaws } from "../judges/merge-laws.js";
import type { SimulationResult, Violation } from "../report.js";
import { runSchedule } from "../run.js";
import type { Run } from "../schedule.js";
import type { Finding } from "../violation.js";
import { sizeOf, sizeOfPlan } from "./size.js";

export interface TrialOptions extends Omit<TraceOptions, "seed" | "watch"> {
  readonly violation: Pick<Violation, "kind" | "name">;
  /** So many schedules are run at most. */
  readonly attempts: number;
  /** Before each schedule: how many were run, and how small it is by then. */
  readonly onAttempt?: ((attempts: number, size: SizeSoFar | undefined) => void) | undefined;
  /** Asked before each schedule; what is known by then is the result. */
  readonly shouldStop?: (() => boolean) | undefined;
}

/** A schedule with all that happened in it. */
export interface Traced {
  readonly result: SimulationResult;
  readonly decisions: Decisions;
}

/** Runs schedules to see whether they show the violation that the first one shows. */
export class Trials {
  attempts = 0;
  /** The schedule that the others are compared with. */
  found: Decisions;
  private readonly known = new Map<string, boolean>();
  private original: Original | undefined;
  private size: SizeSoFar | undefined;

  constructor(
    private readonly options: TrialOptions,
    decisions: Decisions,
  ) {
    this.found = decisions;
  }

  /** No more will be run. */
  get isOver(): boolean {
    return this.attempts >= this.options.attempts || this.options.shouldStop?.() === true;
  }

  /** Runs that schedule, and notes all that is decided in it. Throws if it does not show the violation. */
  async begin(): Promise<Traced> {
    const traced = await this.trace(this.found);
    const { decisions } = traced;
    this.found = decisions;
    const explained = this.violationOf(traced.result);
    if (explained === undefined) throw this.notShown(decisions);
    const run = await this.runLean(decisions);
    const isUnlawful = this.findingOf(run, false) === undefined;
    const found = this.findingOf(run, isUnlawful);
    if (found === undefined) throw this.notShown(decisions);
    const anomaly = found.anomaly ?? null;
    const isVacuous = run.vacuous !== undefined;
    const isExplained = explained.anomaly !== null;
    const before = sizeOf(decisions, traced.result);
    this.size = { before, now: before };
    this.original = { anomaly, isExplained, isUnlawful, isVacuous, isUnknown: run.unknown !== undefined };
    this.known.set(keyOf(decisions), true);
    return traced;
  }

  /** The smallest schedule with all that happens in it. Throws if it no longer shows the violation. */
  async end(decisions: Decisions): Promise<Traced> {
    const traced = await this.trace(decisions);
    if (this.violationOf(traced.result) === undefined) throw this.notShown(decisions);
    return traced;
  }

  /** Whether these decisions lead to the same violation; if so it can be had again without a run. */
  async shows(decisions: Decisions): Promise<boolean> {
    const key = keyOf(decisions);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.isOver) return false;
    const isShown = await this.judge(decisions);
    this.known.set(key, isShown);
    if (isShown && this.size !== undefined)
      this.size = { ...this.size, now: this.sizeNow(decisions, this.size.before) };
    return isShown;
  }

  /** The first of these that shows it. */
  async firstOf(candidates: Iterable<Decisions>): Promise<Decisions | undefined> {
    for (const candidate of candidates) if (await this.shows(candidate)) return candidate;
    return undefined;
  }

  async trace(decisions: Decisions): Promise<Traced> {
    this.count();
    const traced = await traceScenario({ ...this.options, seed: decisions.seed, decisions });
    return { result: traced.result, decisions: traced.decisions ?? decisions };
  }

  private async judge(decisions: Decisions): Promise<boolean> {
    const { anomaly, isExplained, isUnlawful, isVacuous, isUnknown } = this.original as Original;
    try {
      const run = await this.runLean(decisions);
      if (run.vacuous !== undefined && !isVacuous) return false;
      if (run.unknown !== undefined && !isUnknown) return false;
      const found = this.findingOf(run, isUnlawful);
      if (found === undefined || (found.anomaly ?? null) !== anomaly) return false;
      if (!isExplained || anomaly !== null || isOneUndisturbed(decisions)) return true;
      // What the trace explained, under whatever name, must not become something that nobody can explain.
      const explained = this.violationOf((await this.trace(decisions)).result);
      return explained !== undefined && explained.anomaly !== null;
    } catch {
      return false; // a fault in a region that is not there, say: no schedule at all
    }
  }

  private async runLean(decisions: Decisions): Promise<Run> {
    this.count();
    const { evaluate, faults, levels, isUserFile, mend } = this.options;
    const release = holdVirtualGlobals();
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const asked = typeof faults === "string" ? undefined : faults;
      return await runSchedule(evaluate, {
        ...{ seed: decisions.seed, faults: faults === "none" ? [] : asked, levels, isUserFile, mend, decisions },
      });
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      release();
    }
  }

  /** What a scenario's body does is not known without a trace, and none of it is left out. */
  private sizeNow(decisions: Decisions, before: ScheduleSize): ScheduleSize {
    const { operations = before.operations, sessions = before.sessions } = sizeOfPlan(decisions) ?? {};
    return { operations, faults: before.faults - this.found.faults.length + decisions.faults.length, sessions };
  }

  private notShown({ seed }: Decisions): RangeError {
    const { kind, name } = this.options.violation;
    return new RangeError(
      `Seed ${seed} does not violate "${name}" (${kind}) when what was decided in it is done again. Something besides the ` +
        "schedule decides: look for module variables and properties of globalThis that carry over from one to the next.",
    );
  }

  private count(): void {
    this.options.onAttempt?.(this.attempts, this.size);
    this.attempts++;
  }

  private findingOf(run: Run, isUnlawful: boolean): Finding | undefined {
    const found = isUnlawful ? run.mergedFields.flatMap((field) => judgeMergeLaws(field, run.seed)) : run.findings;
    return found.find((each) => this.isIt(each));
  }

  private violationOf({ violations }: SimulationResult): Violation | undefined {
    return violations.find((each) => this.isIt(each));
  }

  private isIt({ kind, name }: Pick<Violation, "kind" | "name">): boolean {
    return kind === this.options.violation.kind && name === this.options.violation.name;
  }
}

interface Original {
  /** As its judge has named it. What explains a trace guesses at names, and better the less there is to read. */
  readonly anomaly: string | null;
  /** Its trace names it. */
  readonly isExplained: boolean;
  /** It is the merge itself that is wrong, whatever the schedule. */
  readonly isUnlawful: boolean;
  readonly isVacuous: boolean;
  readonly isUnknown: boolean;
}

const keyOf = (decisions: Decisions): string => JSON.stringify(decisions);

/** One client, and nothing in its way: whatever race was seen where there were more, it does not take one. */
const isOneUndisturbed = ({ plan, faults }: Decisions): boolean => plan?.sessions.length === 1 && faults.length === 0;
