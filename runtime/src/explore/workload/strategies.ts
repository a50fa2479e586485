import type { LinkFault } from "../../simulation/network/network.js";
import { Prng } from "../../simulation/prng.js";

/** Who decides how late messages arrive, where distance does not. */
export const strategies = ["random", "priorities", "overtaking"] as const;

/**
 * `mixed`: each in its share of the schedules, by seed, so that it does not matter which process runs which. `guided`:
 * the same, and calls and faults are in part those of schedules that reached something new.
 */
export type Strategy = (typeof strategies)[number] | "mixed" | "guided";

/** What decides about messages until all faults are healed; undefined: distance and a little chance, as in scenarios. */
export function delaysOf(strategy: Strategy, seed: number, regions: number): LinkFault | undefined {
  const random = Prng.seeded(seed, "strategy");
  const chosen = strategy === "mixed" || strategy === "guided" ? random.pick(strategies) : strategy;
  switch (chosen) {
    case "random":
      return undefined;
    case "priorities":
      return byPriority(regions, random);
    case "overtaking":
      return overtaking(random);
  }
}

/** How far one priority is from the next in milliseconds: less than a call takes, about as long, and longer. */
const steps: readonly number[] = [5, 20, 60];
/** How late a message is at most, in milliseconds: less than a round trip between continents, and several of them. */
const lateness: readonly number[] = [100, 300, 1_000];
/** What goes wrong takes few of them: the observation that PCT rests on. */
const mostChanges = 2;
/** About as many go between regions while the calls of a schedule are made. */
const typicalMessages = 200;

/**
 * Delays after PCT (Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010),
 * with links between regions in the place of threads: each has a random priority, the lower the later all its messages
 * arrive, and at a few random moments the link that is about to carry one falls below all others. Chance alone rarely makes
 * one link slower than the others throughout a schedule, and that is what it takes to see things in an order that is wrong.
 */
function byPriority(regions: number, random: Prng): LinkFault {
  const ranks = shuffled(regions * regions, random);
  const stepUs = random.pick(steps) * 1000;
  const changes = new Set<number>();
  for (let left = random.below(mostChanges + 1); left > 0; left--) changes.add(random.below(typicalMessages));
  let sent = 0;
  let latest = regions * regions;
  return {
    delayedUs({ from, to, delayUs }) {
      const link = from * regions + to;
      if (changes.has(sent++)) ranks[link] = latest++;
      return delayUs + Math.floor(((ranks[link] as number) * stepUs) / regions);
    },
  };
}

function shuffled(count: number, random: Prng): number[] {
  const items = Array.from({ length: count }, (_, index) => index);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j] as number, items[i] as number];
  }
  return items;
}

/**
 * Some messages arrive late, each by itself: one overtakes another on the same link, which neither distance nor priority
 * brings about. After Ozkan, Majumdar and Oraee, Trace Aware Random Testing for Distributed Systems, OOPSLA 2019, where
 * messages have priorities and not links.
 */
function overtaking(random: Prng): LinkFault {
  const percent = 10 + random.below(41);
  const longestUs = random.pick(lateness) * 1000;
  return {
    delayedUs: ({ delayUs }) => delayUs + (random.below(100) < percent ? random.below(longestUs) : 0),
  };
}
