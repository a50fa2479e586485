import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import { realSetImmediate } from "../simulation/virtual-globals/real.js";
import type { World } from "../simulation/world.js";

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
    this.world.scheduler.after(delayUs, () => {
      if (timer.isCancelled) return;
      this.timers.delete(id);
      this.userTimers--;
      this.wake();
      run();
    });
    return id;
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
   * nothing in the simulation will ever bring.
   */
  async until(isDone: () => boolean, boundUs = Number.POSITIVE_INFINITY): Promise<Stop> {
    const { scheduler } = this.world;
    for (;;) {
      await turn();
      if (this.onTurn?.() === true) await turn();
      if (isDone()) return "done";
      this.isAwake = false;
      while (!this.isAwake) {
        if (this.isIdle && boundUs === Number.POSITIVE_INFINITY) return "stuck";
        if (scheduler.nextUs > boundUs) {
          scheduler.nowUs = boundUs;
          return "bound";
        }
        scheduler.step();
      }
    }
  }

  /** Lets `delayUs` of virtual time pass. */
  async pass(delayUs: number): Promise<void> {
    await this.until(() => false, this.world.nowUs + delayUs);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve);
  });
}
