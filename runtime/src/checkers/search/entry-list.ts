import type { PartitionEvent } from "./partition.js";

/** No entry, no event. */
export const end = -1;

/**
 * Invocations (entry = event) and completions (entry = event + count) by time, a doubly linked list for each lane. It is
 * gone through by candidates: the invocations before the first completion, lane after lane.
 */
export class EntryList {
  readonly lanes: number;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly count: number;
  /** The entry at which going through the candidates of the last lane has stopped. */
  obstacle = end;

  constructor(private readonly events: readonly PartitionEvent[]) {
    this.count = events.length;
    this.lanes = events.reduce((lanes, { lane }) => Math.max(lanes, lane + 1), 1);
    const entries: number[] = [];
    for (const [i, event] of events.entries()) {
      entries.push(i);
      if (event.required) entries.push(i + this.count);
    }
    // Where times are equal nothing is ordered: invocations come first.
    entries.sort((a, b) => this.timeOf(a) - this.timeOf(b) || a - b);
    const heads = 2 * this.count;
    this.next = new Int32Array(heads + this.lanes).fill(end);
    this.previous = new Int32Array(heads + this.lanes).fill(end);
    const last = Array.from({ length: this.lanes }, (_, lane) => heads + lane);
    for (const entry of entries) {
      const { lane } = events[this.eventOf(entry)] as PartitionEvent;
      this.next[last[lane] as number] = entry;
      this.previous[entry] = last[lane] as number;
      last[lane] = entry;
    }
  }

  /** The first candidate, `end` if there is none. */
  first(): number {
    return this.firstFrom(0);
  }

  /** The candidate after `event`, which may have been removed and restored meanwhile. */
  after(event: number): number {
    const entry = this.next[event] as number;
    if (this.isInvocation(entry)) return entry;
    this.obstacle = entry;
    return this.lanes === 1 ? end : this.firstFrom((this.events[event] as PartitionEvent).lane + 1);
  }

  timeOf(entry: number): number {
    if (entry === end) return -1;
    const event = this.events[this.eventOf(entry)] as PartitionEvent;
    return entry < this.count ? event.invoked : event.completed;
  }

  /** The completion goes first, so that the invocation still leads on to what follows both. */
  remove(event: number): void {
    if ((this.events[event] as PartitionEvent).required) this.unlink(event + this.count);
    this.unlink(event);
  }

  /** In the reverse order of removals. */
  restore(event: number): void {
    this.link(event);
    if ((this.events[event] as PartitionEvent).required) this.link(event + this.count);
  }

  private firstFrom(start: number): number {
    for (let lane = start; lane < this.lanes; lane++) {
      const entry = this.next[2 * this.count + lane] as number;
      if (this.isInvocation(entry)) return entry;
      this.obstacle = entry;
    }
    return end;
  }

  private isInvocation(entry: number): boolean {
    return entry !== end && entry < this.count;
  }

  private eventOf(entry: number): number {
    return entry < this.count ? entry : entry - this.count;
  }

  private unlink(entry: number): void {
    const next = this.next[entry] as number;
    const previous = this.previous[entry] as number;
    this.next[previous] = next;
    if (next !== end) this.previous[next] = previous;
  }

  private link(entry: number): void {
    const next = this.next[entry] as number;
    this.next[this.previous[entry] as number] = entry;
    if (next !== end) this.previous[next] = entry;
  }
}
