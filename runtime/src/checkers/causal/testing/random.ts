/** Mulberry32: a small generator of integers below a bound is all that random histories take. */
export function randomness(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) % 65_536) % below;
  };
}

export type Random = (below: number) => number;

export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;
