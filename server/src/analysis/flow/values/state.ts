import type { ts } from "ts-morph";
import {
  addGuards,
  chosenBy,
  exit,
  type Flowing,
  type Guard,
  guardKey,
  joinFlowing,
  nothing,
  sameFlowing,
  withSources,
} from "./sources.js";

/** A declaration, or `this.name` for a plain field. */
export type Variable = ts.Node | string;

/** What is known at one point of a function. */
export interface State {
  readonly variables: ReadonlyMap<Variable, Flowing>;
  /** What has to hold for this point to be reached. */
  readonly guards: readonly Guard[];
}

/** What a branch came to. */
export interface Branch {
  /** What has to hold for it to be taken. */
  readonly entering: readonly Guard[];
  /** Undefined where its end is never reached. */
  readonly state: State | undefined;
  /** The ways in which it was left before its end. */
  readonly exits: number;
}

export const emptyState: State = { variables: new Map(), guards: [] };

export function assign(state: State, variable: Variable, value: Flowing): State {
  return { ...state, variables: new Map(state.variables).set(variable, value) };
}

export function enter(state: State, guards: readonly Guard[]): State {
  return guards.length === 0 ? state : { ...state, guards: addGuards(state.guards, guards) };
}

/** After a choice: variables hold one value or the other, and conditions go on to hold where a branch never came back. */
export function afterBranches(before: State, branches: readonly Branch[]): State | undefined {
  const live = branches.flatMap(({ state, entering }) => (state === undefined ? [] : [{ state, entering }]));
  const [first, ...others] = live;
  if (first === undefined) return undefined;
  let guards = before.guards;
  for (const { state, entering } of live) {
    const lasting = newGuards(state.guards, [...before.guards, ...entering]);
    if (lasting.length === 0) continue;
    const exits = lasting.reduce((all, each) => all | each.exits, 0);
    guards = addGuards(guards, [...lasting, ...entering.map((each) => ({ ...each, exits: each.exits | exits }))]);
  }
  // Also where a branch was left in the middle, by a condition that depends on nothing.
  const exits = branches.reduce((all, branch) => all | branch.exits, 0);
  if (exits !== 0)
    for (const { entering } of live)
      guards = addGuards(
        guards,
        entering.map((each) => ({ ...each, exits })),
      );
  if (others.length === 0) return { variables: first.state.variables, guards };
  const chosen = chosenBy(branches.flatMap(({ entering }) => entering));
  const variables = joinVariables(
    live.map(({ state }) => state.variables),
    (value) => withSources(value, chosen),
  );
  return { variables, guards };
}

function newGuards(guards: readonly Guard[], known: readonly Guard[]): readonly Guard[] {
  const keys = new Set(known.map(guardKey));
  return guards.filter((each) => !keys.has(guardKey(each)));
}

type Variables = State["variables"];

/** `differing` is told of each variable that holds different values. */
export function joinVariables(
  all: readonly Variables[],
  differing: (value: Flowing) => Flowing = (value) => value,
): Variables {
  const [first, ...others] = all;
  if (first === undefined) return new Map();
  if (others.every((each) => each === first)) return first;
  const joined = new Map<Variable, Flowing>();
  for (const variable of new Set(all.flatMap((each) => [...each.keys()]))) {
    const values = all.flatMap((each) => each.get(variable) ?? []);
    const [value = nothing, ...rest] = values;
    joined.set(
      variable,
      rest.every((each) => each === value) ? value : differing(rest.reduce((a, b) => joinFlowing(a, b), value)),
    );
  }
  return joined;
}

export function joinStates(...states: readonly (State | undefined)[]): State | undefined {
  const live = states.filter((each) => each !== undefined);
  const [first] = live;
  if (first === undefined) return undefined;
  return {
    variables: joinVariables(live.map((each) => each.variables)),
    guards: live.reduce((guards, each) => addGuards(guards, each.guards), first.guards),
  };
}

/** Conditions whose only consequence was one of these exits hold no longer: all ways have met again. */
export function forgetExits(state: State | undefined, exits: number, base: readonly Guard[]): State | undefined {
  if (state === undefined) return undefined;
  const kept = new Set(base);
  const guards = state.guards.flatMap((each) => {
    if (kept.has(each)) return [each];
    const left = each.exits & ~exits;
    return left === 0 ? [] : [{ ...each, exits: left }];
  });
  return { ...state, guards };
}

export function onlyThrowing(guard: Guard): boolean {
  return guard.exits === exit.throw;
}

export function sameState(a: State | undefined, b: State | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.guards.length !== b.guards.length || a.variables.size !== b.variables.size) return false;
  for (const [variable, value] of a.variables)
    if (!sameFlowing(value, b.variables.get(variable) ?? nothing)) return false;
  return true;
}
