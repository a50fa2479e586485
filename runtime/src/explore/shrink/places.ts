import type { Fault } from "../../faults/index.js";
import type { Decisions, PlanDocument } from "../decisions.js";
import { fewest } from "./fewest.js";
import type { Trials } from "./trials.js";

type Session = PlanDocument["sessions"][number];

/** Two clients that can be one, clients in as few regions as it takes, and no regions without a part in it. */
export async function withFewerPlaces(decisions: Decisions, trials: Trials): Promise<Decisions> {
  const merged = await untilNone(decisions, trials, mergings);
  const moved = await untilNone(merged, trials, movings);
  return withFewerRegions(moved, trials);
}

async function untilNone(
  decisions: Decisions,
  trials: Trials,
  simpler: (decisions: Decisions) => Iterable<Decisions>,
): Promise<Decisions> {
  let simplest = decisions;
  for (let found: Decisions | undefined = simplest; found !== undefined; ) {
    found = await trials.firstOf(simpler(simplest));
    simplest = found ?? simplest;
  }
  return simplest;
}

/** The calls of one session after those of another, at its region or at the other's. */
function* mergings(decisions: Decisions): Iterable<Decisions> {
  const sessions = decisions.plan?.sessions ?? [];
  for (const [index, one] of sessions.entries())
    for (const [other, { calls }] of sessions.entries()) {
      if (other === index) continue;
      const both = { ...one, calls: [...one.calls, ...calls] };
      yield withSessions(
        decisions,
        sessions.flatMap((each, at) => (at === index ? [both] : at === other ? [] : [each])),
      );
    }
}

/** One session less in a region, where there is another one. */
function* movings(decisions: Decisions): Iterable<Decisions> {
  const sessions = decisions.plan?.sessions ?? [];
  const countIn = (region: string) => sessions.filter((session) => session.region === region).length;
  const order = decisions.regions ?? [];
  for (const [index, session] of sessions.entries())
    for (const region of new Set(sessions.map((each) => each.region))) {
      // Towards where most are, or the first of the list: never back.
      const gain = countIn(region) + 1 - countIn(session.region);
      if (region === session.region || gain < 0) continue;
      if (gain === 0 && order.indexOf(region) > order.indexOf(session.region)) continue;
      yield withSessions(decisions, sessions.with(index, { ...session, region }));
    }
}

async function withFewerRegions(decisions: Decisions, trials: Trials): Promise<Decisions> {
  const { regions, plan } = decisions;
  if (regions === undefined || plan === undefined) return decisions;
  const used = new Set(plan.sessions.map(({ region }) => region));
  const with_ = (chosen: readonly string[]): Decisions | undefined => {
    const kept = regions.filter((region) => used.has(region) || chosen.includes(region));
    const faults = decisions.faults.map((fault) => withRegions(fault, kept));
    if (faults.includes(undefined)) return undefined;
    return { ...decisions, regions: kept, faults: faults as readonly Fault[] };
  };
  const others = regions.filter((region) => !used.has(region));
  const left = await fewest(others, async (chosen) => {
    const candidate = with_(chosen);
    return candidate !== undefined && trials.shows(candidate);
  });
  return with_(left) ?? decisions;
}

/** The fault where there are only these regions; undefined if it would be another one. */
function withRegions(fault: Fault, regions: readonly string[]): Fault | undefined {
  const { groups } = fault;
  if (Array.isArray(groups)) {
    const left = (groups as string[][]).map((group) => group.filter((name) => regions.includes(name)));
    return left.every((group) => group.length > 0) ? { ...fault, groups: left } : undefined;
  }
  const named = ["region", "from", "to"].map((key) => fault[key]).filter((name) => typeof name === "string");
  return named.every((name) => regions.includes(name)) ? fault : undefined;
}

const withSessions = (decisions: Decisions, sessions: readonly Session[]): Decisions =>
  decisions.plan === undefined ? decisions : { ...decisions, plan: { ...decisions.plan, sessions } };
