import type { Decisions } from "../decisions.js";
import { type PlacedCall, placedCalls, withCalls } from "./calls.js";
import { sizeOfPlan } from "./size.js";
import type { Trials } from "./trials.js";

/** So few calls that all choices of them can be tried: a race takes two. */
const most = 2;

/**
 * A choice of the calls and faults that were found which is smaller than what leaving out has come to, if one of few
 * calls is. Leaving out one thing after the other goes downhill, and which valley it ends in depends on what went first;
 * this looks into the others, for as long as attempts are left.
 */
export async function withFewerOfAll(smallest: Decisions, trials: Trials): Promise<Decisions | undefined> {
  const { found } = trials;
  const size = sizeOfPlan(smallest);
  if (found.plan === undefined || size === undefined || trials.isOver) return undefined;
  const placed = placedCalls(found.plan, (await trials.trace(found)).result);
  return trials.firstOf(smallerChoices(found, placed, size));
}

/** Fewer calls, without faults and with all of them; then as many calls, with fewer faults. */
function* smallerChoices(
  found: Decisions,
  placed: readonly PlacedCall[],
  { operations, faults }: { readonly operations: number; readonly faults: number },
): Iterable<Decisions> {
  for (const kept of found.faults.length === 0 ? [[]] : [[], found.faults])
    for (let size = 1; size < operations && size <= most; size++) yield* choicesWith(found, placed, size, kept);
  if (operations > most) return;
  for (let size = 0; size < faults; size++)
    for (const kept of choicesOf(found.faults, size)) yield* choicesWith(found, placed, operations, kept);
}

/** Each call at its time or after its wait, with the delays that were found and without. */
function* choicesWith(
  found: Decisions,
  placed: readonly PlacedCall[],
  size: number,
  faults: Decisions["faults"],
): Iterable<Decisions> {
  for (const kept of choicesOf(placed, size))
    for (const delays of [found.delays ?? [], []])
      for (const isTimeKept of [true, false]) yield withCalls({ ...found, faults, delays }, kept, isTimeKept);
}

function* choicesOf<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  if (size === 0) yield [];
  else
    for (const [index, first] of items.entries())
      for (const others of choicesOf(items.slice(index + 1), size - 1)) yield [first, ...others];
}
