import { describe, expect, it } from "vitest";
import { distanceKm, findRegion, latencyFloorUs, type Region, regions } from "./regions.js";

const place = (name: string) => findRegion(name) as Region;

describe("regions", () => {
  it("lie as far apart as an atlas says", () => {
    expect(distanceKm(place("nyc"), place("london"))).toBeCloseTo(5570, -1);
    expect(distanceKm(place("london"), place("tokyo"))).toBeCloseTo(9559, -1);
    expect(distanceKm(place("nyc"), place("tokyo"))).toBeCloseTo(10_850, -2);
    expect(distanceKm(place("sydney"), place("sydney"))).toBe(0);
  });

  it("are half a round trip in fibre apart", () => {
    expect(Math.round((2 * latencyFloorUs(place("nyc"), place("london"))) / 1000)).toBe(56);
    expect(Math.round((2 * latencyFloorUs(place("london"), place("tokyo"))) / 1000)).toBe(96);
  });

  it("obey the triangle inequality, and no two have one name", () => {
    for (const a of regions)
      for (const b of regions)
        for (const c of regions)
          expect(distanceKm(a, c)).toBeLessThanOrEqual(distanceKm(a, b) + distanceKm(b, c) + 1e-6);
    expect(new Set(regions.map((region) => region.name)).size).toBe(regions.length);
  });
});
