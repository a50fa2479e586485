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
  readonly size?: PlanSize | undefined;
}

/** How many calls there are, where every order of them is to be tried: fewer, and nobody thinks. */
export interface PlanSize {
  readonly sessions: number;
  /** Calls of each. */
  readonly operations: number;
}

const fewestCalls = 4;
export const mostCalls = 8;
const longestThinkMs = 100;
/** How often, of a hundred draws, an object is the first of its class: enough for calls to meet. */
const onFirst = 70;
/** How often, of a hundred draws, a method is given another object of its class than the one it is called on. */
const onAnother = 85;

/** One session a region: their calls, drawn before anything runs. */
export function drawPlan({ regions, target, methods, identities, size }: PlanSetup, random: Prng): Plan {
  const own = identities.get(target) ?? [];
  // A stream of its own: another parameter changes what a call is given, and not which calls there are.
  const draws = drawsFrom(random.fork("arguments"));
  const call = (): PlannedCall => {
    const method = pickMethod(methods, random);
    const on = { target, id: identityAt(own, random.below(100)) };
    const args = drawArguments(method, on, identities, draws);
    const thinkMs = random.below(longestThinkMs + 1);
    return { thinkMs: size === undefined ? thinkMs : 0, on, method: method.name, args };
  };
  const places = size === undefined ? regions : Array.from({ length: size.sessions }, (_, i) => around(regions, i));
  const sessions = places.map((region) => {
    const count = size?.operations ?? fewestCalls + random.below(mostCalls - fewestCalls + 1);
    return { region, calls: Array.from({ length: count }, call) };
  });
  return { identities: [...identities].flatMap(([type, ids]) => ids.map((id) => ({ target: type, id }))), sessions };
}

const around = (regions: readonly string[], index: number): string => regions[index % regions.length] as string;

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
