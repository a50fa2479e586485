/** Something that happens at an instant of virtual time. Events at one instant run in the order of scheduling. */
export interface ScheduledEvent {
  at: number;
  order: number;
  run: (event: ScheduledEvent) => void;
  /** What it is, for who picks among events; only asked then. */
  occasion?(): Occasion;
}

/** What may happen next, where somebody picks: see `agenda.ts`. */
export interface Occasion {
  /**
   * `delivery`: of a message. `request`: one of a session reaches its replica. `timer`: of a process, or a client's patience
   * that ends. `turn`: a timer of user code. `answer`: gets to its session at once, so that nobody picks.
   */
  readonly kind: "delivery" | "request" | "timer" | "turn" | "answer";
  /** Names the same event whatever has happened before it that does not concern it. */
  readonly key: string;
  /** What tells it from others of its kind in states that are otherwise equal. */
  readonly content: unknown;
  /** The process or the flow of user code that it is a step of. */
  readonly place: string;
  /** It would do nothing. */
  readonly isStale?: (() => boolean) | undefined;
  /** It makes no difference when it happens: see `Process.isSpent`. */
  readonly isSpent?: ((timersLeft: number) => boolean) | undefined;
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
  /** Somebody picks what happens next: neither distance nor chance has a say. */
  isChoosing = false;
  /** What time it is for people: see `Agenda`. */
  get shownUs(): number {
    return this.nowUs;
  }

  /** Wall clocks are ahead of true time by so much: see `Agenda`. */
  ticksUs = 0;

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

  after(delayUs: number, run: () => void, occasion?: () => Occasion): ScheduledEvent {
    return this.schedule(
      delayUs,
      occasion === undefined ? { at: 0, order: 0, run } : { at: 0, order: 0, run, occasion },
    );
  }

  /** Somebody looks at a clock, where that matters to who picks. */
  looked(_clock: "wall" | "steady"): void {}

  /** Runs the next event. False when there was none. */
  step(): boolean {
    const event = this.pop();
    if (event === undefined) return false;
    this.nowUs = event.at;
    event.run(event);
    return true;
  }

  /** Takes everything off the agenda, in no order. */
  protected takeAll(): ScheduledEvent[] {
    this.times.length = 0;
    return this.heap.splice(0);
  }

  protected push(event: ScheduledEvent): void {
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
