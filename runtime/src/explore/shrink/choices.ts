import type { Decisions, PlanDocument } from "../decisions.js";
import { type PlacedCall, placedCalls, withCalls } from "./calls.js";
import { sizeOfPlan } from "./size.js";
import type { Trials } from "./trials.js";

/** So few calls that all choices of them can be tried: a race takes two. */
const few = 2;
/** So few that those can be tried which call the same methods. */
const some = 4;

/**
 * A choice of the calls and faults that were found which is smaller than what leaving out has come to, if one of few
 * calls is. Leaving out one thing after the other goes downhill, and which valley it ends in depends on what went first;
 * this looks into the others, for as long as attempts are left.
 */
export async function withFewerOfAll(smallest: Decisions, trials: Trials): Promise<Decisions | undefined> {
  const { found } = trials;
  const size = sizeOfPlan(smallest);
  if (found.plan === undefined || smallest.plan === undefined || size === undefined || trials.isOver) return undefined;
  const placed = placedCalls(found.plan, (await trials.trace(found)).result);
  return trials.firstOf(smallerChoices(found, placed, smallest.plan, size));
}

/** Fewer calls, without faults and with all of them; then as many calls, with fewer faults. */
function* smallerChoices(
  found: Decisions,
  placed: readonly PlacedCall[],
  smallest: PlanDocument,
  { operations, faults }: { readonly operations: number; readonly faults: number },
): Iterable<Decisions> {
  for (const kept of found.faults.length === 0 ? [[]] : [[], found.faults])
    for (let size = 1; size < operations && size <= few; size++)
      for (const calls of choicesOf(placed, size)) yield* variantsWith(found, calls, kept);
  if (operations > some) return;
  const methods = methodsOf(smallest.sessions.flatMap(({ calls }) => calls));
  const isAlike = (calls: readonly PlacedCall[]) =>
    operations <= few || methodsOf(calls.map(({ call }) => call)) === methods;
  for (let size = 0; size < faults; size++)
    for (const kept of choicesOf(found.faults, size))
      for (const calls of choicesOf(placed, operations)) if (isAlike(calls)) yield* variantsWith(found, calls, kept);
}

/** Each call at its time or after its wait, with the delays that were found and without. */
function* variantsWith(
  found: Decisions,
  calls: readonly PlacedCall[],
  faults: Decisions["faults"],
): Iterable<Decisions> {
  for (const delays of [found.delays ?? [], []])
    for (const isTimeKept of [true, false]) yield withCalls({ ...found, faults, delays }, calls, isTimeKept);
}

/** What is called how often, in whatever order. */
function methodsOf(calls: readonly { readonly method: string }[]): string {
  const methods = calls.map(({ method }) => method);
  return methods.sort().join();
}

function* choicesOf<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  if (size === 0) yield [];
  else
    for (const [index, first] of items.entries())
      for (const others of choicesOf(items.slice(index + 1), size - 1)) yield [first, ...others];
}
