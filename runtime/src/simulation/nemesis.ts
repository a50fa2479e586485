import type { World } from "./world.js";

/** A fault bound to a world: what it does when its window opens and closes. */
export interface Disturbance {
  /** `partition`, `crash` … */
  readonly fault: string;
  /** For people: `nyc │ london, tokyo`. */
  readonly text: string;
  begin(): void;
  end(): void;
  /** Whether it changed anything: an inert fault is a bug of the test that asked for it. */
  hasFired(): boolean;
}

export interface Window {
  readonly fromMs: number;
  /** Absent: until everything is healed. */
  readonly untilMs: number | undefined;
}

type Listener = (event: { readonly fault: string; readonly phase: "start" | "end"; readonly text: string }) => void;

/** Schedules faults and heals them. Named after Jepsen's process of that name. */
export class Nemesis {
  private readonly active = new Set<Disturbance>();
  /** Each has one window, which may be over before it has opened. */
  private readonly over = new Set<Disturbance>();
  private readonly fired = new Map<string, number>();
  private isHealed = false;

  constructor(
    private readonly world: World,
    private readonly listener: Listener = () => {},
  ) {}

  /** Opens the window relative to now. */
  schedule(disturbance: Disturbance, window: Window): void {
    this.count(disturbance.fault, 0);
    this.at(window.fromMs, () => {
      this.begin(disturbance);
      if (window.untilMs !== undefined) this.at(window.untilMs - window.fromMs, () => this.end(disturbance));
    });
  }

  begin(disturbance: Disturbance): void {
    if (this.isHealed || this.over.has(disturbance)) return;
    this.active.add(disturbance);
    disturbance.begin();
    this.listener({ fault: disturbance.fault, phase: "start", text: disturbance.text });
  }

  end(disturbance: Disturbance): void {
    this.over.add(disturbance);
    if (!this.active.delete(disturbance)) return;
    if (disturbance.hasFired()) this.count(disturbance.fault, 1);
    disturbance.end();
    this.listener({ fault: disturbance.fault, phase: "end", text: disturbance.text });
  }

  /** Ends every fault now; windows that have not opened yet stay shut. The safety phase is over. */
  healAll(): void {
    for (const disturbance of [...this.active]) this.end(disturbance);
    this.isHealed = true;
  }

  /** Ends what is active; later windows still open. */
  healActive(): void {
    for (const disturbance of [...this.active]) this.end(disturbance);
  }

  /** By fault that was asked for, how many windows took effect: 0 is worth knowing. */
  get firedCounts(): ReadonlyMap<string, number> {
    return this.fired;
  }

  private at(delayMs: number, run: () => void): void {
    if (delayMs <= 0) run();
    else this.world.scheduler.after(Math.round(delayMs * 1000), run);
  }

  private count(fault: string, windows: 0 | 1): void {
    this.fired.set(fault, (this.fired.get(fault) ?? 0) + windows);
  }
}
