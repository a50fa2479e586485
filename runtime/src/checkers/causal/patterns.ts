import type { Differentiated, VariableEvent, VariableRead } from "./variables.js";

/** What no causally consistent history has (Bouajjani et al. 2017, section 5). Events by number. */
export type BadPattern =
  /** Causality goes in a circle. */
  | { readonly kind: "cyclic-co"; readonly events: readonly number[] }
  /** A read of the initial value, although a write came causally before it. */
  | {
      readonly kind: "write-co-init-read";
      readonly read: VariableRead;
      readonly reader: number;
      readonly missed: number;
    }
  /** A read of a value, although a write came causally after that and before the read. */
  | { readonly kind: "write-co-read"; readonly read: VariableRead; readonly reader: number; readonly missed: number }
  /** Concurrent writes would have to be settled in a circle. */
  | { readonly kind: "cyclic-cf"; readonly events: readonly number[]; readonly reads: readonly number[] };

/**
 * What came causally before each event, as vector clocks over processes: how many events of each. Session order and
 * reads-from generate it, so the clocks are computed along them.
 */
export class Causality {
  readonly cycle: readonly number[] | undefined;
  readonly processes: number;
  private readonly processOf: Int32Array;
  /** From 1, within its process. */
  private readonly countOf: Int32Array;
  private readonly clocks: Int32Array;
  /** By variable and process, the events that write it. */
  private readonly writers = new Map<string, Map<number, number[]>>();

  constructor(readonly history: Differentiated) {
    const { events } = history;
    const numbers = new Map<number, number>();
    const counts: number[] = [];
    this.processOf = new Int32Array(events.length);
    this.countOf = new Int32Array(events.length);
    for (const { index, source } of events) {
      const process = numbers.get(source.process) ?? numbers.size;
      numbers.set(source.process, process);
      counts[process] = (counts[process] ?? 0) + 1;
      this.processOf[index] = process;
      this.countOf[index] = counts[process] as number;
    }
    this.processes = numbers.size;
    for (const event of events) for (const variable of event.writes) this.addWriter(variable, event.index);
    this.clocks = new Int32Array(events.length * this.processes);
    const order = topological(events.length, (i) => generators(events[i] as VariableEvent));
    this.cycle = order.cycle;
    if (order.cycle === undefined) for (const i of order.order) this.advance(events[i] as VariableEvent);
  }

  /** Whether `a` came causally before `b`. */
  precedes(a: number, b: number): boolean {
    return a !== b && this.seen(b, this.processOf[a] as number) >= (this.countOf[a] as number);
  }

  /** Of each process, its last write of a variable that came causally before an event. */
  lastWriters(variable: string, before: number): number[] {
    const last: number[] = [];
    for (const [process, writers] of this.writers.get(variable) ?? []) {
      const limit = this.seen(before, process);
      let low = 0;
      let high = writers.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const writer = writers[middle] as number;
        if ((this.countOf[writer] as number) <= limit && writer !== before) low = middle + 1;
        else high = middle;
      }
      if (low > 0) last.push(writers[low - 1] as number);
    }
    return last;
  }

  /** An event of a chain that came causally before one that stands before it there. */
  outOfOrder(chain: readonly number[]): number | undefined {
    const { clocks, processes } = this;
    const joined = new Int32Array(processes);
    const passed = new Set<number>();
    for (const event of chain) {
      if (!passed.has(event) && (joined[this.processOf[event] as number] as number) >= (this.countOf[event] as number))
        return event;
      passed.add(event);
      for (let p = 0; p < processes; p++)
        joined[p] = Math.max(joined[p] as number, clocks[event * processes + p] as number);
    }
    return undefined;
  }

  private seen(event: number, process: number): number {
    return this.clocks[event * this.processes + process] as number;
  }

  private addWriter(variable: string, index: number): void {
    const process = this.processOf[index] as number;
    const byProcess = this.writers.get(variable) ?? new Map<number, number[]>();
    this.writers.set(variable, byProcess);
    const writers = byProcess.get(process);
    if (writers === undefined) byProcess.set(process, [index]);
    else writers.push(index);
  }

  private advance(event: VariableEvent): void {
    const { clocks, processes } = this;
    const own = event.index * processes;
    for (const earlier of generators(event)) {
      const other = earlier * processes;
      for (let p = 0; p < processes; p++)
        if ((clocks[other + p] as number) > (clocks[own + p] as number)) clocks[own + p] = clocks[other + p] as number;
    }
    clocks[own + (this.processOf[event.index] as number)] = this.countOf[event.index] as number;
  }
}

/** What comes directly before an event: in its session, and what it read from. */
export function generators({ before, reads, index }: VariableEvent): number[] {
  const direct = [...before];
  for (const { from } of reads) if (from !== undefined && from !== index && !direct.includes(from)) direct.push(from);
  return direct;
}

