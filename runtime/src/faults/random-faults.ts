import type { Region } from "../simulation/network/regions.js";
import type { Prng } from "../simulation/prng.js";
import { bridge } from "./bridge.js";
import { crash } from "./crash.js";
import { cut } from "./cut.js";
import { delay } from "./delay.js";
import { duplication } from "./duplication.js";
import type { Fault, FaultWindow } from "./fault.js";
import { isolateLeader } from "./isolate-leader.js";
import { loss } from "./loss.js";
import { isolate, partition } from "./partition.js";
import { pause } from "./pause.js";
import { reordering } from "./reordering.js";
import { slowRegion } from "./slow-region.js";

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

/** One kind of fault, as it is drawn. */
export interface Drawing {
  /** How often it is drawn, compared with the others. */
  readonly weight: number;
  /** The fewest regions in which it does anything. */
  readonly regions: number;
  /** Whether it takes a region away, so that it must not strike half of them or more. */
  readonly stops?: boolean;
  /** What has to be there for it to be of interest. */
  readonly needs?: "leader" | "durability";
  draw(names: readonly string[], random: Prng, window: FaultWindow): Fault;
}

/**
 * What every mechanism has to live with. Clocks are not among them: how wrong they may be is a part of what a mechanism
 * claims. What cuts regions off comes most often, as most that goes wrong goes wrong there.
 */
export const everywhere: readonly Drawing[] = [
  { weight: 6, regions: 2, draw: (names, random, window) => partition(split(names, random), window) },
  { weight: 3, regions: 2, draw: (names, random, window) => isolate(random.pick(names), window) },
  {
    weight: 2,
    regions: 2,
    needs: "leader",
    draw: (_names, random, window) => isolateLeader(begun(window, random)),
  },
  { weight: 2, regions: 3, draw: (names, random, window) => bridge(random.pick(names), window) },
  { weight: 2, regions: 2, draw: (names, random, window) => cut(...twoOf(names, random), window) },
  {
    weight: 4,
    regions: 3,
    stops: true,
    needs: "durability",
    draw: (names, random, window) => crash(random.pick(names), window),
  },
  { weight: 2, regions: 3, stops: true, draw: (names, random, window) => pause(random.pick(names), window) },
  { weight: 1, regions: 2, draw: (_names, random, window) => loss((1 + random.below(30)) / 100, window) },
  { weight: 1, regions: 2, draw: (_names, random, window) => duplication((5 + random.below(46)) / 100, window) },
  {
    weight: 1,
    regions: 2,
    draw: (_names, random, window) => reordering((5 + random.below(46)) / 100, 10 + random.below(491), window),
  },
  { weight: 1, regions: 2, draw: (_names, random, window) => delay(10 + random.below(291), window) },
  {
    weight: 1,
    regions: 1,
    draw: (names, random, window) => slowRegion(random.pick(names), 2 + random.below(9), window),
  },
];

/** One to three faults for one schedule. Crashes and pauses strike fewer than half of the regions: a majority stays alive. */
export function drawFaults(regions: readonly Region[], random: Prng): readonly Fault[] {
  const names = regions.map((region) => region.name);
  const faults: Fault[] = [];
  let stopped = 0;
  const count = 1 + random.below(3);
  for (let i = 0; i < count; i++) {
    const fromMs = random.chance(1, 3) ? 0 : random.below(latestStartMs);
    const window = { fromMs, untilMs: fromMs + shortestMs + random.below(longestMs - shortestMs) };
    const drawing = pickByWeight(possibleOf(everywhere, names, stopped), random);
    if (drawing.stops === true) stopped++;
    faults.push(drawing.draw(names, random, window));
  }
  return faults;
}

/** Those that do something among so many regions, and leave a majority alive where so many are stopped already. */
export function possibleOf(
  drawings: readonly Drawing[],
  names: readonly string[],
  stopped: number,
): readonly Drawing[] {
  const mayStop = (stopped + 1) * 2 < names.length;
  return drawings.filter((drawing) => drawing.regions <= names.length && (mayStop || drawing.stops !== true));
}

export function pickByWeight(possible: readonly Drawing[], random: Prng): Drawing {
  let left = random.below(possible.reduce((sum, { weight }) => sum + weight, 0));
  for (const drawing of possible) {
    left -= drawing.weight;
    if (left < 0) return drawing;
  }
  throw new RangeError("nothing to draw from");
}

/** Two groups, neither empty. */
function split(names: readonly string[], random: Prng): readonly (readonly string[])[] {
  const left = random.pick(names);
  const right = random.pick(names.filter((name) => name !== left));
  const groups: [string[], string[]] = [[left], [right]];
  for (const name of names) if (name !== left && name !== right) groups[random.below(2) as 0 | 1].push(name);
  return groups;
}

function twoOf(names: readonly string[], random: Prng): readonly [string, string] {
  const from = random.pick(names);
  return [from, random.pick(names.filter((name) => name !== from))];
}

/** Nobody leads before anything is opened: at the very start there would be no leader to isolate. */
function begun({ fromMs = 0, untilMs }: FaultWindow, random: Prng): FaultWindow {
  const beginMs = fromMs > 0 ? fromMs : 1 + random.below(shortestMs - 1);
  return untilMs === undefined ? { fromMs: beginMs } : { fromMs: beginMs, untilMs };
}
