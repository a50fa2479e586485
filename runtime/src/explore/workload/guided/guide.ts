import type { Fault } from "../../../faults/index.js";
import { Prng } from "../../../simulation/prng.js";
import type { Scenario } from "../../scenario.js";
import type { Run, RunOptions } from "../../schedule.js";
import { blockSize } from "../../tally.js";
import type { GeneratedWorkload, Resolve } from "../generated.js";
import type { Plan } from "../plan.js";
import { delaysOf } from "../strategies.js";
import { changedFaults, changedPlan } from "./mutation.js";
import { Situations } from "./situations.js";

/** Of each block so many schedules are as fresh as without a guide: there is nothing to change before. */
const freshAtFirst = 8;
/** Of how many that were kept the one is changed that reached what the fewest others reach. */
const candidates = 4;

/**
 * Keeps what reached something new, and changes it a little for half of the schedules that follow (Lemieux and Sen's
 * FairFuzz, ASE 2018, is where the preference for what is rarely reached comes from). It learns within a block of seeds
 * whose bounds are the same in every run, so a schedule is a function of code, options and seed: it does not matter with
 * which seed a run begins, nor which process runs which block. Who asks for one schedule alone runs those before it in
 * its block, at most 49.
 */
export class Guide {
  private kept: Schedule[] = [];
  private readonly timesReached = new Map<string, number>();
  /** The seed that it has learned everything for. */
  private next: number | undefined;
  private chosen: Choice | undefined;

  constructor(private readonly workload: GeneratedWorkload) {}

  /** Runs a schedule, and before it those that it learns from, unless they were the last ones that it ran. */
  async run(options: RunOptions, run: (options: RunOptions) => Promise<Run>, onPreceding?: OnPreceding): Promise<Run> {
    if (options.decisions !== undefined) return run(options);
    const { seed } = options;
    const first = firstOfBlock(seed);
    if (seed !== this.next || seed === first) {
      this.forget();
      for (let preceding = first; preceding < seed; preceding++) {
        onPreceding?.(preceding);
        await this.learnFrom({ ...options, seed: preceding, traced: false, watch: undefined }, run);
      }
      if (seed !== first) onPreceding?.(undefined);
    }
    return this.learnFrom(options, run);
  }

  /** What the schedule with this seed is, after those that `run` has learned from. */
  scenario(seed: number, resolve: Resolve): Scenario {
    const choice = this.choose(seed, this.workload.plan(seed, resolve));
    this.chosen = choice;
    const made = this.workload.carryOut(choice.plan, seed, resolve);
    if (made.generated === undefined) return made;
    const { plan, objects, drawFaults } = made.generated;
    const delays = delaysOf("mixed", choice.delaysSeed, made.regions.length);
    const drawAll: typeof drawFaults = (domains) => {
      const fresh = drawFaults(domains);
      const { kept, random } = choice;
      choice.faults = kept === undefined ? fresh : changedFaults(kept.faults ?? fresh, fresh, random);
      return choice.faults;
    };
    return { ...made, generated: { plan, objects, drawFaults: drawAll, delays } };
  }

  private choose(seed: number, fresh: Plan): Choice {
    const random = Prng.seeded(seed, "guided");
    const kept = seed - firstOfBlock(seed) >= freshAtFirst && random.chance(1, 2) ? this.pick(random) : undefined;
    if (kept === undefined) return { plan: fresh, delaysSeed: seed, faults: undefined, kept, random };
    const plan = changedPlan(kept.plan, fresh, random);
    const delaysSeed = random.chance(1, 2) ? kept.delaysSeed : seed;
    return { plan, delaysSeed, faults: undefined, kept, random };
  }

  private pick(random: Prng): Schedule | undefined {
    let found: Schedule | undefined;
    let rarest = Number.POSITIVE_INFINITY;
    for (let left = this.kept.length === 0 ? 0 : candidates; left > 0; left--) {
      const candidate = random.pick(this.kept);
      const rarity = this.rarityOf(candidate);
      if (rarity >= rarest) continue;
      found = candidate;
      rarest = rarity;
    }
    return found;
  }

  /** How many schedules of the block reached what the fewest did of all that this one reached. */
  private rarityOf({ reached }: Schedule): number {
    let fewest = Number.POSITIVE_INFINITY;
    for (const situation of reached) fewest = Math.min(fewest, this.timesReached.get(situation) ?? 0);
    return fewest;
  }

  private async learnFrom(options: RunOptions, run: (options: RunOptions) => Promise<Run>): Promise<Run> {
    this.next = undefined;
    this.chosen = undefined;
    const situations = new Situations();
    const ran = await run({ ...options, situations });
    if (this.chosen !== undefined) this.learn(this.chosen, situations.reached);
    this.next = options.seed + 1;
    return ran;
  }

  private learn({ plan, delaysSeed, faults }: Choice, reached: ReadonlySet<string>): void {
    let isNew = false;
    for (const situation of reached) {
      const times = this.timesReached.get(situation) ?? 0;
      if (times === 0) isNew = true;
      this.timesReached.set(situation, times + 1);
    }
    if (isNew) this.kept.push({ plan, delaysSeed, faults, reached });
  }

  private forget(): void {
    this.kept = [];
    this.timesReached.clear();
  }
}

/** Is told of each schedule that is run only for what another one learns from it; undefined: it is that one's turn. */
export type OnPreceding = (seed: number | undefined) => void;

/** 1, 51, 101 …, so that a run that begins as usual has whole blocks. */
const firstOfBlock = (seed: number): number => Math.max(0, seed - ((seed + blockSize - 1) % blockSize));

/** What decides about a schedule, besides its seed. */
interface Decided {
  readonly plan: Plan;
  readonly delaysSeed: number;
}

interface Schedule extends Decided {
  /** Undefined where the request gave others. */
  readonly faults: readonly Fault[] | undefined;
  readonly reached: ReadonlySet<string>;
}

interface Choice extends Decided {
  /** Known when the schedule begins. */
  faults: readonly Fault[] | undefined;
  /** What it was made from. */
  readonly kept: Schedule | undefined;
  readonly random: Prng;
}
