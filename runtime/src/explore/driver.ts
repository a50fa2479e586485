import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import { Agenda } from "../simulation/agenda.js";
import type { Occasion } from "../simulation/scheduler.js";
import { realSetImmediate } from "../simulation/virtual-globals/real.js";
import type { World } from "../simulation/world.js";
import type { Run } from "./schedule.js";
import { readable } from "./thrown.js";
import { capitalised } from "./violation.js";

/** Why the driver gave control back. */
export type Stop = "done" | "stuck" | "bound";

/**
 * Lets virtual time and user code take turns. Simulated events run in a plain loop; only when one of them has given
 * user code something to go on with does the driver yield, once, to the engine: that one macrotask drains every promise
 * chain that became ready.
 */
export class Driver {
  private isAwake = false;
  private userTimers = 0;
  private readonly timers = new Map<number, { isCancelled: boolean }>();
  private timerIds = 0;
  /** Called when user code waits again, before time passes. True if it began something of its own: that is drained too. */
  onTurn: (() => boolean) | undefined;

  constructor(
    private readonly world: World,
    private readonly deployment: () => SimulatedDeployment,
  ) {}

  /** User code has something to go on with. */
  readonly wake = (): void => {
    this.isAwake = true;
  };

  /** Nothing under way can bring user code anything: no request, no timer. */
  get isIdle(): boolean {
    return this.userTimers === 0 && this.deployment().outstanding === 0;
  }

  setTimer(run: () => void, delayUs: number): number {
    const id = ++this.timerIds;
    const timer = { isCancelled: false };
    this.timers.set(id, timer);
    this.userTimers++;
    const goOff = () => {
      if (timer.isCancelled) return;
      this.timers.delete(id);
      this.userTimers--;
      this.wake();
      run();
    };
    const { scheduler } = this.world;
    scheduler.after(delayUs, goOff, scheduler instanceof Agenda ? this.turnOf(scheduler, timer, delayUs) : undefined);
    return id;
  }

  private turnOf(agenda: Agenda, timer: { readonly isCancelled: boolean }, delayUs: number): () => Occasion {
    const flow = agenda.currentFlow;
    if (delayUs > 0) {
      agenda.looked("steady");
      agenda.hasShownTime = true;
    }
    const content = delayUs > 0 ? agenda.nowUs + delayUs : 0;
    const isStale = () => timer.isCancelled;
    return () => ({ kind: "turn", key: `${flow} timer`, content, place: flow, isStale });
  }

  clearTimer(id: number): void {
    const timer = this.timers.get(id);
    if (timer === undefined) return;
    timer.isCancelled = true;
    this.timers.delete(id);
    this.userTimers--;
  }

  /**
   * Runs until `isDone`, at the latest until `boundUs` of virtual time. `stuck`: user code waits for something that
   * nothing in the simulation will ever bring. Turns are plain callbacks: with hooks on promises each of them costs, and
   * there is more than one turn for each request.
   */
  until(isDone: () => boolean, boundUs = Number.POSITIVE_INFINITY): Promise<Stop> {
    return new Promise((resolve, reject) => {
      const takeTurn = (hasBegun: boolean): void => {
        try {
          if (!hasBegun && this.onTurn?.() === true) {
            inNextTurn(() => takeTurn(true));
            return;
          }
          const stop = isDone() ? "done" : this.advance(boundUs);
          if (stop === undefined) inNextTurn(begin);
          else resolve(stop);
        } catch (error) {
          reject(error);
        }
      };
      const begin = () => takeTurn(false);
      inNextTurn(begin);
    });
  }

  /** Runs user code to its end, virtual time with it. */
  async settled<T>(body: () => Promise<T>): Promise<Settled<T>> {
    let settled: Settled<T> | undefined;
    body().then(
      (value) => {
        settled = { outcome: "ended", value };
      },
      (error: unknown) => {
        settled = { outcome: "threw", error: readable(error) };
      },
    );
    await this.until(() => settled !== undefined);
    return settled ?? { outcome: "stuck" };
  }

  /** Lets `delayUs` of virtual time pass. */
  async pass(delayUs: number): Promise<void> {
    await this.until(() => false, this.world.nowUs + delayUs);
  }

  /** Runs simulated events until one gives user code something to go on with: undefined then. */
  private advance(boundUs: number): Stop | undefined {
    const { scheduler } = this.world;
    this.isAwake = false;
    while (!this.isAwake) {
      if (boundUs === Number.POSITIVE_INFINITY && this.isIdle) return "stuck";
      if (scheduler.nextUs > boundUs) {
        scheduler.nowUs = boundUs;
        return "bound";
      }
      scheduler.step();
    }
    return undefined;
  }
}

/** How user code came to its end. */
export type Settled<T> =
  | { readonly outcome: "ended"; readonly value: T }
  | { readonly outcome: "threw"; readonly error: unknown }
  | { readonly outcome: "stuck" };

/** What is said of a schedule in which somebody is stuck. */
export function stuck(who: string): Run["unknown"] {
  const reason = `${capitalised(who)} never ended: it waits for something that nothing in the simulation will bring (no operation, no timer is under way).`;
  return { reason, isStuck: true };
}

/** So many macrotasks are asked for at once. */
const batch = 16;
const waiting: (() => void)[] = [];
let macrotasks = 0;

/**
 * Runs it in a macrotask of its own, when all promises and ticks have been drained. Macrotasks are asked for in batches:
 * between two immediates of one round of the event loop Node drains just as between two rounds, but does not ask the
 * system for news, which takes longer than many a turn.
 */
function inNextTurn(run: () => void): void {
  waiting.push(run);
  if (macrotasks >= waiting.length) return;
  for (let i = 0; i < batch; i++) realSetImmediate(runNext);
  macrotasks += batch;
}

function runNext(): void {
  macrotasks--;
  waiting.shift()?.();
}
