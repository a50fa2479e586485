import { Configurations, spread } from "./configurations.js";
import { type Partition, type PartitionEvent, signatureOf } from "./partition.js";
import { impossible, States } from "./states.js";

const none = -1;
const end = -1;

/** What was chosen at one depth, and how to take it back. */
interface Frame {
  readonly entry: number;
  readonly optional: boolean;
  readonly state: number;
  readonly latest: number;
  readonly expired: number;
  /** Length of `order` before the choice: the chosen event and the pure ones that followed it come after. */
  readonly length: number;
}

/**
 * Searches for an order that respects real time and that the sequential specification explains (Wing and Gong 1993,
 * with Lowe's memo of configurations). It can be interrupted and resumed, so that many can take turns.
 *
 * A doubly linked list holds the invocations of events not yet linearised and the completions of those that are
 * required, by time. Events before the first completion may come next.
 */
export class Search {
  /** Indices of the linearised events, in order; complements of indices for those that can no longer be. */
  private readonly order: number[] = [];
  private readonly frames: Frame[] = [];
  readonly states: States;
  private readonly seen: Configurations;
  private readonly bits: Int32Array;
  private readonly events: readonly PartitionEvent[];
  private readonly list: EntryList;
  private readonly constraints: Constraints;
  private readonly hasOptional: boolean;
  /** Steps taken so far: events tried as the next one. */
  taken = 0;
  private hash = 0;
  private state = 0;
  /** The latest invocation among the linearised events. An optional event cannot follow one that it preceded. */
  private latest = none;
  /** How many of the bounded events completed before `latest`. */
  private expired = 0;
  private pending: number;
  private cursor: number;
  private optional = false;
  /** The furthest completion that no order got past; events invoked after it have not mattered. */
  private furthest = none;

  constructor(partition: Partition) {
    this.events = partition.events;
    this.states = new States(partition);
    this.list = new EntryList(this.events);
    this.constraints = new Constraints(this.events);
    this.bits = new Int32Array((this.events.length + 31) >>> 5);
    this.seen = new Configurations(this.bits.length);
    this.pending = this.events.reduce((count, event) => count + (event.required ? 1 : 0), 0);
    this.hasOptional = this.pending < this.events.length;
    this.lineariseMatching();
    this.cursor = this.list.first;
  }

  /** `undefined` when `steps` did not suffice; call it again to go on. */
  run(steps: number): boolean | undefined {
    const limit = this.taken + steps;
    while (this.pending > 0) {
      if (this.taken >= limit) return undefined;
      if (!this.descend() && !this.ascend()) return false;
    }
    return true;
  }

  get witness(): PartitionEvent[] {
    return this.order.filter((event) => event >= 0).map((event) => this.events[event] as PartitionEvent);
  }

  /** Of a failed search: where the completion stands that no order could get past. */
  get obstacle(): number {
    return this.furthest;
  }

  /** Takes the next choice at this depth that leads to a new configuration. Optional events are tried last. */
  private descend(): boolean {
    const { list } = this;
    for (;;) {
      let entry = this.cursor;
      for (; list.isInvocation(entry); entry = list.after(entry)) {
        this.taken++;
        if (this.choose(entry, list.eventOf(entry))) return true;
      }
      this.furthest = Math.max(this.furthest, list.timeOf(entry));
      if (this.optional || !this.hasOptional) return false;
      this.optional = true;
      this.cursor = list.first;
    }
  }

  private choose(entry: number, event: number): boolean {
    const { required, completed } = this.events[event] as PartitionEvent;
    if (required === this.optional || completed < this.latest || !this.constraints.allow(event, this.bits))
      return false;
    const state = this.states.after(this.state, event);
    // An optional event without effect is as good as none.
    if (state === impossible || (state === this.state && !required)) return false;
    this.frames.push({
      entry,
      optional: this.optional,
      state: this.state,
      latest: this.latest,
      expired: this.expired,
      length: this.order.length,
    });
    this.state = state;
    this.linearise(event);
    this.lineariseMatching();
    if (this.seen.add(this.bits, state, this.hash ^ spread(state + 0x10000))) {
      this.cursor = this.list.first;
      this.optional = false;
      return true;
    }
    this.undo(this.frames.pop() as Frame);
    return false;
  }

  private ascend(): boolean {
    const frame = this.frames.pop();
    if (frame === undefined) return false;
    this.undo(frame);
    this.cursor = this.list.after(frame.entry);
    this.optional = frame.optional;
    return true;
  }

  private undo(frame: Frame): void {
    while (this.order.length > frame.length) {
      const entry = this.order.pop() as number;
      const event = entry < 0 ? ~entry : entry;
      this.list.restore(event);
      this.flip(event, 1);
    }
    this.state = frame.state;
    this.latest = frame.latest;
    this.expired = frame.expired;
  }

