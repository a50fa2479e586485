import type { Ora } from "ora";
import { shrinkProgressText } from "../simulate/index.js";
import { tryingText } from "../simulate/remedy-text.js";
import type { SimulateProgress, SimulateRun, SimulateViolation } from "../simulate/simulate.js";

/** In a pipe a search, of which nobody can say how long it takes, says so often how far it is. */
const saidEveryMs = 10_000;

/** One line on a terminal while a simulation runs; in a pipe next to nothing. */
export class Progress {
  private spinner: Ora | undefined;
  private isLoading = false;
  private startedMs = performance.now();
  private saidMs = this.startedMs;
  private readonly targets = new Map<string, SimulateProgress>();

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(progress: SimulateProgress): void {
    // What came before the first schedule says nothing about how fast they are.
    if (this.targets.size === 0) this.startedMs = performance.now();
    this.targets.set(progress.target, progress);
    if (!this.isShown) {
      if (progress.unit === "states") this.say();
      return;
    }
    if (this.spinner !== undefined) this.spinner.text = this.line();
    else void this.start();
  }

  /** What user code prints goes above the line. */
  print(text: string): void {
    this.spinner?.clear();
    this.stream.write(text);
    this.spinner?.render();
  }

  /** What fails first is said at once, above the line: the report of all that fails comes with the end of the run. */
  announce(run: SimulateRun): void {
    const [first] = run.violations;
    if (first !== undefined && this.isShown) this.print(`${firstFailure(run.target, first)}\n`);
  }

  clear(): void {
    this.spinner?.stop();
    this.spinner = undefined;
    this.isLoading = false;
  }

  /** A pseudo-terminal may say that it has no columns; what redraws lines cannot count them then. */
  private get isShown(): boolean {
    return this.stream.isTTY && this.stream.columns > 0;
  }

  private say(): void {
    const nowMs = performance.now();
    if (nowMs - this.saidMs < saidEveryMs) return;
    this.saidMs = nowMs;
    this.stream.write(`${this.line()}\n`);
  }

  private async start(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    const { default: ora } = await import("ora");
    // It may have been cleared meanwhile: a short run shows nothing.
    if (this.isLoading) this.spinner = ora({ text: this.line(), stream: this.stream, discardStdin: false }).start();
  }

  private line(): string {
    return progressLine([...this.targets.values()], performance.now() - this.startedMs);
  }
}

/** Which schedule shows what, and where to look. */
export function firstFailure(target: string, { name, seed, expected, observed, location }: SimulateViolation): string {
  const values = expected === null || observed === null ? [] : [`expected ${expected}, observed ${observed}`];
  const places = location === null ? [] : [`${location.file}:${location.range.start.line}`];
  return [`✗ ${target}: ${name}`, `seed ${seed}`, ...values, ...places].join(" · ");
}

/** How far they are, how fast, what they found, and how long they still take. */
export function progressLine(targets: readonly SimulateProgress[], elapsedMs: number): string {
  const sum = (of: (progress: SimulateProgress) => number): number =>
    targets.reduce((total, each) => total + of(each), 0);
  const count = (value: number) => value.toLocaleString("en-US");
  const done = sum((each) => each.done);
  const total = sum((each) => each.total);
  const violated = sum((each) => each.violated);
  const isSearch = targets.some(({ unit }) => unit === "states");
  const first = targets.find((each) => each.first !== undefined)?.first;
  const shrinking = targets.find((each) => each.shrinking !== undefined && each.done === each.total)?.shrinking;
  const trying = targets.find((each) => each.trying !== undefined)?.trying;
  const isOver = shrinking !== undefined || trying !== undefined;
  const perSecond = elapsedMs > 0 ? (done * 1_000) / elapsedMs : 0;
  return [
    isSearch ? `${count(done)} states of ${count(total)} at most` : `${count(done)} of ${count(total)} schedules`,
    // What comes after the last schedule says nothing about how fast they were.
    ...(isOver ? [] : [`${count(Math.round(perSecond))} a second`]),
    violated === 0 ? "none violated" : `${count(violated)} ${isSearch ? "ends " : ""}violated`,
    ...(shrinking === undefined ? [] : [shrinkProgressText(shrinking)]),
    ...(trying === undefined ? [] : [tryingText(trying)]),
    ...(first === undefined || isOver ? [] : [`${first.name}: seed ${first.seed}`]),
    // The first moments tell nothing of the rest, nor does a limit of how many states there are.
    ...(isSearch || elapsedMs < leastElapsedMs || done === 0 || done === total
      ? []
      : [`${duration((total - done) / perSecond)} left`]),
  ].join(" · ");
}

const leastElapsedMs = 1_000;

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
