import { type ScaleLinear, scaleLinear } from "d3-scale";

/** A stretch in which nothing happens, drawn shorter than it was. */
export interface Fold {
  readonly startUs: number;
  readonly endUs: number;
}

export interface Timescale {
  /** From microseconds to pixels before zooming. */
  readonly x: ScaleLinear<number, number>;
  readonly folds: readonly Fold[];
  readonly width: number;
}

interface TimescaleOptions {
  /** When something begins or ends: sorted, without repetitions. */
  readonly instants: readonly number[];
  /** Pixels to fill. */
  readonly width: number;
  readonly isFolded: boolean;
}

/** Pixels between two instants, so that what follows at once can still be told apart. */
const leastGap = 18;
/** A pause that would take more than this part of the width is folded, unless there is little else. */
const foldedPart = 0.19;

/**
 * Virtual time along the page. Unfolded it is linear. Folded, it is linear where things happen; pauses are cut to a
 * fixed length, and instants that nearly coincide are set apart, for as long as there is room.
 */
export function timescale({ instants, width, isFolded }: TimescaleOptions): Timescale {
  const [first = 0] = instants;
  const last = instants.at(-1) ?? first;
  if (instants.length < 2 || !isFolded) return { x: linear(first, last, width), folds: [], width };
  const stops = instants.length <= mostStops ? instants : endsOfPauses(instants);
  const gaps = stops.slice(1).map((stop, index) => stop - (stops[index] as number));
  const least = Math.min(leastGap, (0.6 * width) / gaps.length);
  const most = width * Math.max(foldedPart, 1.5 / gaps.length);
  // Between two ends of pauses something goes on all the time.
  const isPause = (index: number): boolean => stops === instants || isLong(gaps[index] as number, instants);
  const clamp = (pixels: number, index: number): number =>
    Math.min(Math.max(pixels, least), isPause(index) ? most : Number.POSITIVE_INFINITY);
  const factor = factorFor(gaps, width, clamp);
  const range = [0];
  const folds: Fold[] = [];
  for (const [index, gap] of gaps.entries()) {
    const linearWidth = gap * factor;
    range.push((range.at(-1) as number) + clamp(linearWidth, index));
    if (linearWidth > most * 1.5 && isPause(index))
      folds.push({ startUs: stops[index] as number, endUs: stops[index + 1] as number });
  }
  return { x: scaleLinear([...stops], range).clamp(true), folds, width: range.at(-1) as number };
}

/** With more instants than these, only long pauses bend the axis. */
const mostStops = 2_000;

function endsOfPauses(instants: readonly number[]): readonly number[] {
  const last = instants.length - 1;
  return instants.filter((instant, index) => {
    const before = instant - (instants[index - 1] ?? instant);
    const after = (instants[index + 1] ?? instant) - instant;
    return index === 0 || index === last || isLong(before, instants) || isLong(after, instants);
  });
}

/** A fiftieth of the whole is a pause. */
function isLong(gap: number, instants: readonly number[]): boolean {
  return gap * 50 > (instants.at(-1) ?? 0) - (instants[0] ?? 0);
}

function linear(first: number, last: number, width: number): ScaleLinear<number, number> {
  return scaleLinear([first, Math.max(last, first + 1)], [0, width]).clamp(true);
}

/** Pixels a microsecond for which all gaps together fill the width: found by halving, as what is cut depends on it. */
function factorFor(gaps: readonly number[], width: number, clamp: (pixels: number, index: number) => number): number {
  const total = (factor: number): number => gaps.reduce((sum, gap, index) => sum + clamp(gap * factor, index), 0);
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (total(middle) > width) high = middle;
    else low = middle;
  }
  return high;
}
