/** Whether what is wrong is still there with these alone. */
export type Test<T> = (kept: readonly T[]) => Promise<boolean>;

/**
 * Some of the items that suffice, of which none can be left out: delta debugging (Zeller and Hildebrandt, Simplifying and
 * Isolating Failure-Inducing Input, IEEE TSE 2002), by leaving out ever smaller parts.
 */
export async function fewest<T>(items: readonly T[], suffices: Test<T>): Promise<readonly T[]> {
  let kept = items;
  if (kept.length > 0 && (await suffices([]))) return [];
  let part = Math.ceil(kept.length / 2);
  while (kept.length > 0 && part > 0) {
    let isLess = false;
    // From the end: what comes last is seldom the cause of what comes before.
    for (let end = kept.length; end > 0; end -= part) {
      const rest = [...kept.slice(0, Math.max(0, end - part)), ...kept.slice(end)];
      // Without any it was tried.
      if (rest.length === 0 || !(await suffices(rest))) continue;
      kept = rest;
      isLess = true;
    }
    // What was needed together with another may be left out after it.
    if (part === 1 && !isLess) break;
    part = part === 1 ? 1 : Math.floor(part / 2);
  }
  return kept;
}

/** Fewer than all of these few, if any fewer suffice: the smallest choices first, so that there is none smaller. */
export async function fewestOfAll<T>(items: readonly T[], suffices: Test<T>): Promise<readonly T[]> {
  const choices = 1 << items.length;
  for (let size = 1; size < items.length; size++)
    for (let choice = 1; choice < choices; choice++) {
      const kept = items.filter((_, index) => (choice >> index) & 1);
      if (kept.length === size && (await suffices(kept))) return kept;
    }
  return items;
}

/**
 * The first of these that is still wrong, if those after one that is wrong are wrong too; else one of them that is.
 * Undefined if it found none.
 */
export async function first<T>(
  ascending: readonly T[],
  isWrong: (item: T) => Promise<boolean>,
): Promise<T | undefined> {
  let found: T | undefined;
  let [from, to] = [0, ascending.length];
  // What is simplest is worth a look of its own.
  for (let at = 0; from < to; at = Math.floor((from + to) / 2)) {
    const item = ascending[at] as T;
    if (await isWrong(item)) {
      found = item;
      to = at;
    } else from = at + 1;
  }
  return found;
}
