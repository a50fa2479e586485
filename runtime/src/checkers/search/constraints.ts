import { type PartitionEvent, signatureOf } from "./partition.js";

export const none = -1;

/** What has to be linearised before an event, beyond what the list tells. */
export class Constraints {
  /** By event, the one before it in its process, and the one before it of those that are like it. */
  private readonly inProcess: Int32Array;
  private readonly alike: Int32Array;
  /**
   * By lane, optional events that have a completion all the same, in its order; explanations have such, histories have
   * not.
   */
  private readonly bounded: number[][] = [];
  /** By event, where it stands in `bounded`. */
  private readonly places: Int32Array;
  /** By lane, how many of the bounded events are known to be taken out. */
  private readonly expired: number[] = [];

  constructor(private readonly events: readonly PartitionEvent[]) {
    this.inProcess = new Int32Array(events.length).fill(none);
    this.alike = new Int32Array(events.length).fill(none);
    this.places = new Int32Array(events.length).fill(none);
    const ofProcess = new Map<number, number>();
    const alike = new Map<string, number>();
    for (const [i, event] of events.entries()) {
      if (!event.required && event.completed < Number.POSITIVE_INFINITY) {
        this.bound(i, event.lane);
        continue;
      }
      // A process is sequential even where equal times do not show it.
      const previous = event.process === undefined ? none : (ofProcess.get(event.process) ?? none);
      this.inProcess[i] = previous;
      if (event.required) {
        if (event.process !== undefined) ofProcess.set(event.process, i);
        continue;
      }
      // Of interchangeable events that may happen at any time, the first invoked may as well happen first.
      const hidden = previous !== none && (events[previous] as PartitionEvent).completed > event.invoked;
      const signature = `${hidden ? previous : ""} ${signatureOf(event)}`;
      this.alike[i] = alike.get(signature) ?? none;
      alike.set(signature, i);
    }
    const completed = (event: number): number => (events[event] as PartitionEvent).completed;
    for (const lane of this.bounded) {
      lane?.sort((a, b) => completed(a) - completed(b));
      lane?.forEach((event, place) => {
        this.places[event] = place;
      });
    }
  }

  allow(event: number, linearised: Int32Array): boolean {
    const previous = this.inProcess[event] as number;
    const alike = this.alike[event] as number;
    return (previous === none || isIn(linearised, previous)) && (alike === none || isIn(linearised, alike));
  }

  /** A bounded event that completed before `invoked` and is not taken out yet; `none` if there is none. */
  expiring(lane: number, invoked: number, taken: Int32Array): number {
    const bounded = this.bounded[lane];
    if (bounded === undefined) return none;
    let at = this.expired[lane] ?? 0;
    while (at < bounded.length && isIn(taken, bounded[at] as number)) at++;
    this.expired[lane] = at;
    const event = bounded[at];
    return event === undefined || (this.events[event] as PartitionEvent).completed >= invoked ? none : event;
  }

  /** The event is no longer taken out. */
  reopen(event: number): void {
    const place = this.places[event] as number;
    if (place === none) return;
    const { lane } = this.events[event] as PartitionEvent;
    this.expired[lane] = Math.min(this.expired[lane] ?? 0, place);
  }

  private bound(event: number, lane: number): void {
    const events = this.bounded[lane];
    if (events === undefined) this.bounded[lane] = [event];
    else events.push(event);
  }
}

export function isIn(bits: Int32Array, event: number): boolean {
  return ((bits[event >>> 5] as number) & (1 << (event & 31))) !== 0;
}
