import { Agenda, abandoned } from "../../simulation/agenda.js";
import { holdVirtualGlobals } from "../../simulation/virtual-globals/index.js";
import { Block } from "../block.js";
import type { Decisions } from "../decisions.js";
import { chosen, type TraceOptions, traceScenario } from "../explore.js";
import type { Violation } from "../report.js";
import { runSchedule } from "../run.js";
import type { Run, Seen } from "../schedule.js";
import { Tally } from "../tally.js";
import type { CheckedBounds } from "./bounds.js";
import type { ExhaustiveProgress, ExhaustiveReport, Noticed } from "./exhaustive-report.js";
import { Probe, probes } from "./probe.js";
import { Search } from "./search.js";
import { Watch } from "./watch.js";

export interface ExhaustiveOptions extends TraceOptions {
  /** Of the workload itself `evaluate` knows. */
  readonly bounds: Pick<CheckedBounds, "timers" | "states">;
  /** Ends with the first schedule in which something is violated. */
  readonly untilViolated?: boolean | undefined;
  /** After each schedule. */
  readonly onProgress?: ((progress: ExhaustiveProgress) => void) | undefined;
  /** Asked after each schedule. */
  readonly shouldStop?: (() => boolean) | undefined;
  /** For comparison with a search that leaves nothing out. */
  readonly isReduced?: boolean;
  readonly isHashed?: boolean;
  readonly isEager?: boolean;
  /** Orders that are drawn where there are more states than are visited. */
  readonly drawnOrders?: number;
  /** Told of every schedule that came to its end. */
  readonly onEnding?: ((run: Run) => void) | undefined;
}

/** Runs every order of events within the bounds, and judges each as any schedule is judged. */
export async function exhaustScenario(options: ExhaustiveOptions): Promise<ExhaustiveReport> {
  const exploration = new Exploration(options);
  const release = holdVirtualGlobals();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // as in `exploreBlock`
  try {
    await exploration.run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    release();
  }
  return exploration.report();
}

class Exploration {
  private block = new Block();
  private search: Search;
  private readonly watch = new Watch();
  private isStopped = false;
  /** The search begins again. */
  private isFresh = true;
  /** By violation, what was picked in the first schedule that shows it, and how many timers were among that. */
  private readonly shown = new Map<string, { readonly timers: number; readonly events: readonly string[] }>();
  /** What is taken to be so until a schedule shows otherwise. */
  private isCalm: boolean;
  private isTimeless: boolean;
  private drawn = 0;
  private readonly noticed: ExhaustiveReport["noticed"][number][] = [];

  constructor(private readonly options: ExhaustiveOptions) {
    const { isEager = true } = options;
    const faults = chosen(options) ?? [];
    this.isCalm = isEager && Array.isArray(faults) && faults.length === 0;
    this.isTimeless = this.isCalm;
    this.search = this.newSearch();
  }

  async run(): Promise<void> {
    await this.tryAll();
    if (this.search.isCut && !this.isStopped) await this.tryDrawn();
  }

  private async tryAll(): Promise<void> {
    const { options } = this;
    for (let index = 0; index < probes; index++) {
      const agenda = new Agenda(new Probe(index), options.bounds.timers);
      await this.schedule(agenda, false);
      this.isMistakenAbout(agenda);
    }
    for (let hasNext = true; hasNext && !this.isStopped; hasNext = this.isFresh || this.search.next()) {
      const { search } = this;
      this.isFresh = false;
      search.begin();
      const agenda = new Agenda(search, options.bounds.timers);
      agenda.isShared = this.watch.sharesMemory;
      const run = await this.schedule(agenda, search.isUnderWay);
      if (this.isMistakenAbout(agenda)) {
        // From the beginning: what was found is real, but not all was tried.
        this.search = this.newSearch();
        this.block = new Block();
        this.isFresh = true;
        continue;
      }
      this.ended(run, agenda);
      if (search.isCut || search.isLost || this.block.isStuck) return;
    }
  }

  /**
   * Depth first, a search that is cut has tried all of what can come last, and nothing else of what comes first. Orders that
   * are drawn from among the same ones differ in everything.
   */
  private async tryDrawn(): Promise<void> {
    const { drawnOrders = usualDrawnOrders, bounds } = this.options;
    while (this.drawn < drawnOrders && !this.isStopped && !this.block.isStuck) {
      const agenda = new Agenda(new Probe(probes + this.drawn), bounds.timers);
      agenda.isShared = this.watch.sharesMemory;
      this.ended(await this.schedule(agenda, false), agenda);
      this.drawn++;
    }
  }

  private ended(run: Run | undefined, agenda: Agenda): void {
    const { options } = this;
    if (run !== undefined) this.judged(run, agenda);
    options.onProgress?.({ states: this.search.states, violated: this.block.violated });
    if (options.untilViolated === true && this.block.violated > 0) this.isStopped = true;
    if (options.shouldStop?.() === true) this.isStopped = true;
  }

