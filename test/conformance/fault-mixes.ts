import {
  clockDrift,
  clockSkew,
  delay,
  duplication,
  type Fault,
  isolate,
  loss,
  pause,
  promote,
  type RandomFaults,
  randomFaults,
  reordering,
  type ScenarioContext,
} from "../../runtime/src/simulation/index.js";

/** Which faults a schedule meets. All of it is drawn from the schedule's seed. */
export interface FaultMix {
  readonly id: string;
  /** What it is, as the table says it. */
  readonly description: string;
  readonly faults: readonly Fault[] | RandomFaults;
  /** Faults beyond those, which the body of the scenario starts before anything else. */
  readonly drawn?: (draw: Draw, regions: readonly string[]) => readonly Fault[];
}

/** What a mix draws by. */
export interface Draw {
  /** A whole number from 0 to below the bound. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
}

export const drawFrom = ({ random }: Pick<ScenarioContext<string>, "random">): Draw => {
  const below = (bound: number) => Math.floor(random() * bound);
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[number] };
};

const longestMs = 5_000;
const window = (draw: Draw, latestMs: number) => {
  const fromMs = draw.below(latestMs);
  return { fromMs, untilMs: fromMs + 200 + draw.below(longestMs - 200) };
};

/** What every mechanism has to live with. */
export const random: FaultMix = { id: "random", description: "`randomFaults()`", faults: randomFaults() };

/** Wall clocks are nobody's promise, except where a mechanism says so. */
export const clocks: FaultMix = {
  id: "clocks",
  description: "`randomFaults()` and wall clocks up to 0.8 s wrong",
  faults: randomFaults(),
  drawn: (draw, regions) => {
    const wrong = () => clockSkew(draw.pick(regions), draw.below(1_600) - 800 || 1, window(draw, 500));
    return draw.below(2) === 0 ? [wrong()] : [wrong(), wrong()];
  },
};

export const links: FaultMix = {
  id: "links",
  description:
    "10 to 60 % of all messages lost, and at another time half of them sent twice, half out of order, or all late",
  faults: [],
  drawn: (draw) => [
    loss((1 + draw.below(6)) / 10, window(draw, 500)),
    draw.pick([
      duplication(0.5, window(draw, 500)),
      reordering(0.5, 300, window(draw, 500)),
      delay(150, window(draw, 500)),
    ]),
  ],
};

/** Operators who promote whom they like, and nodes that stand still meanwhile. */
export const promotions: FaultMix = {
  id: "promotions",
  description: "`randomFaults()`, replicas promoted by hand, a node that stands still",
  faults: randomFaults(),
  drawn: (draw, regions) => [
    ...Array.from({ length: 1 + draw.below(3) }, () => promote(draw.pick(regions), { fromMs: draw.below(4_000) })),
    pause(draw.pick(regions), window(draw, 3_000)),
  ],
};

/** One clock fast or slow by what the mechanism's bound still allows. */
export const driftWithin = (maxDriftRatio: number): FaultMix => ({
  id: "drift",
  description: `\`randomFaults()\` and a clock that drifts by up to ${maxDriftRatio * 100} %`,
  faults: randomFaults(),
  drawn: (draw, regions) => {
    const ratio = (maxDriftRatio * (1 + draw.below(1_000))) / 1_000;
    return [clockDrift(draw.pick(regions), draw.below(2) === 0 ? ratio : -ratio / (1 + ratio))];
  },
});

/** The first region is cut off, perhaps with the leader, and is asked as long as that may still think that it leads. */
export const cutOff: FaultMix = {
  id: "cut off",
  description: "the far region cut off for 2.5 s",
  faults: [],
  drawn: (draw, [far = ""]) => [isolate(far, { fromMs: 100 + draw.below(400), untilMs: 3_000 })],
};

/** A clock that loses more than half of the time, far beyond any bound that a lease is given. */
export const driftBeyond: FaultMix = {
  id: "drift beyond",
  description: "the far region cut off for 2.5 s, and its clock slower by 60 %",
  faults: [],
  drawn: (draw, regions) => [clockDrift(regions[0] ?? "", -0.6), ...(cutOff.drawn?.(draw, regions) ?? [])],
};

/** What a clock service that states its uncertainty keeps: no two clocks further apart than twice that. */
export const skewWithin = (epsilonMs: number): FaultMix => ({
  id: "skew",
  description: `\`randomFaults()\` and wall clocks wrong by at most ${epsilonMs} ms`,
  faults: randomFaults(),
  drawn: (draw, regions) => regions.map((region) => clockSkew(region, draw.pick([-epsilonMs, 0, epsilonMs]))),
});
