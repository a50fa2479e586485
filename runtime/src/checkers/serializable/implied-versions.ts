import { encodeValue } from "../../data/values.js";
import { components, shortestPath, topologicalOrder } from "./cycles.js";
import type { Dependencies } from "./dependencies.js";
import type { Dependency, DependencyGraph } from "./dependency-graph.js";
import type { Observations } from "./observations.js";

/** Reachability takes a bit for each pair of events. */
const maxEvents = 2_000;
const maxRounds = 8;

/**
 * Where one write is known to come before another of the same register, its readers come before the other too; and where
 * a write is known to come before a read of another, it comes before that other. Such edges imply further ones
 * (Papadimitriou 1979; Tan et al., Cobra, OSDI 2020, call it pruning). Returns whether there is a cycle now.
 */
export function addImpliedVersions(dependencies: Dependencies): boolean {
  const { graph, observations } = dependencies;
  if (graph.size > maxEvents) return false;
  for (let round = 0; round < maxRounds; round++) {
    const reached = new Reachability(dependencies);
    if (reached.hasCycle) return true;
    let added = false;
    for (const observed of observations) if (imply(observed, dependencies, reached)) added = true;
    if (!added) return false;
  }
  return false;
}

function imply(observed: Observations, { graph, happened }: Dependencies, reached: Reachability): boolean {
  if (observed.isLog) return false;
  const { cell } = observed;
  const writers = [...observed.writers.values()].filter(({ event, isLast }) => isLast && happened[event] === true);
  const readers = readersOf(observed, happened);
  let added = false;
  for (const { event: writer, value: before } of writers) {
    for (const reader of readers.get(encodeValue(before)) ?? []) {
      for (const { event: other, value: after } of writers) {
        if (other === writer || other === reader) continue;
        if (reached.from(writer, other) && !reached.from(reader, other)) {
          const reason = reasonFor(writer, other, graph);
          if (graph.add({ from: reader, to: other, kind: "rw", cell, before, after, ...reason })) added = true;
        } else if (reached.from(other, reader) && !reached.from(other, writer)) {
          const reason = { ...reasonFor(other, reader, graph), cell, before: after, after: before };
          if (graph.add({ from: other, to: writer, kind: "ww", ...reason })) added = true;
        }
      }
    }
  }
  return added;
}

/** By canonical text, who read it before writing. */
function readersOf({ accesses }: Observations, happened: readonly boolean[]): Map<string, number[]> {
  const readers = new Map<string, number[]>();
  for (const { event, actions } of accesses) {
    const [first] = actions;
    if (first?.kind !== "read" || happened[event] !== true) continue;
    const text = encodeValue(first.value);
    const others = readers.get(text);
    if (others === undefined) readers.set(text, [event]);
    else others.push(event);
  }
  return readers;
}

/** The way by which one comes before the other. */
function reasonFor(from: number, to: number, graph: DependencyGraph): Pick<Dependency, "isByOrder" | "because"> {
  const path = shortestPath(graph, from, to, () => true) ?? [];
  return {
    isByOrder: path.some(({ isByOrder }) => isByOrder),
    because: [from, ...path.flatMap((dependency) => [...dependency.because, dependency.to])],
  };
}

/** Which events come before which, by any path. */
class Reachability {
  readonly hasCycle: boolean;
  private readonly words: number;
  private readonly bits: Int32Array;

  constructor({ graph }: Dependencies) {
    this.words = (graph.size + 31) >>> 5;
    this.bits = new Int32Array(graph.size * this.words);
    this.hasCycle = components(graph, () => true).length > 0;
    if (this.hasCycle) return;
    for (const event of topologicalOrder(graph).reverse()) {
      const row = event * this.words;
      for (const { to } of graph.from(event)) {
        (this.bits[row + (to >>> 5)] as number) |= 1 << (to & 31);
        const other = to * this.words;
        for (let word = 0; word < this.words; word++)
          (this.bits[row + word] as number) |= this.bits[other + word] as number;
      }
    }
  }

  from(event: number, to: number): boolean {
    return ((this.bits[event * this.words + (to >>> 5)] as number) & (1 << (to & 31))) !== 0;
  }
}
