import { NodeClock } from "./clock.js";
import type { ScheduledEvent, Scheduler } from "./scheduler.js";

/** What a node can carry: it serves one message or request after another, and lets so many wait. */
export interface Capacity {
  /** Time for one message or one client request. */
  readonly serviceUs: number;
  /** How many may wait; what comes then is dropped. */
  readonly queue: number;
}

/** A server that does 50,000 small things a second: too fast to be noticed where nothing piles up. */
export const defaultCapacity: Capacity = { serviceUs: 20, queue: 4096 };

/** Where somebody picks what happens next, nothing waits for a node that is busy: that would be order by time again. */
export const boundlessCapacity: Capacity = { serviceUs: 0, queue: Number.POSITIVE_INFINITY };

/** A message or a request that has reached its node. */
export interface Work {
  serve(): void;
}

/** What waits: work that takes a service time, or something due that the node only has to be awake for (a timer). */
interface Waiting {
  readonly takesTime: boolean;
  readonly work: Work;
}

/**
 * One machine: its clock, whether it runs, and its one server with a queue before it (a single-server queue with
 * deterministic service and finite room, M/D/1/K in Kendall's notation where arrivals are random). What a step sends
 * leaves when its service is over.
 */
export class Node {
  /** Crashes that hold it down and pauses that hold it up: faults may overlap, and the last one to end frees it. */
  crashes = 0;
  pauses = 0;
  /** Messages and requests. */
  served = 0;
  private slownesses: readonly number[] = [];
  private serviceUs: number;
  private busyUntilUs = 0;
  private waiting: Waiting[] = [];
  private isOverflowing = false;
  /** The one event at which the queue goes on; used again and again, so that a busy node allocates nothing for it. */
  private readonly turn: ScheduledEvent = { at: 0, order: 0, run: () => this.takeTurn() };
  private isTurnScheduled = false;

  constructor(
    readonly regionIndex: number,
    private readonly scheduler: Scheduler,
    private readonly capacity: Capacity,
    readonly clock: NodeClock = new NodeClock(),
  ) {
    this.serviceUs = capacity.serviceUs;
  }

  /** Another node in the same region, which what has befallen the region has befallen too. */
  sibling(): Node {
    const node = new Node(this.regionIndex, this.scheduler, this.capacity, this.clock.copy());
    node.crashes = this.crashes;
    node.pauses = this.pauses;
    node.setSlownesses(this.slownesses);
    return node;
  }

  /** Whether what comes now is served at once or finds a place in the queue. */
  get hasRoom(): boolean {
    return this.waiting.length < this.capacity.queue;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  /** How long it is still busy with what it serves at this moment. */
  get serviceLeftUs(): number {
    const leftUs = this.busyUntilUs - this.scheduler.nowUs;
    return leftUs > 0 ? leftUs : 0;
  }

  /** Serves it now if nothing is before it, else in its turn. */
  serve(work: Work): void {
    if (this.pauses === 0 && this.waiting.length === 0 && this.busyUntilUs <= this.scheduler.nowUs) this.begin(work);
    else {
      this.waiting.push({ takesTime: true, work });
      this.scheduleTurn();
    }
  }

  /** Something was turned away. True for the first since the queue was last empty. */
  overflow(): boolean {
    const isFirst = !this.isOverflowing;
    this.isOverflowing = true;
    return isFirst;
  }

  /** Runs now, or when the node resumes. */
  whenAwake(run: () => void): void {
    if (this.pauses > 0) this.waiting.push({ takesTime: false, work: { serve: run } });
    else run();
  }

  /** What waited is lost with the memory it waited in. */
  loseQueue(): void {
    this.waiting = [];
    this.isOverflowing = false;
  }

  /** Serves what waits, as far as the time for it has come. */
  goOn(): void {
    while (this.pauses === 0 && this.waiting.length > 0) {
      const { takesTime, work } = this.waiting[0] as Waiting;
      if (takesTime && this.busyUntilUs > this.scheduler.nowUs) break;
      this.waiting.shift();
      if (takesTime) this.begin(work);
      else work.serve();
    }
    if (this.waiting.length === 0) this.isOverflowing = false;
    else this.scheduleTurn();
  }

  /** Everything takes `factor` times as long from now on, beside what slows the node already. */
  beginSlowness(factor: number): void {
    this.setSlownesses([...this.slownesses, factor]);
  }

  endSlowness(factor: number): void {
    const at = this.slownesses.indexOf(factor);
    this.setSlownesses(this.slownesses.filter((_, index) => index !== at));
  }

  private setSlownesses(slownesses: readonly number[]): void {
    this.slownesses = slownesses;
    this.serviceUs = Math.round(slownesses.reduce((us, factor) => us * factor, this.capacity.serviceUs));
  }

  private begin(work: Work): void {
    this.busyUntilUs = this.scheduler.nowUs + this.serviceUs;
    this.served++;
    work.serve();
  }

  private takeTurn(): void {
    this.isTurnScheduled = false;
    this.goOn();
  }

  private scheduleTurn(): void {
    if (this.isTurnScheduled || this.pauses > 0) return;
    this.isTurnScheduled = true;
    this.scheduler.schedule(this.serviceLeftUs, this.turn);
  }
}
