import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timescale } from "./timescale.js";

const instants = fc
  .uniqueArray(fc.integer({ min: 0, max: 60_000_000 }), { minLength: 2, maxLength: 200 })
  .map((times) => times.sort((a, b) => a - b));

describe("folded time", () => {
  it("keeps the order of everything that happens, and fills the width", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 300, max: 3_000 }), (times, width) => {
        const { x } = timescale({ instants: times, width, isFolded: true });
        const places = times.map((us) => x(us));
        expect(places.every((place, index) => index === 0 || place > (places[index - 1] as number))).toBe(true);
        expect(places[0]).toBe(0);
        expect(places.at(-1)).toBeLessThanOrEqual(width * 1.0001);
      }),
    );
  });

  it("finds the time of every place again", () => {
    fc.assert(
      fc.property(instants, fc.boolean(), (times, isFolded) => {
        const { x } = timescale({ instants: times, width: 1_000, isFolded });
        for (const us of times) expect(Math.abs(x.invert(x(us)) - us)).toBeLessThan(1);
      }),
    );
  });

  it("folds what is long beside the rest, and nothing of an even course", () => {
    const even = Array.from({ length: 20 }, (_, index) => index * 1_000);
    expect(timescale({ instants: even, width: 800, isFolded: true }).folds).toEqual([]);
    const late = timescale({ instants: [...even, 9_000_000], width: 800, isFolded: true });
    expect(late.folds).toEqual([{ startUs: 19_000, endUs: 9_000_000 }]);
  });
});
