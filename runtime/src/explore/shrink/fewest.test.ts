import { array, assert, asyncProperty, double, integer, property, subarray, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import { fewest, fewestOfAll, first } from "./fewest.js";
import { isSimpler, rounded, simplerNumbers } from "./round-numbers.js";

const items = Array.from({ length: 12 }, (_, index) => index);
const isIn = (needed: readonly number[], kept: readonly number[]) => needed.every((each) => kept.includes(each));

describe("the fewest that suffice", () => {
  it("are those that are needed, where more never hurts", async () => {
    await assert(
      asyncProperty(subarray(items), async (needed) => {
        expect(await fewest(items, async (kept) => isIn(needed, kept))).toEqual(needed);
      }),
    );
  });

  it("cannot do without any of them, whatever suffices", async () => {
    const choices = uniqueArray(subarray(items, { minLength: 1 }), { minLength: 1, maxLength: 5 });
    await assert(
      asyncProperty(choices, array(integer({ min: 0, max: 4095 })), async (causes, exceptions) => {
        // Some that hold a cause do not suffice all the same.
        const numberOf = (kept: readonly number[]) => kept.reduce((sum, each) => sum + 2 ** each, 0);
        const suffices = async (kept: readonly number[]) =>
          causes.some((cause) => isIn(cause, kept)) &&
          (kept.length === items.length || !exceptions.includes(numberOf(kept)));
        const kept = await fewest(items, suffices);
        expect(await suffices(kept)).toBe(true);
        for (const each of kept) expect(await suffices(kept.filter((other) => other !== each))).toBe(false);
      }),
    );
  });

  it("of a few are the smallest choice of all", async () => {
    const some = items.slice(0, 6);
    await assert(
      asyncProperty(uniqueArray(subarray(some, { minLength: 1 }), { minLength: 1 }), async (causes) => {
        const kept = await fewestOfAll(some, async (choice) => causes.some((cause) => isIn(cause, choice)));
        expect(kept).toHaveLength(Math.min(...causes.map(({ length }) => length)));
      }),
    );
  });
});

describe("the first of a list", () => {
  it("is found where all after it are alike", async () => {
    await assert(
      asyncProperty(integer({ min: 0, max: 12 }), async (from) => {
        expect(await first(items, async (item) => item >= from)).toBe(from < 12 ? from : undefined);
      }),
    );
  });
});

describe("numbers that are easier to read", () => {
  it("are smaller, or have fewer digits: nobody comes back to where he was", () => {
    const values = double({ min: 0, max: 100_000, noNaN: true }).map((value) => Math.round(value * 1000) / 1000);
    assert(
      property(values, (value) => {
        for (const simpler of [...simplerNumbers(value), ...rounded(value)]) {
          expect(isSimpler(simpler, value)).toBe(true);
          expect(isSimpler(value, simpler)).toBe(false);
        }
        expect(simplerNumbers(value).every((simpler) => simpler < value)).toBe(true);
        expect(rounded(value).every((up) => up >= value)).toBe(true);
      }),
    );
    expect(rounded(1379)).toEqual([2000, 1500, 1400, 1400, 1380]);
    expect(simplerNumbers(60, 3)).toEqual([3, 5, 10, 20, 30, 50]);
  });
});
