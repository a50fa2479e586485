import type { SimulateProgress } from "../simulate/simulate.js";

export interface ProgressionOptions {
  readonly target: string;
  /** Schedules of one assignment of levels. */
  readonly each: number;
  /** So many assignments are run in any case; of those that are looked for nobody knows how many there will be. */
  readonly planned: number;
  readonly tell: (progress: SimulateProgress) => void;
}

/** One progress out of that of many assignments of levels, one after the other, each of one scenario or several. */
export class Progression {
  private readonly current = new Map<string, SimulateProgress>();
  private done = 0;
  private violated = 0;

  constructor(private readonly options: ProgressionOptions) {}

  report(progress: SimulateProgress): void {
    const { target, each, planned, tell } = this.options;
    this.current.set(progress.target, progress);
    const done = this.done + this.sum("done");
    const total = Math.max(planned * each, this.done + each);
    tell({ ...progress, target, done, total, violated: this.violated + this.sum("violated") });
  }

  /** The next assignment begins. One that broke something early has not run all of its schedules. */
  next(): void {
    this.done += this.sum("done");
    this.violated += this.sum("violated");
    this.current.clear();
  }

  private sum(of: "done" | "violated"): number {
    return [...this.current.values()].reduce((total, progress) => total + progress[of], 0);
  }
}
