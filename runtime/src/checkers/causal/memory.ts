import type { Causality } from "./patterns.js";
import type { VariableEvent, VariableRead } from "./variables.js";

/** What causal memory rules out beyond causal consistency: no order of its own explains all that a session read. */
export type MemoryPattern =
  | {
      readonly kind: "cyclic-hb";
      readonly session: number;
      readonly events: readonly number[];
      readonly reads: readonly number[];
    }
  | {
      readonly kind: "write-hb-init-read";
      readonly read: VariableRead;
      readonly reader: number;
      readonly missed: number;
      readonly reads: readonly number[];
    };

/** Beyond this many events a session's order is not computed: it takes space and time of the square and more. */
export const memoryLimit = 2_000;

/**
 * For the last event of each session, the order hb of Bouajjani et al. 2017, Definition 8: causality before it, and of
 * two writes of which a read of the session saw the one although the other came before that read, the other first.
 */
export function memoryPattern(causality: Causality): MemoryPattern | undefined {
  const { events } = causality.history;
  for (const last of sessionEnds(events)) {
    const pattern = patternUpTo(last, causality);
    if (pattern !== undefined) return pattern;
  }
  return undefined;
}

/** Events that nothing of their session comes after. */
function sessionEnds(events: readonly VariableEvent[]): readonly number[] {
  const followed = new Set(events.flatMap(({ before }) => before));
  return events.filter(({ index }) => !followed.has(index)).map(({ index }) => index);
}

function patternUpTo(last: number, causality: Causality): MemoryPattern | undefined {
  const { events } = causality.history;
  const past = events.filter(({ index }) => index === last || causality.precedes(index, last));
  const order = new HappensBefore(past, causality);
  const own = sessionPast(last, events);
  const shownBy = new Set<number>();
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const reader of own) {
      const { reads, chains } = events[reader] as VariableEvent;
      for (const chain of chains)
        for (let i = 1; i < chain.length; i++)
          if (chain[i - 1] !== chain[i] && order.add(chain[i - 1] as number, chain[i] as number)) {
            isGrowing = true;
            shownBy.add(reader);
          }
      for (const read of reads) {
        for (const writer of past) {
          if (writer.index === reader || !writer.writes.has(read.variable) || writer.index === read.from) continue;
          if (!order.has(writer.index, reader)) continue;
          if (read.from === undefined)
            return { kind: "write-hb-init-read", read, reader, missed: writer.index, reads: [...shownBy] };
          if (order.add(writer.index, read.from)) {
            isGrowing = true;
            shownBy.add(reader);
          }
        }
      }
      const cyclic = past.find(({ index }) => order.has(index, index));
      if (cyclic === undefined) continue;
      const circle = past.filter(({ index }) => order.has(index, cyclic.index) && order.has(cyclic.index, index));
      const session = (events[last] as VariableEvent).source.session;
      return { kind: "cyclic-hb", session, events: circle.map(({ index }) => index), reads: [...shownBy] };
    }
  }
  return undefined;
}

function sessionPast(last: number, events: readonly VariableEvent[]): number[] {
  const past = new Set([last]);
  for (const event of past) for (const earlier of (events[event] as VariableEvent).before) past.add(earlier);
  return [...past].sort((a, b) => a - b);
}

/** A transitive relation that grows. */
class HappensBefore {
  private readonly places = new Map<number, number>();
  private readonly words: number;
  /** By place: what comes after it. */
  private readonly after: Int32Array[];

  constructor(past: readonly VariableEvent[], causality: Causality) {
    for (const { index } of past) this.places.set(index, this.places.size);
    this.words = (past.length >>> 5) + 1;
    this.after = past.map(() => new Int32Array(this.words));
    for (const a of past)
      for (const b of past)
        if (causality.precedes(a.index, b.index)) this.set(this.place(a.index), this.place(b.index));
  }

  has(a: number, b: number): boolean {
    return this.hasPlace(this.place(a), this.place(b));
  }

  /** False when it was known. */
  add(a: number, b: number): boolean {
    const [from, to] = [this.place(a), this.place(b)];
    if (this.hasPlace(from, to)) return false;
    for (let i = 0; i < this.after.length; i++) {
      if (i !== from && !this.hasPlace(i, from)) continue;
      const row = this.after[i] as Int32Array;
      const further = this.after[to] as Int32Array;
      for (let w = 0; w < this.words; w++) row[w] = (row[w] as number) | (further[w] as number);
      this.set(i, to);
    }
    return true;
  }

  private place(event: number): number {
    return this.places.get(event) as number;
  }

  private hasPlace(a: number, b: number): boolean {
    return ((this.after[a]?.[b >>> 5] as number) & (1 << (b & 31))) !== 0;
  }

  private set(a: number, b: number): void {
    const row = this.after[a] as Int32Array;
    row[b >>> 5] = (row[b >>> 5] as number) | (1 << (b & 31));
  }
}