  private linearise(event: number): void {
    this.take(event);
    this.order.push(event);
    this.latest = Math.max(this.latest, (this.events[event] as PartitionEvent).invoked);
    this.expire();
  }

  /**
   * Optional events that can no longer follow are taken out as if they had happened: configurations that differ only
   * in which of them did are the same from here on.
   */
  private expire(): void {
    const { bounded } = this.constraints;
    for (; this.expired < bounded.length; this.expired++) {
      const event = bounded[this.expired] as number;
      if ((this.events[event] as PartitionEvent).completed >= this.latest) return;
      if (isIn(this.bits, event)) continue;
      this.take(event);
      this.order.push(~event);
    }
  }

  private take(event: number): void {
    this.list.remove(event);
    this.flip(event, -1);
  }

  private flip(event: number, pending: number): void {
    (this.bits[event >>> 5] as number) ^= 1 << (event & 31);
    this.hash ^= spread(event);
    if ((this.events[event] as PartitionEvent).required) this.pending += pending;
  }

  /** A read that matches the state can always come first: whatever order explains the rest explains it after the read. */
  private lineariseMatching(): void {
    const { list } = this;
    for (let entry = list.first; list.isInvocation(entry); entry = list.after(entry)) {
      const event = list.eventOf(entry);
      if (!(this.events[event] as PartitionEvent).pure || !this.constraints.allow(event, this.bits)) continue;
      if (this.states.after(this.state, event) === this.state && !this.rulesOut(event)) this.linearise(event);
    }
  }

  /** Whether an optional event that ended before this one began could no longer follow it. */
  private rulesOut(event: number): boolean {
    const { invoked } = this.events[event] as PartitionEvent;
    return this.constraints.bounded.some((other) => {
      const { completed } = this.events[other] as PartitionEvent;
      return completed < invoked && !isIn(this.bits, other);
    });
  }
}

function isIn(bits: Int32Array, event: number): boolean {
  return ((bits[event >>> 5] as number) & (1 << (event & 31))) !== 0;
}

/** What has to be linearised before an event, beyond what the list tells. */
class Constraints {
  private readonly before: Int32Array;
  /** Optional events that have a completion all the same, in its order; explanations have such, histories have not. */
  readonly bounded: number[] = [];

  constructor(events: readonly PartitionEvent[]) {
    this.before = new Int32Array(events.length).fill(none);
    const ofProcess = new Map<number, number>();
    const alike = new Map<string, number>();
    for (const [i, event] of events.entries()) {
      if (event.required) {
        // A process is sequential even where equal times do not show it.
        this.before[i] = ofProcess.get(event.source.process) ?? none;
        ofProcess.set(event.source.process, i);
      } else if (event.completed === Number.POSITIVE_INFINITY) {
        // Of interchangeable events that may happen at any time, the first invoked may as well happen first.
        const signature = signatureOf(event);
        this.before[i] = alike.get(signature) ?? none;
        alike.set(signature, i);
      } else {
        this.bounded.push(i);
      }
    }
    this.bounded.sort((a, b) => (events[a] as PartitionEvent).completed - (events[b] as PartitionEvent).completed);
  }

  allow(event: number, linearised: Int32Array): boolean {
    const before = this.before[event] as number;
    return before === none || isIn(linearised, before);
  }
}

/** Invocations (entry = event) and completions (entry = event + count) by time. */
class EntryList {
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly count: number;
  private readonly head: number;

  constructor(private readonly events: readonly PartitionEvent[]) {
    this.count = events.length;
    const entries: number[] = [];
    for (const [i, event] of events.entries()) {
      entries.push(i);
      if (event.required) entries.push(i + this.count);
    }
    // Where times are equal nothing is ordered: invocations come first.
    entries.sort((a, b) => this.timeOf(a) - this.timeOf(b) || a - b);
    this.head = 2 * this.count;
    this.next = new Int32Array(2 * this.count + 1).fill(end);
    this.previous = new Int32Array(2 * this.count + 1).fill(end);
    let last = this.head;
    for (const entry of entries) {
      this.next[last] = entry;
      this.previous[entry] = last;
      last = entry;
    }
  }

  get first(): number {
    return this.next[this.head] as number;
  }

  after(entry: number): number {
    return this.next[entry] as number;
  }

  isInvocation(entry: number): boolean {
    return entry !== end && entry < this.count;
  }

  eventOf(entry: number): number {
    return entry < this.count ? entry : entry - this.count;
  }

  timeOf(entry: number): number {
    if (entry === end) return none;
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
