import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arcsine, cosine, naturalLogarithm, sine } from "./numeric.js";
import { Prng } from "./prng.js";

const take = (prng: Prng, count: number) => Array.from({ length: count }, () => prng.next());

describe("the generator", () => {
  it("gives these numbers on every machine", () => {
    expect(take(Prng.seeded(1, "network"), 4)).toMatchInlineSnapshot(`
      [
        332017375,
        402862383,
        3879929879,
        3526914228,
      ]
    `);
  });

  it("gives each concern a stream of its own", () => {
    const streams = ["network", "nemesis", "workload"].map((concern) => take(Prng.seeded(7, concern), 8).join());
    expect(new Set(streams).size).toBe(3);
    const parent = Prng.seeded(7, "network");
    const fork = parent.fork("delay");
    take(fork, 100);
    const same = Prng.seeded(7, "network");
    same.fork("delay");
    expect(parent.next()).toBe(same.next());
  });

  it("stays within its bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 31 }), (seed, bound) => {
        const prng = Prng.seeded(seed, "bounds");
        const drawn = prng.below(bound);
        const fraction = prng.fraction();
        return Number.isInteger(drawn) && drawn >= 0 && drawn < bound && fraction >= 0 && fraction < 1;
      }),
    );
  });

  it("draws exponential delays of the asked mean", () => {
    const prng = Prng.seeded(3, "exponential");
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += prng.exponential(1000);
    expect(sum / 20_000).toBeGreaterThan(960);
    expect(sum / 20_000).toBeLessThan(1040);
  });
});

describe("elementary functions", () => {
  it("agree with the engine's to twelve digits", () => {
    for (let i = -60; i <= 60; i++) {
      const x = i / 10;
      expect(sine(x)).toBeCloseTo(Math.sin(x), 12);
      expect(cosine(x)).toBeCloseTo(Math.cos(x), 11);
      expect(arcsine(x / 6)).toBeCloseTo(Math.asin(x / 6), 12);
      if (i > 0) expect(naturalLogarithm(x)).toBeCloseTo(Math.log(x), 12);
    }
    expect(naturalLogarithm(1e-9)).toBeCloseTo(Math.log(1e-9), 11);
  });
});
