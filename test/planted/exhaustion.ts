import { exhaustScenario } from "../../runtime/src/explore/exhaustive/exhaust.js";
import { type Explored, isAsPlanted, loadProgram } from "./exploration.js";
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

/** What searches through every order of a few calls have come to. */
export interface Exhausted {
  readonly id: string;
  /** The first calls some order of which shows the bug; absent: none of those that were drawn. */
  readonly found?: {
    readonly seed: number;
    /** Of that search, until it was found. */
    readonly states: number;
    readonly violations: Explored["violations"];
  };
  /** Of searches that found nothing: those that were complete, and those that were cut at their bound of states. */
  readonly complete: number;
  readonly cut: number;
  /** What shows in the program without the bug, with those same calls, if they show it in the one that has it. */
  readonly twin?: { readonly outcome: Explored["outcome"]; readonly states: number; readonly isComplete: boolean };
}

/** Looks for the bug in one draw of calls after the other, and then at the twin with the calls that show it. */
export async function exhaustProgram(planted: Planted, bounds: Bounds): Promise<Exhausted> {
  const { sessions, operations, timers, states, plans } = bounds;
  const broken = await loadProgram(planted, "broken", { sessions, operations });
  let [complete, cut] = [0, 0];
  for (let seed = 1; seed <= plans; seed++) {
    const report = await exhaustScenario({ ...broken, seed, untilViolated: true, bounds: { timers, states } });
    if (report.violations.length === 0) {
      if (report.isComplete) complete++;
      else cut++;
      continue;
    }
    const violations = report.violations.map(({ kind, name, anomaly, message }) => ({ kind, name, anomaly, message }));
    const correct = await loadProgram(planted, "correct", { sessions, operations });
    const twin = await exhaustScenario({ ...correct, seed, untilViolated: true, bounds: { timers, states } });
    const { outcome, isComplete } = twin;
    return {
      ...{ id: planted.id, complete, cut },
      found: { seed, states: report.states, violations },
      twin: { outcome, states: twin.states, isComplete },
    };
  }
  return { id: planted.id, complete, cut };
}

/** Found as planted, or not within the bounds at all; and the twin never violated. */
export function isAsExpected({ found, twin }: Exhausted, { about }: Planted): boolean {
  return found === undefined || (isAsPlanted(found, about) && twin?.outcome !== "violated");
}
