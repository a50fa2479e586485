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
  readonly drawn: number;
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
    /** Orders that were drawn after the search had been cut, until one of them showed it; absent: the search itself did. */
    readonly orders?: number;
    readonly violations: readonly Violation[];
    /** The program without the bug, called alike. */
    readonly twin: Omit<Search, "violations" | "drawn">;
  };
  /** Searches before that found nothing and were complete, and those that were cut at their bound of states. */
  readonly complete: number;
  readonly cut: number;
  /** Of the same calls without faults, where the ladder was not enough: drawn schedules, and those that violate something. */
  readonly drawn?: { readonly schedules: number; readonly violated: number };
}

/** Calls that were drawn, within bounds. */
interface Draw {
  readonly bounds: Bounds;
  readonly seed: number;
}

/** Looks for the bug in one draw of calls after the other, and then at the twin with the calls that show it. */
export async function exhaustProgram(planted: Planted, rungs: readonly Bounds[] = ladder): Promise<Exhausted> {
  const { id } = planted;
  const draws = rungs.flatMap(drawsOf);
  const { complete, cut, found } = await searchEach(planted, draws, 0);
  if (found !== undefined) return { id, found, complete, cut };
  const drawn: Drawn[] = [];
  for (const draw of draws) drawn.push(await drawnOf(planted, draw));
  const showing = drawn.filter(({ violated }) => violated > 0);
  const again = await searchEach(planted, showing, drawnOrders);
  const total = { schedules: draws.length * drawnSchedules, violated: sum(drawn.map(({ violated }) => violated)) };
  return { id, ...(again.found === undefined ? {} : { found: again.found }), complete, cut, drawn: total };
}

const drawsOf = (bounds: Bounds): readonly Draw[] =>
  Array.from({ length: bounds.plans }, (_, index) => ({ bounds, seed: index + 1 }));

/** Of searches that are cut, where drawn schedules of the same calls show the bug. */
const drawnOrders = 1_000;

/** Searches through one draw after the other until the bug is found. */
async function searchEach(
  planted: Planted,
  draws: readonly Draw[],
  orders: number,
): Promise<Pick<Exhausted, "found" | "complete" | "cut">> {
  let [complete, cut] = [0, 0];
  for (const { bounds, seed } of draws) {
    const asked = { seed, bounds, orders };
    const { violations, states, drawn, isComplete } = await search(await load(planted, "broken", bounds), asked);
    if (violations.length > 0) {
      const { outcome, ...twin } = await search(await load(planted, "correct", bounds), asked);
      const sizes = { outcome, states: twin.states, isComplete: twin.isComplete };
      const found = { bounds, seed, states, ...(drawn === 0 ? {} : { orders: drawn }), violations, twin: sizes };
      return { found, complete, cut };
    }
    if (isComplete) complete++;
    else cut++;
  }
  return { complete, cut };
}

/** Drawn schedules of each draw of calls. */
const drawnSchedules = 40;

interface Drawn extends Draw {
  readonly violated: number;
}

/** Whether the bug can show itself in these calls at all, as far as chance can tell: messages as late as a strategy has them. */
async function drawnOf(planted: Planted, { bounds, seed: plan }: Draw): Promise<Drawn> {
  const { evaluate, isUserFile, target } = await load(planted, "broken", bounds);
  const { decisions } = await traceScenario({ evaluate, isUserFile, target, seed: plan, faults: "none" });
  let violated = 0;
  for (let seed = 1; seed <= drawnSchedules; seed++) {
    const drawn = { ...(decisions?.plan === undefined ? {} : { plan: decisions.plan }), seed, faults: [] };
    const { findings } = await runSchedule(evaluate, { seed, isUserFile, decisions: drawn });
    if (findings.length > 0) violated++;
  }
  return { bounds, seed: plan, violated };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** The search that is recorded as the one that found it, once more. */
export async function searchAgain(
  planted: Planted,
  { bounds, seed, orders = 0 }: NonNullable<Exhausted["found"]>,
): Promise<Search> {
  return search(await load(planted, "broken", bounds), { seed, bounds, orders });
}

/** Found as planted, or not within the bounds at all; and the twin never violated. */
export function isAsExpected({ found }: Exhausted, { about }: Planted): boolean {
  return found === undefined || (isAsPlanted(found, about) && found.twin.outcome !== "violated");
}

/** Programs are bundled once for each size of what is called. */
const programs = new Map<string, Promise<Loaded>>();

function load(planted: Planted, part: Part, { sessions, operations }: Bounds): Promise<Loaded> {
  const key = `${planted.id} ${part} ${sessions} ${operations}`;
  const known = programs.get(key) ?? loadProgram(planted, part, { sessions, operations });
  programs.set(key, known);
  return known;
}

async function search(program: Loaded, { seed, bounds, orders }: Draw & { readonly orders: number }): Promise<Search> {
  const { timers, states: limit } = bounds;
  const asked = { seed, untilViolated: true, bounds: { timers, states: limit }, drawnOrders: orders };
  const report = await exhaustScenario({ ...program, ...asked });
  const violations = report.violations.map(({ kind, name, anomaly, message }) => ({ kind, name, anomaly, message }));
  const { outcome, states, drawn, isComplete } = report;
  return { outcome, states, drawn, isComplete, violations };
}
