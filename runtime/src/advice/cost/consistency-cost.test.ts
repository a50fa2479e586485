import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { levels } from "../../levels.js";
import { availabilityOf, costOf, costsOf, documentAvailability, documentCosts, documentPrices } from "./index.js";

describe("the document's example: 1,000 operations a second, global, 99.9 %", () => {
  const costs = costsOf({ operationsPerSecond: 1_000, distribution: "global", availability: 0.999 });

  it("costs what the prices in its comments come to, and not a thousand times as much", () => {
    expect(costs.map(({ usdPerMonth }) => usdPerMonth)).toEqual([25.92, 129.6, 518.4, 1_296, 5_184]);
    const documentFactors = [0.00001, 0.00005, 0.0002, 0.0005, 0.002];
    costs.forEach(({ usdPerMonth }, index) => {
      const printed = 1_000 * (documentFactors[index] ?? 0) * 2_592_000;
      expect(printed / usdPerMonth).toBeCloseTo(1_000, 6);
    });
    expect(costs.at(-1)?.arithmetic).toBe("1,000 a second × 2,592,000 s × $2.00 for a million = $5,184 a month");
  });

  it("nor what its decision matrix says: $20K, $5K and $1K for 1,000 updates a second", () => {
    const rounded = (level: "linearizable" | "causal" | "eventual") =>
      Math.round(costOf(level, { operationsPerSecond: 1_000 }).usdPerMonth);
    expect([rounded("linearizable"), rounded("causal"), rounded("eventual")]).toEqual([5_184, 518, 130]);
  });

  it("takes as long as it says, but for causal, which is local", () => {
    expect(costs.map(({ latencyMs }) => latencyMs)).toEqual([1, 5, 5, 300, 450]);
    expect(costs.map(({ complexity }) => complexity)).toEqual(["low", "medium", "high", "very high", "extreme"]);
  });

  it("is available enough up to causal", () => {
    expect(costs.map(({ isAvailableEnough }) => isAvailableEnough)).toEqual([true, true, true, false, false]);
  });
});

describe("availability", () => {
  it("comes to the document's 99.9 % for eventual and 99 % for linearizable", () => {
    expect(availabilityOf("eventual", 3)).toEqual({ reads: 0.999, writes: 0.999 });
    const { reads, writes } = availabilityOf("linearizable", 3);
    expect([reads.toFixed(3), writes.toFixed(3)]).toEqual(["0.990", "0.990"]);
    const sequential = availabilityOf("sequential", 3);
    expect([sequential.reads, sequential.writes]).toEqual([0.999, writes]);
  });

  it("is never less at a weaker level, so causal is not above eventual", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), share, share, (replicas, replica, cutOff) => {
        const model = { source: "a test", replica, cutOff };
        levels.forEach((level, index) => {
          const weaker = availabilityOf(levels[Math.max(0, index - 1)] ?? level, replicas, model);
          const { reads, writes } = availabilityOf(level, replicas, model);
          expect(weaker.reads).toBeGreaterThanOrEqual(reads);
          expect(weaker.writes).toBeGreaterThanOrEqual(writes);
          expect(reads).toBeGreaterThanOrEqual(writes);
          expect(reads).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it("counts majorities as brute force does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0, max: 1, noNaN: true }), (replicas, replica) => {
        let expected = 0;
        for (let up = 0; up < 2 ** replicas; up++) {
          const isUp = Array.from({ length: replicas }, (_, index) => ((up >> index) & 1) === 1);
          if (isUp[0] !== true || 2 * isUp.filter(Boolean).length <= replicas) continue;
          expected += isUp.reduce((product, each) => product * (each ? replica : 1 - replica), 1);
        }
        const { writes } = availabilityOf("linearizable", replicas, { source: "a test", replica, cutOff: 0 });
        expect(writes).toBeCloseTo(expected, 9);
      }),
    );
  });
});

describe("a model of one's own", () => {
  it("may have other prices, latencies, availabilities and months", () => {
    const prices = {
      source: "our bill",
      centsPerMillionOperations: { ...documentPrices.centsPerMillionOperations, causal: 7 },
    };
    const model = {
      ...documentCosts,
      prices,
      availability: { ...documentAvailability, replica: 0.9 },
      baseLatencyMs: { ...documentCosts.baseLatencyMs, global: 200 },
      secondsPerMonth: 1_000_000,
    };
    const request = { operationsPerSecond: 1, distribution: "global", model } as const;
    const { usdPerMonth, source, availability } = costOf("causal", request);
    expect({ usdPerMonth, source, availability }).toEqual({
      usdPerMonth: 0.07,
      source: "our bill",
      availability: { reads: 0.9, writes: 0.9 },
    });
    expect(costOf("linearizable", request).latencyMs).toBe(600);
    expect(costOf("causal", request).isAvailableEnough).toBeUndefined();
  });

  it("costs in proportion to the rate, and never less at a stronger level", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (operationsPerSecond) => {
        const once = costsOf({ operationsPerSecond });
        const twice = costsOf({ operationsPerSecond: 2 * operationsPerSecond });
        once.forEach((cost, index) => {
          expect(twice[index]?.usdPerMonth).toBeCloseTo(2 * cost.usdPerMonth, 6);
          expect(cost.usdPerMonth).toBeGreaterThanOrEqual(once[index - 1]?.usdPerMonth ?? 0);
        });
      }),
    );
  });

  it("refuses what cannot be", () => {
    expect(() => costOf("causal", { operationsPerSecond: -1 })).toThrow(/-1 operations a second: give 0 or more/);
    expect(() => costOf("causal", { operationsPerSecond: 1, availability: 99.9 })).toThrow(
      /between 0 and 1, such as 0.999/,
    );
    const distribution = "galactic" as "global";
    expect(() => costOf("causal", { operationsPerSecond: 1, distribution })).toThrow(
      /no latency for "galactic": give one of single-datacenter, multi-region, global/,
    );
    expect(() => availabilityOf("causal", 0)).toThrow(/0 replicas: give a whole number/);
    expect(() => availabilityOf("causal", 3, { ...documentAvailability, cutOff: 2 })).toThrow(/cutOff is 2/);
  });
});
