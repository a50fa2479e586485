import { naturalLogarithm } from "./numeric.js";

const uint32 = 2 ** 32;

/**
 * A seeded generator (xoshiro128**, Blackman and Vigna, Scrambled Linear Pseudorandom Number Generators, 2018). One for
 * each concern, forked by name, so that drawing more for one concern does not change what another one draws.
 */
export class Prng {
  private constructor(
    private a: number,
    private b: number,
    private c: number,
    private d: number,
  ) {}

  static seeded(seed: number, concern: string): Prng {
    let state = hash(`${concern}:${seed}`);
    // splitmix32: fills the state from one word, so that neighbouring seeds give unrelated streams
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) | 0;
    };
    return new Prng(next(), next(), next(), next() | 1);
  }

  fork(concern: string): Prng {
    return Prng.seeded(this.next(), concern);
  }

  /** Another one that goes on from here as this one does. */
  clone(): Prng {
    return new Prng(this.a, this.b, this.c, this.d);
  }

  /** A uniform unsigned 32-bit integer. */
  next(): number {
    const scrambled = Math.imul(this.b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** A uniform integer in [0, bound); `bound` is at most 2^32. */
  below(bound: number): number {
    return Math.floor((this.next() / uint32) * bound);
  }

  /** True with probability `numerator / denominator`. */
  chance(numerator: number, denominator: number): boolean {
    return this.below(denominator) < numerator;
  }

  /** A uniform number in [0, 1) with 53 bits, as `Math.random` gives. */
  fraction(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53;
  }

  /** An exponentially distributed integer with this mean. */
  exponential(mean: number): number {
    return Math.floor(-mean * naturalLogarithm((this.next() + 1) / uint32));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return item as T;
  }
}

/** FNV-1a over UTF-16 code units, finished with an avalanche so that similar texts differ in all bits. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
