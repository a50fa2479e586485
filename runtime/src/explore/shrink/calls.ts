import type { CallEvent } from "../../simulation/trace.js";
import type { Decisions, PlanDocument } from "../decisions.js";
import type { SimulationResult } from "../report.js";
import { fewest, fewestOfAll } from "./fewest.js";
import type { Trials } from "./trials.js";

type Call = PlanDocument["sessions"][number]["calls"][number];

/** A call of a plan, and when it was made in the schedule that is made smaller. */
export interface PlacedCall {
  readonly session: number;
  readonly call: Call;
  readonly startUs: number | undefined;
  readonly endUs: number | undefined;
}

/** So few calls that all choices of them can be tried. */
const few = 6;

/** Sessions that are not needed, then calls. */
export async function withFewerCalls(decisions: Decisions, trials: Trials): Promise<Decisions> {
  const { plan } = decisions;
  if (plan === undefined) return decisions;
  const placed = placedCalls(plan, (await trials.trace(decisions)).result);
  let smallest = decisions;
  const suffices = async (kept: readonly PlacedCall[]): Promise<boolean> => {
    const found = await trials.firstOf([withCalls(decisions, kept, true), withCalls(decisions, kept, false)]);
    if (found !== undefined) smallest = found;
    return found !== undefined;
  };
  const sessions = [...new Set(placed.map(({ session }) => session))];
  const of = (chosen: readonly number[]) => placed.filter(({ session }) => chosen.includes(session));
  const calls = of(await fewest(sessions, (chosen) => suffices(of(chosen))));
  const left = await fewest(calls, suffices);
  if (left.length <= few) await fewestOfAll(left, suffices);
  return smallest;
}

/** Those with the calls that are left; if `isTimeKept`, each still at the time at which it was. */
export function withCalls(decisions: Decisions, kept: readonly PlacedCall[], isTimeKept: boolean): Decisions {
  const { plan } = decisions;
  if (plan === undefined) return decisions;
  const sessions = plan.sessions.map(({ region }, index) => {
    let readyUs: number | undefined = 0;
    const calls = kept.flatMap(({ session, call, startUs, endUs }) => {
      if (session !== index) return [];
      const waitUs = startUs === undefined || readyUs === undefined ? undefined : Math.max(0, startUs - readyUs);
      readyUs = endUs;
      return [isTimeKept && waitUs !== undefined ? { ...call, thinkMs: waitUs / 1000 } : call];
    });
    return { region, calls };
  });
  return { ...decisions, plan: { ...plan, sessions: sessions.filter(({ calls }) => calls.length > 0) } };
}

/** Sessions are numbered in the order in which a plan lists them; what does not fit has no time. */
export function placedCalls(plan: PlanDocument, { trace }: SimulationResult): readonly PlacedCall[] {
  const bySession = new Map<number, CallEvent[]>();
  for (const event of trace.events) {
    if (event.kind !== "call" || event.parent !== undefined || event.setup) continue;
    const made = bySession.get(event.session);
    if (made === undefined) bySession.set(event.session, [event]);
    else made.push(event);
  }
  const made = [...bySession].sort(([a], [b]) => a - b).map(([, calls]) => calls);
  return plan.sessions.flatMap(({ calls }, session) =>
    calls.map((call, index): PlacedCall => {
      const event = made[session]?.[index];
      const isIt = event?.method === call.method && event.object === call.on.id;
      return { session, call, startUs: isIt ? event.atUs : undefined, endUs: isIt ? event.endUs : undefined };
    }),
  );
}
