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
  /** When the events of the heap are due, place by place: most comparisons look at nothing else. */
  private readonly times: number[] = [];
  private orders = 0;
  /** True time in microseconds since the scheduler was made. */
  nowUs = 0;

  get isEmpty(): boolean {
    return this.heap.length === 0;
  }

  /** When the next event is due; Infinity when there is none. */
  get nextUs(): number {
    return this.times.length === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number);
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
    const { heap, times } = this;
    const { at } = event;
    let index = heap.length;
    heap.push(event);
    times.push(at);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parentAt = times[parentIndex] as number;
      // Of events at one instant the new one is the last.
      if (parentAt <= at) break;
      heap[index] = heap[parentIndex] as ScheduledEvent;
      times[index] = parentAt;
      index = parentIndex;
    }
    heap[index] = event;
    times[index] = at;
  }

  private pop(): ScheduledEvent | undefined {
    const { heap, times } = this;
    const first = heap[0];
    const last = heap.pop();
    const lastAt = times.pop() as number;
    if (first === undefined || last === undefined || heap.length === 0) return first;
    const count = heap.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      if (child + 1 < count && this.isBefore(child + 1, child)) child++;
      const childAt = times[child] as number;
      const candidate = heap[child] as ScheduledEvent;
      if (childAt > lastAt || (childAt === lastAt && candidate.order > last.order)) break;
      heap[index] = candidate;
      times[index] = childAt;
      index = child;
    }
    heap[index] = last;
    times[index] = lastAt;
    return first;
  }

  private isBefore(a: number, b: number): boolean {
    const difference = (this.times[a] as number) - (this.times[b] as number);
    return (
      difference < 0 ||
      (difference === 0 && (this.heap[a] as ScheduledEvent).order < (this.heap[b] as ScheduledEvent).order)
    );
  }
}
