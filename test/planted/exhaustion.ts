import { exhaustScenario } from "../../runtime/src/explore/exhaustive/exhaust.js";
import { traceScenario } from "../../runtime/src/explore/explore.js";
import { runSchedule } from "../../runtime/src/explore/run.js";
import { isAsPlanted, type Loaded, loadProgram, type Part, type Violation } from "./exploration.js";
import type { Planted } from "./planted.js";

export interface Bounds {
  readonly sessions: number;
  /** Calls of each session. */
  readonly operations: number;
  readonly timers: number;
  /** Of one search. */
  readonly states: number;
  /** So many draws of calls are searched through at most. */
  readonly plans: number;
}

/** One call a session can often be searched through wholly; what needs more is looked for among more draws. */
export const ladder: readonly Bounds[] = [
  { sessions: 2, operations: 1, timers: 0, states: 500, plans: 3 },
  { sessions: 2, operations: 2, timers: 0, states: 300, plans: 6 },
];

/** One search through every order of the calls that a seed draws. */
export interface Search {
  readonly outcome: "violated" | "holds" | "unknown";
  readonly states: number;
  readonly isComplete: boolean;
  readonly violations: readonly Violation[];
}

/** What searches through every order of a few calls have come to. */
export interface Exhausted {
  readonly id: string;
  /** The first calls some order of which shows the bug; absent: none of those that were drawn within any of the bounds. */
  readonly found?: {
    readonly bounds: Bounds;
    readonly seed: number;
    /** Until it was found. */
    readonly states: number;
    readonly violations: readonly Violation[];
    /** The program without the bug, called alike. */
    readonly twin: Omit<Search, "violations">;
  };
  /** Searches before that found nothing and were complete, and those that were cut at their bound of states. */
  readonly complete: number;
  readonly cut: number;
  /** Where it was not found: so many schedules of the same calls that were drawn without faults, and those that violate something. */
  readonly drawn?: { readonly schedules: number; readonly violated: number };
}

/** Looks for the bug in one draw of calls after the other, and then at the twin with the calls that show it. */
export async function exhaustProgram(planted: Planted, rungs: readonly Bounds[] = ladder): Promise<Exhausted> {
  let [complete, cut] = [0, 0];
  for (const bounds of rungs) {
    const program = await load(planted, "broken", bounds);
    for (let seed = 1; seed <= bounds.plans; seed++) {
      const { violations, states, isComplete } = await search(program, seed, bounds);
      if (violations.length > 0) {
        const { outcome, ...twin } = await search(await load(planted, "correct", bounds), seed, bounds);
        const sizes = { outcome, states: twin.states, isComplete: twin.isComplete };
        return { id: planted.id, found: { bounds, seed, states, violations, twin: sizes }, complete, cut };
      }
      if (isComplete) complete++;
      else cut++;
    }
  }
  return { id: planted.id, complete, cut, drawn: await drawnOf(planted, rungs) };
}

/** Drawn schedules of each draw of calls. */
const drawnSchedules = 40;

/** Whether the bug can show itself in these calls at all, as far as chance can tell: messages as late as a strategy has them. */
async function drawnOf(planted: Planted, rungs: readonly Bounds[]): Promise<NonNullable<Exhausted["drawn"]>> {
  let [schedules, violated] = [0, 0];
  for (const bounds of rungs) {
    const { evaluate, isUserFile, target } = await load(planted, "broken", bounds);
    for (let plan = 1; plan <= bounds.plans; plan++) {
      const { decisions } = await traceScenario({ evaluate, isUserFile, target, seed: plan, faults: "none" });
      for (let seed = 1; seed <= drawnSchedules; seed++) {
        const drawn = { ...(decisions?.plan === undefined ? {} : { plan: decisions.plan }), seed, faults: [] };
        const { findings } = await runSchedule(evaluate, { seed, isUserFile, decisions: drawn });
        schedules++;
        if (findings.length > 0) violated++;
      }
    }
  }
  return { schedules, violated };
}

/** The search that is recorded as the one that found it, once more. */
export async function searchAgain(
  planted: Planted,
  { bounds, seed }: NonNullable<Exhausted["found"]>,
): Promise<Search> {
  return search(await load(planted, "broken", bounds), seed, bounds);
}

/** Found as planted, or not within the bounds at all; and the twin never violated. */
export function isAsExpected({ found }: Exhausted, { about }: Planted): boolean {
  return found === undefined || (isAsPlanted(found, about) && found.twin.outcome !== "violated");
}

const load = (planted: Planted, part: Part, { sessions, operations }: Bounds): Promise<Loaded> =>
  loadProgram(planted, part, { sessions, operations });

async function search(program: Loaded, seed: number, { timers, states }: Bounds): Promise<Search> {
  const report = await exhaustScenario({ ...program, seed, untilViolated: true, bounds: { timers, states } });
  const violations = report.violations.map(({ kind, name, anomaly, message }) => ({ kind, name, anomaly, message }));
  return { outcome: report.outcome, states: report.states, isComplete: report.isComplete, violations };
}
