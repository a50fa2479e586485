import type { Scheduler } from "../../simulation/scheduler.js";

interface Deadline {
  readonly dueUs: number;
  readonly isOpen: () => boolean;
  readonly expire: () => void;
}

/**
 * Most requests are answered long before their time is up. Those that are allowed equally long expire in the order in
 * which they came, so one event for the first that is still open does for all: an event for each would fill the agenda
 * with what does not happen.
 */
export class Deadlines {
  private readonly byTimeout = new Map<number, Deadline[]>();

  constructor(private readonly scheduler: Scheduler) {}

  /** `expire` is called after `timeoutUs` if it is still open then. */
  add(timeoutUs: number, isOpen: () => boolean, expire: () => void): void {
    const deadline = { dueUs: this.scheduler.nowUs + timeoutUs, isOpen, expire };
    const waiting = this.byTimeout.get(timeoutUs);
    if (waiting === undefined) this.byTimeout.set(timeoutUs, [deadline]);
    else waiting.push(deadline);
    if (waiting === undefined || waiting.length === 1)
      this.scheduler.after(timeoutUs, () => this.expireFirst(timeoutUs));
  }

  private expireFirst(timeoutUs: number): void {
    const waiting = this.byTimeout.get(timeoutUs) as Deadline[];
    const first = waiting[0] as Deadline;
    const next = waiting.findIndex((each, index) => index > 0 && each.isOpen());
    this.byTimeout.set(timeoutUs, next < 0 ? [] : waiting.slice(next));
    if (next > 0)
      this.scheduler.after((waiting[next] as Deadline).dueUs - this.scheduler.nowUs, () => this.expireFirst(timeoutUs));
    if (first.isOpen()) first.expire();
  }
}
