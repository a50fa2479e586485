import { encodeValue } from "../../data/values.js";
import { components, shortestPath, topologicalOrder } from "./cycles.js";
import type { Dependencies } from "./dependencies.js";
import type { Dependency, DependencyGraph } from "./dependency-graph.js";
import type { Observations, Writer } from "./observations.js";

/** Reachability takes a bit for each pair of events: 12 MB for as many. */
const maxEvents = 10_000;
const maxRounds = 8;

/**
 * Where one write is known to come before another of the same register, its readers come before the other too; and where
 * a write is known to come before a read of another, it comes before that other. Such edges imply further ones
 * (Papadimitriou 1979; Tan et al., Cobra, OSDI 2020, call it pruning). Stops at a cycle.
 */
export function addImpliedVersions(dependencies: Dependencies, isByOrder: boolean): void {
  const { graph, observations } = dependencies;
  if (graph.size > maxEvents) return;
  for (let round = 1; round <= maxRounds; round++) {
    if (components(graph, () => true).length > 0) return;
    const reached = new Reachability(graph);
    const add = (dependency: Known, from: number, to: number): boolean =>
      graph.add({
        ...dependency,
        isByOrder,
        because: [from, to],
        implied: { from, to, round: isByOrder ? maxRounds + round : round },
      });
    let added = false;
    for (const observed of observations) if (imply(observed, dependencies, reached, add)) added = true;
    if (!added) return;
  }
}

/** All events from which a dependency follows. */
export function reasonsFor(dependency: Dependency, graph: DependencyGraph): number[] {
  const { because, implied } = dependency;
  if (implied === undefined) return [...because];
  const isEarlier = (other: Dependency): boolean => (other.implied?.round ?? 0) < implied.round;
  const path = shortestPath(graph, implied.from, implied.to, isEarlier) ?? [];
  return [...because, ...path.flatMap((step) => [step.to, ...reasonsFor(step, graph)])];
}

type Known = Omit<Dependency, "isByOrder" | "because" | "implied">;

/** Adds what follows from one event's coming before another. */
type Add = (dependency: Known, from: number, to: number) => boolean;

function imply(observed: Observations, { happened }: Dependencies, reached: Reachability, add: Add): boolean {
  if (observed.isLog) return false;
  const { cell } = observed;
  const writers = [...observed.writers.values()]
    .filter(({ event, isLast }) => isLast && happened[event] === true)
    .sort((a, b) => reached.placeOf(a.event) - reached.placeOf(b.event));
  const readers = readersOf(observed, happened);
  let added = false;
  for (const { event: writer, value: before } of writers) {
    for (const reader of readers.get(encodeValue(before)) ?? []) {
      const isOther = ({ event }: Writer): boolean => event !== writer && event !== reader;
      // Of what comes later only the first matters, and of what came earlier the last: the rest follows from these.
      const next = writers.filter(
        (other) => isOther(other) && reached.from(writer, other.event) && !reached.from(reader, other.event),
      );
      for (const { event, value } of extremes(next, (a, b) => reached.from(a, b)))
        if (add({ from: reader, to: event, kind: "rw", cell, before, after: value }, writer, event)) added = true;
      const earlier = writers.filter(
        (other) => isOther(other) && reached.from(other.event, reader) && !reached.from(other.event, writer),
      );
      for (const { event, value } of extremes(earlier.reverse(), (a, b) => reached.from(b, a))) {
        if (reached.from(writer, event)) continue; // then the reader is already known to come before it
        if (add({ from: event, to: writer, kind: "ww", cell, before: value, after: before }, event, reader))
          added = true;
      }
    }
  }
  return added;
}

/** Those that none of the others covers. */
function extremes(writers: readonly Writer[], covers: (a: number, b: number) => boolean): readonly Writer[] {
  const kept: Writer[] = [];
  for (const writer of writers) if (!kept.some(({ event }) => covers(event, writer.event))) kept.push(writer);
  return kept;
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

/** Which events come before which, by any path of an acyclic graph. */
class Reachability {
  private readonly words: number;
  private readonly bits: Int32Array;
  private readonly places: Int32Array;

  constructor(graph: DependencyGraph) {
    this.words = (graph.size + 31) >>> 5;
    this.bits = new Int32Array(graph.size * this.words);
    this.places = new Int32Array(graph.size);
    const order = topologicalOrder(graph);
    for (const [place, event] of order.entries()) this.places[event] = place;
    for (const event of order.reverse()) {
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

  /** In an order that respects all paths. */
  placeOf(event: number): number {
    return this.places[event] as number;
  }
}
