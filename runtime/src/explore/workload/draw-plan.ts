import type { Prng } from "../../simulation/prng.js";
import { type Draws, drawsFrom, HandleDraw } from "./arbitraries.js";
import { type CallableMethod, pickMethod } from "./methods.js";
import {
  type Identity,
  IdentityReference,
  type Plan,
  type PlannedArguments,
  type PlannedCall,
  replaced,
} from "./plan.js";

export interface PlanSetup {
  readonly regions: readonly string[];
  readonly target: string;
  readonly methods: readonly CallableMethod[];
  /** Of the class itself and of those that its methods take. */
  readonly identities: ReadonlyMap<string, readonly string[]>;
}

const fewestCalls = 4;
export const mostCalls = 8;
const longestThinkMs = 100;
/** How often, of a hundred draws, an object is the first of its class: enough for calls to meet. */
const onFirst = 70;
/** How often, of a hundred draws, a method is given another object of its class than the one it is called on. */
const onAnother = 85;

/** One session a region: their calls, drawn before anything runs. */
export function drawPlan({ regions, target, methods, identities }: PlanSetup, random: Prng): Plan {
  const own = identities.get(target) ?? [];
  // A stream of its own: another parameter changes what a call is given, and not which calls there are.
  const draws = drawsFrom(random.fork("arguments"));
  const call = (): PlannedCall => {
    const method = pickMethod(methods, random);
    const on = { target, id: identityAt(own, random.below(100)) };
    const args = drawArguments(method, on, identities, draws);
    return { thinkMs: random.below(longestThinkMs + 1), on, method: method.name, args };
  };
  const sessions = regions.map((region) => {
    const count = fewestCalls + random.below(mostCalls - fewestCalls + 1);
    return { region, calls: Array.from({ length: count }, call) };
  });
  return { identities: [...identities].flatMap(([type, ids]) => ids.map((id) => ({ target: type, id }))), sessions };
}

function drawArguments(
  { args, source }: CallableMethod,
  on: Identity,
  identities: PlanSetup["identities"],
  draws: Draws,
): PlannedArguments {
  if (typeof args === "function") return { kind: "made", seed: draws.nextInt(0, 2 ** 31 - 1) };
  if (args !== undefined) return { kind: "listed", index: draws.nextInt(0, args.length - 1) };
  const replace = (value: object) => {
    if (!(value instanceof HandleDraw)) return undefined;
    const ids = identities.get(value.target) ?? [];
    return new IdentityReference(value.target, identityFor(value, on, ids));
  };
  return { kind: "drawn", values: source.draw(draws).map((value) => replaced(value, replace)) };
}

function identityFor({ target, percentile }: HandleDraw, on: Identity, ids: readonly string[]): string {
  if (target !== on.target) return identityAt(ids, percentile);
  const others = ids.filter((id) => id !== on.id);
  return percentile >= onAnother || others.length === 0 ? on.id : (others[percentile % others.length] as string);
}

/** The first one mostly, the others evenly. */
function identityAt(ids: readonly string[], percentile: number): string {
  const index = percentile < onFirst || ids.length === 1 ? 0 : 1 + (percentile % (ids.length - 1));
  return ids[index] as string;
}
