import type { Run } from "./run.js";
import type { Guard } from "./sources.js";
import { afterBranches, type Branch, enter } from "./state.js";

export interface Alternative<T> {
  /** What has to hold for it to be taken. */
  readonly entering: readonly Guard[];
  readonly body: () => T;
}

/** Interprets each alternative from the same state, and goes on from all that came to an end. */
export function choose<T>(run: Run, alternatives: readonly Alternative<T>[]): readonly T[] {
  const before = run.state;
  if (before === undefined) return [];
  const outer = run.exits;
  const values: T[] = [];
  const branches = alternatives.map(({ entering, body }): Branch => {
    run.state = enter(before, entering);
    run.exits = 0;
    values.push(body());
    return { entering, state: run.state, exits: run.exits };
  });
  run.state = afterBranches(before, branches);
  run.exits = branches.reduce((all, { exits }) => all | exits, outer);
  return values;
}
