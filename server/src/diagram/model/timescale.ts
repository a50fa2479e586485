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
  const gaps = instants.slice(1).map((instant, index) => instant - (instants[index] as number));
  const least = Math.min(leastGap, (0.6 * width) / gaps.length);
  const most = width * Math.max(foldedPart, 1.5 / gaps.length);
  const clamp = (pixels: number): number => Math.min(Math.max(pixels, least), most);
  const factor = factorFor(gaps, width, clamp);
  const range = [0];
  const folds: Fold[] = [];
  for (const [index, gap] of gaps.entries()) {
    const linearWidth = gap * factor;
    range.push((range.at(-1) as number) + clamp(linearWidth));
    if (linearWidth > most * 1.5)
      folds.push({ startUs: instants[index] as number, endUs: instants[index + 1] as number });
  }
  return { x: scaleLinear([...instants], range).clamp(true), folds, width: range.at(-1) as number };
}

function linear(first: number, last: number, width: number): ScaleLinear<number, number> {
  return scaleLinear([first, Math.max(last, first + 1)], [0, width]).clamp(true);
}

/** Pixels a microsecond for which all gaps together fill the width: found by halving, as what is cut depends on it. */
function factorFor(gaps: readonly number[], width: number, clamp: (pixels: number) => number): number {
  const total = (factor: number): number => gaps.reduce((sum, gap) => sum + clamp(gap * factor), 0);
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (total(middle) > width) high = middle;
    else low = middle;
  }
  return high;
}
