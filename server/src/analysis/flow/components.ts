import type { FunctionId } from "../extract/values.js";

/**
 * The strongly connected components that are reached from a node, each after all that it leads to (Tarjan 1972). A
 * component does not depend on where the search began, so that what is computed from one does not either.
 */
export function componentsFrom<T>(root: T, successorsOf: (node: T) => Iterable<T>): readonly (readonly T[])[] {
  const components: (readonly T[])[] = [];
  const indices = new Map<T, number>();
  const stack: T[] = [];
  const open = new Set<T>();
  const visit = (node: T): number => {
    const index = indices.size;
    indices.set(node, index);
    const start = stack.push(node) - 1;
    open.add(node);
    let lowest = index;
    for (const next of successorsOf(node)) {
      const known = indices.get(next);
      if (known === undefined) lowest = Math.min(lowest, visit(next));
      else if (open.has(next)) lowest = Math.min(lowest, known);
    }
    if (lowest === index) {
      const component = stack.splice(start);
      for (const each of component) open.delete(each);
      components.push(component);
    }
    return lowest;
  };
  visit(root);
  return components;
}

/** A function and all that reach it by calls, each once. */
export function reaching(
  id: FunctionId,
  callers: ReadonlyMap<FunctionId, ReadonlySet<FunctionId>>,
): ReadonlySet<FunctionId> {
  const found = new Set([id]);
  // A set is walked in the order in which it grows.
  for (const each of found) for (const caller of callers.get(each) ?? []) found.add(caller);
  return found;
}
