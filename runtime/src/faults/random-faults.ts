import type { Region } from "../simulation/network/regions.js";
import type { Prng } from "../simulation/prng.js";
import { crash } from "./crash.js";
import type { Fault } from "./fault.js";
import { isolate, partition } from "./partition.js";

/** "Draw the faults from the seed": every schedule gets others. */
export interface RandomFaults {
  readonly fault: "random";
}

export function randomFaults(): RandomFaults {
  return { fault: "random" };
}

/** Windows open within the first two seconds, a third of them at once, and last long enough to outlive time-outs. */
const latestStartMs = 2_000;
const shortestMs = 200;
const longestMs = 5_000;

/**
 * One to three faults for one schedule: partitions into two groups, one region cut off, and crashes of fewer than half
 * of the regions at a time, so that a majority stays alive.
 */
export function drawFaults(regions: readonly Region[], random: Prng): readonly Fault[] {
  const names = regions.map((region) => region.name);
  const faults: Fault[] = [];
  let crashes = 0;
  const count = 1 + random.below(3);
  for (let i = 0; i < count; i++) {
    const fromMs = random.chance(1, 3) ? 0 : random.below(latestStartMs);
    const window = { fromMs, untilMs: fromMs + shortestMs + random.below(longestMs - shortestMs) };
    const mayCrash = (crashes + 1) * 2 < names.length;
    if (mayCrash && random.chance(1, 4)) {
      crashes++;
      faults.push(crash(random.pick(names), window));
    } else if (names.length === 1) continue;
    else if (random.chance(1, 3)) faults.push(isolate(random.pick(names), window));
    else faults.push(partition(split(names, random), window));
  }
  return faults;
}

/** Two groups, neither empty. */
function split(names: readonly string[], random: Prng): readonly (readonly string[])[] {
  const left = random.pick(names);
  const right = random.pick(names.filter((name) => name !== left));
  const groups: [string[], string[]] = [[left], [right]];
  for (const name of names) if (name !== left && name !== right) groups[random.below(2) as 0 | 1].push(name);
  return groups;
}