/** The patterns that rule out causal consistency (CC), of which the other models ask more. */
export function badPattern(causality: Causality): BadPattern | undefined {
  const { cycle, history } = causality;
  if (cycle !== undefined) return { kind: "cyclic-co", events: cycle };
  for (const { index, reads, chains } of history.events) {
    for (const read of reads) {
      const missed = causality
        .lastWriters(read.variable, index)
        .find((writer) => writer !== read.from && (read.from === undefined || causality.precedes(read.from, writer)));
      if (missed !== undefined)
        return { kind: read.from === undefined ? "write-co-init-read" : "write-co-read", read, reader: index, missed };
    }
    for (const chain of chains) {
      const later = causality.outOfOrder(chain);
      const earlier = chain.find((entry) => later !== undefined && causality.precedes(later, entry));
      if (later !== undefined && earlier !== undefined)
        return { kind: "cyclic-cf", events: [later, earlier], reads: [index] };
    }
  }
  return undefined;
}

/** Whether one event alone has read what no order of the writes before it explains: it has to have read several things. */
export function readCycle(causality: Causality): BadPattern | undefined {
  for (const event of causality.history.events) {
    if (event.reads.length < 2) continue;
    const edges = conflicts(event, causality).filter(([earlier, later]) => earlier !== later);
    const ends = [...new Set(edges.flat())];
    const { cycle } = topological(ends.length, (i) => {
      const end = ends[i] as number;
      const shown = edges.filter(([, later]) => later === end).map(([earlier]) => ends.indexOf(earlier));
      const before = ends.flatMap((other, j) => (causality.precedes(other, end) ? [j] : []));
      return [...new Set([...shown, ...before])];
    });
    if (cycle !== undefined)
      return { kind: "cyclic-cf", events: cycle.map((i) => ends[i] as number), reads: [event.index] };
  }
  return undefined;
}

/** Pairs of writes of which a read says that the first is before the second, as it came causally before the read. */
function conflicts({ index, reads, chains }: VariableEvent, causality: Causality): [number, number][] {
  const pairs: [number, number][] = [];
  for (const { variable, from } of reads) {
    if (from === undefined) continue;
    for (const writer of causality.lastWriters(variable, index)) if (writer !== from) pairs.push([writer, from]);
  }
  for (const chain of chains)
    for (let i = 1; i < chain.length; i++)
      if (chain[i - 1] !== chain[i]) pairs.push([chain[i - 1] as number, chain[i] as number]);
  return pairs;
}

/** Whether there is no one order that settles concurrent writes as all reads show it: the pattern that CCv adds. */
export function conflictCycle(causality: Causality): BadPattern | undefined {
  const { events } = causality.history;
  const before = events.map(
    (event) => new Map(generators(event).map((earlier): [number, number | undefined] => [earlier, undefined])),
  );
  for (const event of events)
    for (const [earlier, later] of conflicts(event, causality))
      if (!before[later]?.has(earlier)) before[later]?.set(earlier, event.index);
  const { cycle } = topological(events.length, (i) => [...(before[i]?.keys() ?? [])]);
  if (cycle === undefined) return undefined;
  const shown = cycle.map((earlier, i) => before[cycle[(i + 1) % cycle.length] as number]?.get(earlier));
  return { kind: "cyclic-cf", events: cycle, reads: [...new Set(shown.filter((read) => read !== undefined))] };
}

interface Order {
  readonly order: readonly number[];
  /** A shortest one through one of its events; each comes before the next, and the last before the first. */
  readonly cycle: readonly number[] | undefined;
}

export function topological(size: number, before: (i: number) => readonly number[]): Order {
  const missing = new Int32Array(size);
  const after: number[][] = Array.from({ length: size }, () => []);
  for (let i = 0; i < size; i++)
    for (const earlier of before(i)) {
      missing[i] = (missing[i] as number) + 1;
      after[earlier]?.push(i);
    }
  const order: number[] = [];
  for (let i = 0; i < size; i++) if (missing[i] === 0) order.push(i);
  for (let next = 0; next < order.length; next++)
    for (const later of after[order[next] as number] as number[]) {
      missing[later] = (missing[later] as number) - 1;
      if (missing[later] === 0) order.push(later);
    }
  if (order.length === size) return { order, cycle: undefined };
  const left = new Set<number>();
  for (let i = 0; i < size; i++) if (missing[i] !== 0) left.add(i);
  return { order, cycle: shortestCycle(left, after) };
}

/** Breadth-first from a few of the events that are left: what hangs off a cycle is among them too. */
function shortestCycle(left: ReadonlySet<number>, after: readonly (readonly number[])[]): number[] {
  let shortest: number[] | undefined;
  let tries = 0;
  for (const start of left) {
    if (shortest !== undefined && (shortest.length === 2 || tries++ > 100)) break;
    const cycle = cycleThrough(start, left, after);
    if (cycle !== undefined && (shortest === undefined || cycle.length < shortest.length)) shortest = cycle;
  }
  return shortest as number[];
}

function cycleThrough(
  start: number,
  left: ReadonlySet<number>,
  after: readonly (readonly number[])[],
): number[] | undefined {
  const from = new Map<number, number>();
  const queue = [start];
  for (let next = 0; next < queue.length; next++) {
    const event = queue[next] as number;
    for (const later of after[event] ?? []) {
      if (later === start) {
        const path = [event];
        for (let step = event; step !== start; ) {
          step = from.get(step) as number;
          path.unshift(step);
        }
        return path;
      }
      if (!left.has(later) || from.has(later)) continue;
      from.set(later, event);
      queue.push(later);
    }
  }
  return undefined;
}
