import type { Decisions, PlanDocument, ScheduleSize } from "../../runtime/src/explore/decisions.js";
import { traceScenario } from "../../runtime/src/explore/explore.js";
import { judgeMergeLaws } from "../../runtime/src/explore/judges/merge-laws.js";
import type { SimulationResult, Violation } from "../../runtime/src/explore/report.js";
import { runSchedule } from "../../runtime/src/explore/run.js";
import { holdVirtualGlobals } from "../../runtime/src/simulation/virtual-globals/index.js";
import type { Loaded } from "./exploration.js";

/** What trying every choice of the calls and faults of a schedule has shown. */
export interface Minimum {
  /** Of all choices that show the violation the one with the fewest calls, and of those with the fewest faults. */
  readonly size: Pick<ScheduleSize, "operations" | "faults">;
  /** So many schedules were run to know it. */
  readonly schedules: number;
}

/** More schedules than these are not run for one program. */
export const mostSchedules = 5_000;

type Size = Minimum["size"];

/**
 * The dumb twin of the shrinker: runs every choice of calls and of faults of a schedule that is smaller than `known`,
 * smallest first, each with and without the delays of the schedule, each call at the time at which it was made and after
 * waiting for as long as it waited. Undefined if that would take too many schedules.
 */
export async function minimumOf(
  program: Loaded,
  { decisions, result, violation }: { decisions: Decisions; result: SimulationResult; violation: Violation },
  known: Size,
): Promise<Minimum | undefined> {
  const { plan, faults } = decisions;
  if (plan === undefined || schedulesOf(callsOf(plan).length, faults.length, known) > mostSchedules) return undefined;
  const times = timesOf(plan, result);
  let schedules = 0;
  const release = holdVirtualGlobals();
  try {
    for (const size of sizesBelow(known, faults.length))
      for (const chosen of choicesOf(callsOf(plan).length, size.operations))
        for (const kept of choicesOf(faults.length, size.faults))
          for (const sessions of [withCalls(plan, chosen), withCalls(plan, chosen, times)])
            for (const delays of [decisions.delays ?? [], []]) {
              const fewer = {
                ...decisions,
                plan: { ...plan, sessions },
                faults: kept.map((at) => faults[at] as never),
              };
              schedules++;
              if (await shows(program, { ...fewer, delays }, violation)) return { size, schedules };
            }
  } finally {
    release();
  }
  return { size: known, schedules };
}

const variants = 4;

function schedulesOf(calls: number, faults: number, known: Size): number {
  let sum = 0;
  for (const size of sizesBelow(known, faults))
    sum += choose(calls, size.operations) * choose(faults, size.faults) * variants;
  return sum;
}

/** Fewer calls with any number of faults, or as many calls with fewer faults: smallest first. */
function* sizesBelow(known: Size, faults: number): Iterable<Size> {
  for (let operations = 1; operations <= known.operations; operations++)
    for (let count = 0; count <= (operations < known.operations ? faults : known.faults - 1); count++)
      yield { operations, faults: count };
}

function choose(count: number, size: number): number {
  let ways = 1;
  for (let i = 0; i < size; i++) ways = (ways * (count - i)) / (i + 1);
  return ways;
}

/** All choices of so many of `count` things. */
export function* choicesOf(count: number, size: number, from = 0): Iterable<readonly number[]> {
  if (size === 0) yield [];
  for (let first = from; size > 0 && first < count; first++)
    for (const others of choicesOf(count, size - 1, first + 1)) yield [first, ...others];
}

interface Times {
  readonly atUs: number | undefined;
  readonly endUs: number | undefined;
}

const callsOf = ({ sessions }: PlanDocument) => sessions.flatMap(({ calls }) => calls);

/** When each call was made, by its place in the plan: sessions are numbered as the plan lists them. */
function timesOf(plan: PlanDocument, { trace }: SimulationResult): readonly Times[] {
  const made = trace.events.filter((event) => event.kind === "call" && !event.setup && event.parent === undefined);
  const ids = [...new Set(made.map((event) => ("session" in event ? event.session : -1)))].sort((a, b) => a - b);
  return plan.sessions.flatMap(({ calls }, session) => {
    const own = made.filter((event) => event.kind === "call" && event.session === ids[session]);
    return calls.map((_, index) => {
      const event = own[index];
      return event?.kind === "call" ? { atUs: event.atUs, endUs: event.endUs } : { atUs: undefined, endUs: undefined };
    });
  });
}

/** Without the calls that are not chosen, by their places in the plan; if there are times, those left stay at theirs. */
function withCalls(plan: PlanDocument, chosen: readonly number[], times?: readonly Times[]): PlanDocument["sessions"] {
  let place = 0;
  const sessions = plan.sessions.map(({ region, calls }) => {
    let readyUs: number | undefined = 0;
    const kept = calls.flatMap((call) => {
      const at = place++;
      if (!chosen.includes(at)) return [];
      const { atUs, endUs } = times?.[at] ?? {};
      const waitUs: number | undefined = atUs === undefined || readyUs === undefined ? undefined : atUs - readyUs;
      readyUs = endUs;
      return [waitUs === undefined ? call : { ...call, thinkMs: Math.max(0, waitUs) / 1000 }];
    });
    return { region, calls: kept };
  });
  return sessions.filter(({ calls }) => calls.length > 0);
}

/**
 * The same violation, called alike: what a trace could explain must not become what it cannot, unless a client alone,
 * with nothing in its way, shows it.
 */
async function shows(program: Loaded, decisions: Decisions, violation: Violation): Promise<boolean> {
  const isIt = ({ kind, name }: Pick<Violation, "kind" | "name">) => kind === violation.kind && name === violation.name;
  const { evaluate, isUserFile } = program;
  const run = await runSchedule(evaluate, { seed: decisions.seed, isUserFile, decisions });
  const isFound = run.findings.some(isIt) || run.mergedFields.some((field) => judgeMergeLaws(field, 1).some(isIt));
  if (!isFound || run.vacuous !== undefined || run.unknown !== undefined) return false;
  const { result } = await traceScenario({ ...program, seed: decisions.seed, decisions });
  const same = result.violations.find(isIt);
  if (same === undefined) return false;
  if (violation.kind === "guarantee") return same.anomaly === violation.anomaly;
  const isOneUndisturbed = decisions.plan?.sessions.length === 1 && decisions.faults.length === 0;
  return violation.anomaly === null || same.anomaly !== null || isOneUndisturbed;
}
