import type { Occasion, Scheduler } from "../../simulation/scheduler.js";

/** Something that may still be open when its time is up. */
export interface Waiting {
  isOpen: boolean;
  dueUs: number;
}

/**
 * Most requests are answered long before their time is up. Those that are allowed equally long expire in the order in
 * which they came, so one event for the first that is still open does for all: an event for each would fill the agenda
 * with what does not happen.
 */
export class Deadlines<W extends Waiting> {
  private readonly byTimeout = new Map<number, W[]>();

  /** `expire` is called for what is still open when its time is up. */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly expire: (waiting: W) => void,
    /** For who picks among events. */
    private readonly occasionOf: (waiting: W) => Occasion,
  ) {}

  add(timeoutUs: number, waiting: W): void {
    waiting.dueUs = this.scheduler.nowUs + timeoutUs;
    if (this.scheduler.isChoosing) {
      // Which comes first does not matter there, and one that is answered does not wait.
      const expire = () => {
        if (waiting.isOpen) this.expire(waiting);
      };
      this.scheduler.looked("steady");
      this.scheduler.after(timeoutUs, expire, () => this.occasionOf(waiting));
      return;
    }
    const queue = this.byTimeout.get(timeoutUs) ?? [];
    queue.push(waiting);
    if (queue.length > 1) return;
    this.byTimeout.set(timeoutUs, queue);
    this.scheduler.after(timeoutUs, () => this.expireFirst(queue));
  }

  private expireFirst(queue: W[]): void {
    const first = queue[0] as W;
    const next = queue.findIndex(({ isOpen }, index) => index > 0 && isOpen);
    queue.splice(0, next < 0 ? queue.length : next);
    if (next > 0) this.scheduler.after((queue[0] as W).dueUs - this.scheduler.nowUs, () => this.expireFirst(queue));
    if (first.isOpen) this.expire(first);
  }
}
