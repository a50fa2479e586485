import { abandoned, type Chooser, type Step } from "../../simulation/agenda.js";
import type { Occasion } from "../../simulation/scheduler.js";
import { areIndependent } from "./independence.js";
import type { Memory, Watch } from "./watch.js";

export interface SearchSetup {
  /** Tells states apart. */
  readonly watch: Watch;
  /** States that are expanded at most. */
  readonly limit: number;
  /** Off for the dumb twin: every order is run, however many of them come to the same. */
  readonly isReduced: boolean;
  readonly isHashed: boolean;
}

/** A choice of the schedule that is under way. */
interface Frame {
  /** What was found there: the search runs code again and again, and it has to be the same each time. */
  readonly width: number;
  /** What need not be tried: the schedules that begin with it come to the same as others that are tried. */
  readonly sleep: ReadonlyMap<string, Step>;
  /** What has been tried, with what it touched. */
  readonly done: Map<string, Step>;
  /** Of the state, where states are told apart. */
  readonly memory: Memory | undefined;
  current: string;
  readonly left: string[];
  step: Step | undefined;
}

/**
 * Depth first over all choices, each schedule run from its beginning, as the code that runs cannot be copied in the middle
 * (Godefroid, Model Checking for Programming Languages using VeriSoft, POPL 1997). With sleep sets (Godefroid, Partial-Order
 * Methods for the Verification of Concurrent Systems, 1996, chapter 5) of several orders of independent steps one is run, and
 * a state that was seen is left again, unless more sleeps in it now than did then (chapter 6.3: then only what was asleep
 * there and is not here is tried).
 */
export class Search implements Chooser {
  private frames: Frame[] = [];
  private depth = 0;
  /** By state, what slept when it was expanded; nothing in most. */
  private readonly seen = new Map<number, ReadonlySet<number>>();
  /** Different states in which there was something to choose. */
  states = 0;
  /** Steps out of them. */
  steps = 0;
  /** There are more states than it may expand. */
  isCut = false;
  /** The same choices led elsewhere when they were made again: the code is not deterministic. */
  isLost = false;

  constructor(private readonly setup: SearchSetup) {}

  /** The next schedule begins. */
  begin(): void {
    this.depth = 0;
  }

  /** Goes back to the last choice that has something left to try. False: there is none. */
  next(): boolean {
    for (let frame = this.frames.at(-1); frame !== undefined; frame = this.frames.at(-1)) {
      if (frame.step !== undefined) frame.done.set(frame.current, frame.step);
      const current = frame.left.shift();
      if (current !== undefined) {
        frame.current = current;
        frame.step = undefined;
        return true;
      }
      this.frames.pop();
    }
    return false;
  }

  /** The next schedule begins as an earlier one did. */
  get isUnderWay(): boolean {
    return this.frames.length > 0;
  }

  choose(enabled: readonly Occasion[], step: Step): number {
    this.ended(step);
    const { depth, frames } = this;
    this.depth++;
    const known = frames[depth];
    if (known !== undefined) {
      if (known === frames.at(-1) && known.memory !== undefined) this.setup.watch.recall(known.memory);
      return this.indexOf(enabled, known);
    }
    const frame = this.expand(enabled, step);
    if (frame === undefined) {
      this.depth--;
      throw abandoned;
    }
    frames.push(frame);
    return this.indexOf(enabled, frame);
  }

  ended(step: Step): void {
    const last = this.frames[this.depth - 1];
    if (last !== undefined) last.step ??= { ...step, places: new Set(step.places) };
  }

  /** A state that no schedule has gone on from: what to try in it. Nothing, if all of that is tried elsewhere. */
  private expand(enabled: readonly Occasion[], step: Step): Frame | undefined {
    const sleep = this.inherited();
    const { isHashed, watch } = this.setup;
    const candidates = isHashed ? this.unseen(enabled, sleep, watch.stateAfter(step)) : this.all(enabled, sleep);
    const [current, ...left] = candidates;
    if (current === undefined) return undefined;
    this.steps += candidates.length;
    // Schedules that are run later part here only if there is something left to try.
    const memory = isHashed && left.length > 0 ? watch.known : undefined;
    return { width: enabled.length, sleep, done: new Map(), memory, current, left, step: undefined };
  }

  /** What slept or was tried before the last step, and does not mind that step. */
  private inherited(): ReadonlyMap<string, Step> {
    const last = this.frames.at(-1);
    const { isReduced } = this.setup;
    const sleep = new Map<string, Step>();
    if (last?.step === undefined || !isReduced) return sleep;
    const { hasRealTime } = this.setup.watch;
    for (const known of [last.sleep, last.done])
      for (const [key, step] of known) if (areIndependent(step, last.step, hasRealTime)) sleep.set(key, step);
    return sleep;
  }

  private all(enabled: readonly Occasion[], sleep: ReadonlyMap<string, Step>): readonly string[] {
    this.count();
    return awake(enabled, sleep);
  }

  private unseen(enabled: readonly Occasion[], sleep: ReadonlyMap<string, Step>, state: number): readonly string[] {
    const identities = new Map(enabled.map((occasion) => [occasion.key, this.setup.watch.identify(occasion)]));
    const asleep = new Set<number>();
    for (const [key, identity] of identities) if (sleep.has(key)) asleep.add(identity);
    const before = this.seen.get(state);
    if (before === undefined) {
      this.count();
      this.seen.set(state, asleep);
      return awake(enabled, sleep);
    }
    const missing = [...before].filter((identity) => !asleep.has(identity));
    if (missing.length === 0) return [];
    this.seen.set(state, new Set([...before].filter((identity) => asleep.has(identity))));
    return [...identities].flatMap(([key, identity]) => (missing.includes(identity) ? [key] : []));
  }

  private indexOf(enabled: readonly Occasion[], { current, width }: Frame): number {
    const index = enabled.findIndex(({ key }) => key === current);
    if (index >= 0 && enabled.length === width) return index;
    this.isLost = true;
    throw abandoned;
  }

  private count(): void {
    if (this.states >= this.setup.limit) {
      this.isCut = true;
      throw abandoned;
    }
    this.states++;
  }
}

const awake = (enabled: readonly Occasion[], sleep: ReadonlyMap<string, Step>): readonly string[] =>
  enabled.flatMap(({ key }) => (sleep.has(key) ? [] : [key]));
