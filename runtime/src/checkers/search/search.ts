import { Configurations, spread } from "./configurations.js";
import { Constraints, none } from "./constraints.js";
import { EntryList, end } from "./entry-list.js";
import type { Partition, PartitionEvent } from "./partition.js";
import { impossible, States } from "./states.js";

/** What was chosen at one depth, and how to take it back. */
interface Frame {
  readonly event: number;
  readonly optional: boolean;
  readonly state: number;
  /** Length of `order` before the choice: the chosen event and the pure ones that followed it come after. */
  readonly length: number;
}

/**
 * Searches for an order that respects the partition's and that the sequential specification explains (Wing and Gong
 * 1993, with Lowe's memo of configurations). It can be interrupted and resumed, so that many can take turns.
 *
 * For each lane a doubly linked list holds the invocations of events not yet linearised and the completions of those
 * that are required, by time. Events before the first completion of their lane may come next.
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
  private pending: number;
  private cursor: number;
  private optional = false;
  /** The furthest completion that no order got past. */
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
    this.cursor = this.list.first();
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

  /**
   * Of a failed search: where the completion stands that no order could get past. Events invoked after it have not
   * mattered. With more than one lane there is none.
   */
  get obstacle(): number {
    return this.list.lanes > 1 ? Number.POSITIVE_INFINITY : this.furthest;
  }

  /** Takes the next choice at this depth that leads to a new configuration. Optional events are tried last. */
  private descend(): boolean {
    const { list } = this;
    for (;;) {
      let entry = this.cursor;
      for (; entry !== end; entry = list.after(entry)) {
        this.taken++;
        if (this.choose(entry)) return true;
      }
      this.furthest = Math.max(this.furthest, list.timeOf(list.obstacle));
      if (this.optional || !this.hasOptional) return false;
      this.optional = true;
      this.cursor = list.first();
    }
  }

  private choose(event: number): boolean {
    const { required } = this.events[event] as PartitionEvent;
    if (required === this.optional || !this.constraints.allow(event, this.bits)) return false;
    const state = this.states.after(this.state, event);
    // An optional event without effect is as good as none.
    if (state === impossible || (state === this.state && !required)) return false;
    this.frames.push({ event, optional: this.optional, state: this.state, length: this.order.length });
    this.state = state;
    this.linearise(event);
    this.lineariseMatching();
    if (this.seen.add(this.bits, state, this.hash ^ spread(state + 0x10000))) {
      this.cursor = this.list.first();
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
    this.cursor = this.list.after(frame.event);
    this.optional = frame.optional;
    return true;
  }

  private undo(frame: Frame): void {
    while (this.order.length > frame.length) {
      const entry = this.order.pop() as number;
      const event = entry < 0 ? ~entry : entry;
      this.list.restore(event);
      this.flip(event, 1);
      this.constraints.reopen(event);
    }
    this.state = frame.state;
  }

  private linearise(event: number): void {
    this.take(event);
    this.order.push(event);
    this.expire(this.events[event] as PartitionEvent);
  }

  /**
   * Optional events that can no longer follow are taken out as if they had happened: configurations that differ only
   * in which of them did are the same from here on.
   */
  private expire({ lane, invoked }: PartitionEvent): void {
    for (;;) {
      const event = this.constraints.expiring(lane, invoked, this.bits);
      if (event === none) return;
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
    for (let event = list.first(); event !== end; event = list.after(event)) {
      const { pure, lane, invoked } = this.events[event] as PartitionEvent;
      if (!pure || !this.constraints.allow(event, this.bits)) continue;
      // An optional event that ended before this one began could no longer follow it.
      if (this.constraints.expiring(lane, invoked, this.bits) !== none) continue;
      if (this.states.after(this.state, event) === this.state) this.linearise(event);
    }
  }
}
