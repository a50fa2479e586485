import type { Region } from "../simulation/network/regions.js";
import type { Prng } from "../simulation/prng.js";
import { clockDrift } from "./clock-drift.js";
import { clockSkew } from "./clock-skew.js";
import type { Fault, FaultWindow } from "./fault.js";
import { promote } from "./promote.js";
import { type Drawing, everywhere, pickByWeight, possibleOf } from "./random-faults.js";

/** What a workload is exposed to: which faults can make a difference to it, and how far they may go. */
export interface Exposure {
  /** About how long its calls take when nothing goes wrong. */
  readonly spanMs: number;
  /** Replicas tell one another of what they took. */
  readonly replicates: boolean;
  /** Some node leads. */
  readonly hasLeader: boolean;
  /** Somebody relies on what was acknowledged. */
  readonly isDurable: boolean;
  /** An operator may promote another primary. */
  readonly mayPromote: boolean;
  /** How far off a clock may be, where clocks decide anything. */
  readonly skewMs: number | undefined;
  /** By how much a clock may run fast or slow, where that decides anything. */
  readonly driftRatio: number | undefined;
}

/** Long enough for the time-outs that a fault causes, so that calls meet what comes after them. */
const timeOutsMs = 4_000;

/**
 * The faults of one schedule of a generated workload: none to three, while its calls are under way. Whoever wrote no
 * scenario has no windows in mind either: a fault that comes after the last call would prove nothing.
 */
export function drawOverlapping(regions: readonly Region[], exposure: Exposure, random: Prng): readonly Fault[] {
  if (!exposure.replicates) return [];
  const names = regions.map(({ name }) => name);
  const drawings = [...everywhere.filter((drawing) => isOfUse(drawing, exposure)), ...special(exposure)];
  const faults: Fault[] = [];
  let stopped = 0;
  for (let left = random.pick(counts); left > 0; left--) {
    const possible = possibleOf(drawings, names, stopped);
    if (possible.length === 0) break;
    const drawing = pickByWeight(possible, random);
    if (drawing.stops === true) stopped++;
    faults.push(drawing.draw(names, random, windowWithin(exposure.spanMs, random)));
  }
  return faults;
}

/** Concurrency alone breaks much, and most of the rest takes one fault. */
const counts: readonly number[] = [0, 1, 1, 1, 1, 2, 2, 3];

function isOfUse({ needs }: Drawing, { hasLeader, isDurable }: Exposure): boolean {
  return needs === undefined || (needs === "leader" ? hasLeader : isDurable);
}

/** What depends on a mechanism's own fault model, within which it has to keep its claim. */
function special({ skewMs, driftRatio, mayPromote }: Exposure): readonly Drawing[] {
  const drawings: Drawing[] = [];
  // One clock at a time, so that two of them do not add up to more than is reckoned with.
  if (skewMs !== undefined)
    drawings.push({
      weight: 3,
      regions: 1,
      draw: (names, random) => clockSkew(random.pick(names), signed(offsetWithin(skewMs, random), random)),
    });
  if (driftRatio !== undefined)
    drawings.push({
      weight: 3,
      regions: 1,
      // Two clocks that drift apart gain both together.
      draw: (names, random) =>
        clockDrift(random.pick(names), signed((driftRatio * (1 + random.below(5))) / 10, random)),
    });
  if (mayPromote)
    drawings.push({
      weight: 4,
      regions: 2,
      draw: (names, random, { fromMs = 0 }) => promote(random.pick(names), { fromMs }),
    });
  return drawings;
}

/** Half of them at the bound itself, where a mechanism that reckons wrong by a little is off. */
const offsetWithin = (skewMs: number, random: Prng): number =>
  random.chance(1, 2) ? skewMs : 1 + random.below(Math.ceil(skewMs));

const signed = (value: number, random: Prng): number => (random.chance(1, 2) ? value : -value);

/** No round trip fits in less. */
const shortestMs = 200;

/** A third from the start, a third that end while calls still come; the others last as long as their time-outs. */
function windowWithin(spanMs: number, random: Prng): FaultWindow {
  const fromMs = random.chance(1, 3) ? 0 : random.below(Math.ceil(spanMs * 0.8));
  const longestMs = random.chance(1, 3) ? spanMs : spanMs + timeOutsMs;
  return { fromMs, untilMs: fromMs + shortestMs + random.below(Math.ceil(longestMs)) };
}
