/** Something that happens at an instant of virtual time. Events at one instant run in the order of scheduling. */
export interface ScheduledEvent {
  at: number;
  order: number;
  run: (event: ScheduledEvent) => void;
}

/**
 * Virtual time and its agenda: a binary heap on (time, order of scheduling). No promise and no timer of the engine is
 * involved; time passes only in `step`. Times are integers in microseconds.
 */
export class Scheduler {
  private readonly heap: ScheduledEvent[] = [];
  private orders = 0;
  /** True time in microseconds since the scheduler was made. */
  nowUs = 0;

  get isEmpty(): boolean {
    return this.heap.length === 0;
  }

  /** When the next event is due; Infinity when there is none. */
  get nextUs(): number {
    return this.heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  schedule<E extends Omit<ScheduledEvent, "at" | "order">>(delayUs: number, event: E): E & ScheduledEvent {
    const scheduled = event as E & ScheduledEvent;
    scheduled.at = this.nowUs + delayUs;
    scheduled.order = this.orders++;
    this.push(scheduled);
    return scheduled;
  }

  after(delayUs: number, run: () => void): ScheduledEvent {
    return this.schedule(delayUs, { at: 0, order: 0, run });
  }

  /** Runs the next event. False when there was none. */
  step(): boolean {
    const event = this.pop();
    if (event === undefined) return false;
    this.nowUs = event.at;
    event.run(event);
    return true;
  }

  private push(event: ScheduledEvent): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as ScheduledEvent;
      if (!isBefore(event, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  private pop(): ScheduledEvent | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    const count = heap.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      if (child + 1 < count && isBefore(heap[child + 1] as ScheduledEvent, heap[child] as ScheduledEvent)) child++;
      const candidate = heap[child] as ScheduledEvent;
      if (!isBefore(candidate, last)) break;
      heap[index] = candidate;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
