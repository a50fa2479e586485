import type { Ora } from "ora";
import type { SimulateProgress } from "../simulate/simulate.js";

/** One line on a terminal while a simulation runs; nothing at all in a pipe. */
export class Progress {
  private spinner: Ora | undefined;
  private isLoading = false;
  private readonly started = performance.now();
  private readonly targets = new Map<string, SimulateProgress>();

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(progress: SimulateProgress): void {
    this.targets.set(progress.target, progress);
    // A pseudo-terminal may say that it has no columns; what redraws lines cannot count them then.
    if (!this.stream.isTTY || !(this.stream.columns > 0)) return;
    if (this.spinner !== undefined) this.spinner.text = this.line();
    else void this.start();
  }

  /** What user code prints goes above the line. */
  print(text: string): void {
    this.spinner?.clear();
    this.stream.write(text);
    this.spinner?.render();
  }

  clear(): void {
    this.spinner?.stop();
    this.spinner = undefined;
    this.isLoading = false;
  }

  private async start(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    const { default: ora } = await import("ora");
    // It may have been cleared meanwhile: a short run shows nothing.
    if (this.isLoading) this.spinner = ora({ text: this.line(), stream: this.stream, discardStdin: false }).start();
  }

  private line(): string {
    const all = [...this.targets.values()];
    const sum = (of: (progress: SimulateProgress) => number): number =>
      all.reduce((total, each) => total + of(each), 0);
    const done = sum((each) => each.done);
    const perSecond = Math.round(done / ((performance.now() - this.started) / 1000));
    const violated = sum((each) => each.violated);
    const parts = [
      `${done.toLocaleString("en-US")} of ${sum((each) => each.total).toLocaleString("en-US")} schedules`,
      `${perSecond.toLocaleString("en-US")} a second`,
      violated === 0 ? "none violated" : `${violated.toLocaleString("en-US")} violated`,
    ];
    return parts.join(" · ");
  }
}