  private newSearch(): Search {
    const { bounds, isReduced = true, isHashed = true } = this.options;
    return new Search({ watch: this.watch, limit: bounds.states, isReduced, isHashed });
  }

  private isMistakenAbout({ wasDisturbed, hasShownTime, isShared, isCalm, isTimeless }: Agenda): boolean {
    const before = this.noticed.length;
    if (isCalm && wasDisturbed) this.notice("faults");
    if (isTimeless && hasShownTime) this.notice("clock");
    if (this.watch.sharesMemory && !isShared) this.notice("memory");
    if (wasDisturbed) this.isCalm = false;
    if (wasDisturbed || hasShownTime) this.isTimeless = false;
    return this.noticed.length > before;
  }

  private notice(what: Noticed): void {
    // Of several probes each may show it.
    if (this.noticed.every((each) => each.what !== what)) this.noticed.push({ what, states: this.search.states });
  }

  async report(): Promise<ExhaustiveReport> {
    const { search, block, options } = this;
    const tally = new Tally();
    tally.merge(block.data);
    const report = tally.report(options);
    const isComplete = !search.isCut && !search.isLost && !this.isStopped && !block.isStuck;
    const isUndecided = report.outcome === "holds" && !isComplete;
    const violations: Violation[] = [];
    let decisions: Decisions | undefined;
    for (const violation of report.violations) {
      const explained = await this.explained(violation);
      decisions ??= explained.decisions;
      violations.push(explained.violation);
    }
    return {
      ...report,
      ...(isUndecided ? { outcome: "unknown", reason: this.whyCut() } : {}),
      violations,
      states: search.states,
      steps: search.steps,
      violated: block.violated,
      isComplete,
      drawn: this.drawn,
      noticed: this.noticed,
      ...(decisions === undefined ? {} : { decisions }),
    };
  }

  /** One schedule, or undefined where the rest of it is known. */
  private async schedule(agenda: Agenda, isKnown: boolean): Promise<Run | undefined> {
    const { seed, levels, isUserFile, mend, evaluate } = this.options;
    const { watch } = this;
    watch.attach(agenda, isKnown);
    const faults = chosen(this.options) ?? [];
    const begin = (seen: Seen) => {
      agenda.isCalm = this.isCalm;
      agenda.isTimeless = this.isTimeless && isTimeless(seen);
      watch.begin(seen);
    };
    const picking = { agenda, begin };
    try {
      return await runSchedule(evaluate, { seed, faults, levels, isUserFile, mend, picking });
    } catch (error) {
      if (error === abandoned) return undefined;
      throw error;
    }
  }

  private judged(run: Run, { performed, timersLeft }: Agenda): void {
    this.block.add(run);
    for (const { kind, name } of run.findings) {
      const key = `${kind} ${name}`;
      const timers = this.options.bounds.timers - timersLeft;
      if (!this.shown.has(key)) this.shown.set(key, { timers, events: [...performed] });
    }
    this.options.onEnding?.(run);
  }

  /** The schedule that shows it, once more and traced. */
  private async explained(
    violation: Violation,
  ): Promise<{ readonly violation: Violation; readonly decisions: Decisions | undefined }> {
    const { options } = this;
    const order = this.shown.get(`${violation.kind} ${violation.name}`) ?? { timers: 0, events: [] };
    const faults = chosen(options);
    const { seed } = options;
    const asked = { seed, faults: Array.isArray(faults) ? faults : [], order };
    const { result, decisions } = await traceScenario({ ...options, decisions: asked });
    const same = result.violations.find(({ kind, name }) => kind === violation.kind && name === violation.name);
    return { violation: same === undefined ? violation : { ...same, count: violation.count }, decisions };
  }

  private whyCut(): string {
    const { search, options } = this;
    if (search.isLost)
      return (
        "The same choices led elsewhere when they were made again: the code is not deterministic. Look for module " +
        "variables that carry over from one schedule to the next, and for what is not awaited."
      );
    if (search.isCut) {
      const cut = `Stopped at ${counted(options.bounds.states)} states: there are more within the bounds`;
      return this.drawn === 0 ? `${cut}.` : `${cut}. Of the others ${counted(this.drawn)} orders were drawn.`;
    }
    return `Stopped after ${counted(search.states)} states.`;
  }
}

/** They take no longer than some hundred states. */
const usualDrawnOrders = 200;

/** Of no process it matters what time it is. */
const isTimeless = ({ deployment }: Seen): boolean =>
  [...deployment.domains.values()].every(({ machines }) =>
    machines.every((machine) => machine?.isTimerSpent !== undefined),
  );

/** `12,431` */
const counted = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
