import type { Fault } from "../../../faults/index.js";
import type { Prng } from "../../../simulation/prng.js";
import { mostCalls } from "../draw-plan.js";
import type { Plan, PlannedCall } from "../plan.js";

/** More of them leave little of what was worth keeping. */
const mostChanges = 3;
const longestThinkMs = 400;

/** Another plan, which differs from the one that was kept in a few calls. What is new comes from a fresh one. */
export function changedPlan(kept: Plan, fresh: Plan, random: Prng): Plan {
  const sessions = kept.sessions.map(({ region, calls }) => ({ region, calls: [...calls] }));
  for (let left = 1 + random.below(mostChanges); left > 0; left--) {
    const session = random.below(sessions.length);
    const { calls } = sessions[session] as { readonly calls: PlannedCall[] };
    random.pick(changes)({ calls, sessions, session, fresh, random });
  }
  return { identities: kept.identities, sessions };
}

/** Of one session, whose calls are to be changed in place. */
interface Place {
  readonly calls: PlannedCall[];
  /** All of them. */
  readonly sessions: Plan["sessions"];
  readonly session: number;
  /** Of the same shape as the kept one. */
  readonly fresh: Plan;
  readonly random: Prng;
}

const changes: readonly ((place: Place) => void)[] = [
  function anotherCall({ calls, fresh, random }) {
    calls[random.below(calls.length)] = anyCall(fresh.sessions, random);
  },
  function oneCallMore({ calls, fresh, random }) {
    if (calls.length < mostCalls) calls.splice(random.below(calls.length + 1), 0, anyCall(fresh.sessions, random));
  },
  /** What one client does another one does too: that is how calls come to race. */
  function sameCallElsewhere({ calls, sessions, random }) {
    if (calls.length < mostCalls) calls.splice(random.below(calls.length + 1), 0, anyCall(sessions, random));
  },
  function oneCallLess({ calls, random }) {
    if (calls.length > 1) calls.splice(random.below(calls.length), 1);
  },
  function otherArguments({ calls, fresh, random }) {
    const index = random.below(calls.length);
    const call = calls[index] as PlannedCall;
    const others = fresh.sessions.flatMap((session) => session.calls).filter(({ method }) => method === call.method);
    if (others.length === 0) return;
    const { on, args } = random.pick(others);
    calls[index] = { ...call, on, args };
  },
  function otherMoment({ calls, random }) {
    const index = random.below(calls.length);
    const thinkMs = random.chance(1, 2) ? 0 : random.below(longestThinkMs);
    calls[index] = { ...(calls[index] as PlannedCall), thinkMs };
  },
  function otherOrder({ calls, random }) {
    const [i, j] = [random.below(calls.length), random.below(calls.length)];
    [calls[i], calls[j]] = [calls[j] as PlannedCall, calls[i] as PlannedCall];
  },
  function anotherSession({ calls, session, fresh }) {
    calls.splice(0, calls.length, ...(fresh.sessions[session]?.calls ?? calls));
  },
];

const anyCall = (sessions: Plan["sessions"], random: Prng): PlannedCall =>
  random.pick(random.pick(sessions.filter(({ calls }) => calls.length > 0)).calls);

/** How far a fault's window moves at most. */
const longestMoveMs = 500;

/**
 * The faults that were kept, mostly as they are: what they led to is why they were kept. Else one is left out, is another
 * one of its kind, or comes at another moment. None is added: two that are harmless alone may go beyond what a mechanism
 * claims to stand.
 */
export function changedFaults(kept: readonly Fault[], fresh: readonly Fault[], random: Prng): readonly Fault[] {
  if (kept.length === 0 || random.chance(3, 4)) return kept;
  const index = random.below(kept.length);
  const fault = kept[index] as Fault;
  switch (random.below(3)) {
    case 0:
      return kept.filter((other) => other !== fault);
    case 1:
      return kept.with(index, fresh.find((other) => other.fault === fault.fault) ?? fault);
    default:
      return kept.with(index, moved(fault, random.below(2 * longestMoveMs + 1) - longestMoveMs));
  }
}

function moved(fault: Fault, byMs: number): Fault {
  const fromMs = Math.max(0, fault.fromMs + byMs);
  return fault.untilMs === undefined
    ? { ...fault, fromMs }
    : { ...fault, fromMs, untilMs: fault.untilMs + fromMs - fault.fromMs };
}
