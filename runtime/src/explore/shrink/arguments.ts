import { encodeValue } from "../../data/values.js";
import type { Decisions, PlanDocument } from "../decisions.js";
import { IdentityReference, type Plan, type PlannedCall, replaced } from "../workload/plan.js";
import { decodePlan, encodePlan } from "../workload/plan-document.js";
import type { WorkloadShape } from "../workload/shape.js";
import { first } from "./fewest.js";
import { rounded, simplerNumbers } from "./round-numbers.js";
import { simplerArguments } from "./simpler-values.js";
import type { Trials } from "./trials.js";

/** Arguments that are easier to read, as far as their types are known. */
export async function withSimplerArguments(
  decisions: Decisions,
  trials: Trials,
  shape: WorkloadShape | undefined,
): Promise<Decisions> {
  let simplest = decisions;
  for (let found: Decisions | undefined = simplest; found !== undefined; ) {
    found = await trials.firstOf(simplerCalls(simplest, shape));
    simplest = found ?? simplest;
  }
  return simplest;
}

function* simplerCalls(decisions: Decisions, shape: WorkloadShape | undefined): Iterable<Decisions> {
  if (decisions.plan === undefined) return;
  const plan = decodePlan(decisions.plan);
  for (const [session, { calls }] of plan.sessions.entries())
    for (const [index, call] of calls.entries())
      for (const args of simplerFor(call, shape))
        if (!isTaken(plan, call, args)) yield withCall(decisions, plan, session, index, { ...call, args });
}

/** Two calls that said different things would say the same: nobody could tell whose change is lost. */
function isTaken(plan: Plan, call: PlannedCall, args: PlannedCall["args"]): boolean {
  if (args.kind === "drawn" && args.values.length === 0) return false;
  const said = encodeValue(args);
  return plan.sessions.some(({ calls }) =>
    calls.some((other) => other !== call && other.method === call.method && encodeValue(other.args) === said),
  );
}

function* simplerFor({ method, args }: PlannedCall, shape: WorkloadShape | undefined): Iterable<PlannedCall["args"]> {
  const { parameters } = shape?.methods.find(({ name }) => name === method) ?? {};
  if (args.kind === "listed") for (let index = 0; index < args.index; index++) yield { kind: "listed", index };
  if (args.kind === "drawn" && parameters !== undefined)
    for (const values of simplerArguments(args.values, parameters)) yield { kind: "drawn", values };
}

/** Calls that meet on one object in the place of two, unless one would be given itself. */
export async function withFewerObjects(decisions: Decisions, trials: Trials): Promise<Decisions> {
  let simplest = decisions;
  for (const [place, kept] of decisions.plan?.identities.entries() ?? [])
    for (const other of decisions.plan?.identities.slice(place + 1) ?? []) {
      if (other.target !== kept.target || simplest.plan === undefined) continue;
      const plan = decodePlan(simplest.plan);
      const swapped = withObject(plan, other, kept);
      if (swapped.sessions.some(({ calls }) => calls.some(isGivenItself))) continue;
      const candidate = { ...simplest, plan: encodePlan(swapped) };
      if (await trials.shows(candidate)) simplest = candidate;
    }
  return simplest;
}

type Identity = PlanDocument["identities"][number];

function withObject(plan: Plan, before: Identity, after: Identity): Plan {
  const isIt = ({ target, id }: Identity) => target === before.target && id === before.id;
  const swap = (value: object) =>
    value instanceof IdentityReference
      ? isIt(value)
        ? new IdentityReference(after.target, after.id)
        : value
      : undefined;
  return {
    ...plan,
    sessions: plan.sessions.map(({ region, calls }) => ({
      region,
      calls: calls.map((call) => ({
        ...call,
        on: isIt(call.on) ? after : call.on,
        args:
          call.args.kind === "drawn"
            ? { ...call.args, values: call.args.values.map((value) => replaced(value, swap)) }
            : call.args,
      })),
    })),
  };
}

function isGivenItself({ on, args }: PlannedCall): boolean {
  let isGiven = false;
  const look = (value: object) => {
    if (value instanceof IdentityReference && value.target === on.target && value.id === on.id) isGiven = true;
    return value instanceof IdentityReference ? value : undefined;
  };
  if (args.kind === "drawn") for (const value of args.values) replaced(value, look);
  return isGiven;
}

/** No waiting before calls, or for times that are easy to read. */
export async function withoutWaiting(decisions: Decisions, trials: Trials): Promise<Decisions> {
  if (decisions.plan === undefined) return decisions;
  // Who waits together need not wait at all.
  let simplest =
    (await trials.firstOf(withLessWaiting(decisions.plan).map((plan) => ({ ...decisions, plan })))) ?? decisions;
  let plan = decodePlan(simplest.plan ?? decisions.plan);
  const accept = async (session: number, index: number, thinkMs: number): Promise<boolean> => {
    const call = plan.sessions[session]?.calls[index] as PlannedCall;
    const candidate = withCall(simplest, plan, session, index, { ...call, thinkMs });
    if (!(await trials.shows(candidate))) return false;
    simplest = candidate;
    plan = decodePlan(candidate.plan as PlanDocument);
    return true;
  };
  for (const [session, { calls }] of plan.sessions.entries())
    for (const [index, { thinkMs }] of calls.entries()) {
      const found = await first(simplerNumbers(thinkMs), (ms) => accept(session, index, ms));
      if (found !== undefined) continue;
      for (const ms of rounded(thinkMs)) if (await accept(session, index, ms)) break;
    }
  return simplest;
}

/** Nobody waits, or everybody begins sooner by as much as the first one waits. */
function withLessWaiting(plan: PlanDocument): readonly PlanDocument[] {
  const soonest = Math.min(...plan.sessions.map(({ calls }) => calls[0]?.thinkMs ?? 0));
  const with_ = (waiting: (thinkMs: number, isFirst: boolean) => number): PlanDocument => ({
    ...plan,
    sessions: plan.sessions.map(({ region, calls }) => ({
      region,
      calls: calls.map((call, index) => ({ ...call, thinkMs: waiting(call.thinkMs, index === 0) })),
    })),
  });
  return [with_(() => 0), with_((thinkMs, isFirst) => (isFirst ? thinkMs - soonest : thinkMs))];
}

function withCall(decisions: Decisions, plan: Plan, session: number, index: number, call: PlannedCall): Decisions {
  const sessions = plan.sessions.map((each, at) =>
    at === session ? { ...each, calls: each.calls.with(index, call) } : each,
  );
  return { ...decisions, plan: encodePlan({ ...plan, sessions }) };
}
