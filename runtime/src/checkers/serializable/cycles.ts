import type { Dependency, DependencyGraph } from "./dependency-graph.js";

type Filter = (dependency: Dependency) => boolean;

/** Beyond this many events of one component no shorter cycle is looked for. */
const maxStarts = 64;

/** Sets of events that depend on each other in a circle (Tarjan, Depth-First Search and Linear Graph Algorithms, 1972). */
export function components(graph: DependencyGraph, allows: Filter): number[][] {
  const found: number[][] = [];
  const index = new Int32Array(graph.size).fill(-1);
  const low = new Int32Array(graph.size);
  const isOpen = new Uint8Array(graph.size);
  const open: number[] = [];
  let count = 0;
  const enter = (event: number): { readonly event: number; next: number } => {
    index[event] = low[event] = count++;
    isOpen[event] = 1;
    open.push(event);
    return { event, next: 0 };
  };
  for (let root = 0; root < graph.size; root++) {
    if (index[root] !== -1) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { event } = top;
      const dependency = graph.from(event)[top.next++];
      if (dependency !== undefined) {
        if (!allows(dependency)) continue;
        const { to } = dependency;
        if (index[to] === -1) path.push(enter(to));
        else if (isOpen[to] === 1) low[event] = Math.min(low[event] as number, index[to] as number);
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.event;
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[event] as number);
      if (low[event] !== index[event]) continue;
      const component = open.splice(open.lastIndexOf(event));
      for (const member of component) isOpen[member] = 0;
      if (component.length > 1) found.push(component);
    }
  }
  return found;
}

/** The shortest cycle found among the allowed dependencies, the first of which `starts`. */
export function shortestCycle(
  graph: DependencyGraph,
  allows: Filter,
  starts: Filter,
): readonly Dependency[] | undefined {
  let shortest: readonly Dependency[] | undefined;
  for (const component of components(graph, (dependency) => allows(dependency) || starts(dependency))) {
    const members = new Set(component);
    let tried = 0;
    for (const event of component) {
      for (const first of graph.from(event)) {
        if (!starts(first) || !members.has(first.to)) continue;
        if (tried++ > maxStarts && shortest !== undefined) break;
        const rest = shortestPath(graph, first.to, event, (d) => allows(d) && members.has(d.to));
        if (rest !== undefined && (shortest === undefined || rest.length + 1 < shortest.length))
          shortest = [first, ...rest];
      }
    }
  }
  return shortest;
}

export function shortestPath(
  graph: DependencyGraph,
  from: number,
  to: number,
  allows: Filter,
): readonly Dependency[] | undefined {
  const reachedBy = new Map<number, Dependency>();
  const queue = [from];
  for (let at = 0; at < queue.length; at++) {
    for (const dependency of graph.from(queue[at] as number)) {
      if (!allows(dependency) || reachedBy.has(dependency.to) || dependency.to === from) continue;
      reachedBy.set(dependency.to, dependency);
      if (dependency.to === to) return pathTo(to, from, reachedBy);
      queue.push(dependency.to);
    }
  }
  return undefined;
}

function pathTo(to: number, from: number, reachedBy: ReadonlyMap<number, Dependency>): Dependency[] {
  const path: Dependency[] = [];
  for (let event = to; event !== from; event = (path[0] as Dependency).from) {
    path.unshift(reachedBy.get(event) as Dependency);
  }
  return path;
}

/** An order that respects all dependencies of an acyclic graph, as near to that of the indices as can be. */
export function topologicalOrder(graph: DependencyGraph): number[] {
  const order: number[] = [];
  const incoming: number[][] = Array.from({ length: graph.size }, () => []);
  for (let event = 0; event < graph.size; event++)
    for (const { to } of graph.from(event)) (incoming[to] as number[]).push(event);
  const isEntered = new Uint8Array(graph.size);
  for (let root = 0; root < graph.size; root++) {
    const path = isEntered[root] === 1 ? [] : [root];
    for (let event = path.at(-1); event !== undefined; event = path.at(-1)) {
      isEntered[event] = 1;
      const before = (incoming[event] as number[]).pop();
      if (before === undefined) order.push(path.pop() as number);
      else if (isEntered[before] === 0) path.push(before);
    }
  }
  return order;
}
