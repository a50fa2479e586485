import type { Decisions } from "../decisions.js";
import type { Plan, PlannedArguments, PlannedCall } from "../workload/plan.js";
import { decodePlan, encodePlan } from "../workload/plan-document.js";
import type { ParameterShape, WorkloadShape } from "../workload/shape.js";
import type { Trials } from "./trials.js";

/** Two calls can be told as they are. */
const few = 2;
/** Of other arguments so many are tried. */
const others = 3;
/** With more than these there are too many pairs to try. */
const many = 12;

/** One call less, where another does more at once: with the amounts of both, or as that method was called elsewhere. */
export async function withLargerCalls(
  decisions: Decisions,
  trials: Trials,
  shape: WorkloadShape | undefined,
): Promise<Decisions> {
  let smallest = decisions;
  for (let found: Decisions | undefined = smallest; found !== undefined; ) {
    found = await trials.firstOf(withOneLess(smallest, trials.found, shape));
    smallest = found ?? smallest;
  }
  return smallest;
}

function* withOneLess(decisions: Decisions, found: Decisions, shape: WorkloadShape | undefined): Iterable<Decisions> {
  if (decisions.plan === undefined || found.plan === undefined) return;
  const plan = decodePlan(decisions.plan);
  const calls = plan.sessions.flatMap((each) => each.calls);
  if (calls.length <= few || calls.length > many) return;
  const known = decodePlan(found.plan).sessions.flatMap((each) => each.calls);
  for (const call of calls)
    for (const dropped of calls) {
      if (dropped === call || dropped.method !== call.method) continue;
      for (const args of argumentsFor(call, dropped, known, shape))
        yield { ...decisions, plan: encodePlan(changed(plan, call, { ...call, args }, dropped)) };
    }
}

function* argumentsFor(
  call: PlannedCall,
  dropped: PlannedCall,
  known: readonly PlannedCall[],
  shape: WorkloadShape | undefined,
): Iterable<PlannedArguments> {
  const { parameters } = shape?.methods.find(({ name }) => name === call.method) ?? {};
  if (parameters !== undefined) yield* added(call.args, dropped.args, parameters);
  const isLike = (other: PlannedCall) => other.method === call.method && other.on.target === call.on.target;
  const seen = new Set([textOf(call.args)]);
  for (const { args } of known.filter(isLike)) {
    const text = textOf(args);
    if (seen.has(text) || seen.size > others) continue;
    seen.add(text);
    yield args;
  }
}

/** The amounts of both: where a parameter takes any number. */
function* added(
  one: PlannedArguments,
  other: PlannedArguments,
  parameters: readonly ParameterShape[],
): Iterable<PlannedArguments> {
  if (one.kind !== "drawn" || other.kind !== "drawn") return;
  for (const [index, { values }] of parameters.entries()) {
    const [a, b] = [one.values[index], other.values[index]];
    if (values.kind === "number" && typeof a === "number" && typeof b === "number")
      yield { kind: "drawn", values: one.values.with(index, a + b) };
  }
}

const textOf = (args: PlannedArguments): string =>
  JSON.stringify(encodePlan({ identities: [], sessions: [{ region: "", calls: [anyCallWith(args)] }] }));

const anyCallWith = (args: PlannedArguments): PlannedCall => ({
  ...{ thinkMs: 0, on: { target: "", id: "" }, method: "" },
  args,
});

function changed(plan: Plan, call: PlannedCall, larger: PlannedCall, dropped: PlannedCall): Plan {
  const sessions = plan.sessions.map(({ region, calls }) => ({
    region,
    calls: calls.flatMap((each) => (each === dropped ? [] : [each === call ? larger : each])),
  }));
  return { ...plan, sessions: sessions.filter(({ calls }) => calls.length > 0) };
}
