import fc from "fast-check";
import {
  cellArea,
  cellToLatLng,
  getHexagonEdgeLengthAvg,
  getResolution,
  greatCircleDistance,
  gridDisk,
  latLngToCell,
} from "h3-js";
import { expect, test } from "vitest";
import { hexagons, largestStep, leastSurge, manhattan, mostSurge, smoothed, wantedSurge } from "./hexagons.js";

const grandCentral = [40.7527, -73.9772] as const;

test("the hexagons are those that H3 gives", () => {
  expect(latLngToCell(...grandCentral, 7)).toBe(manhattan);
  expect(gridDisk(manhattan, 1)).toEqual(hexagons);
  expect(getResolution(manhattan)).toBe(7);
});

test("a hexagon of resolution 7 has an area of 5 km², not a width of 5 km", () => {
  expect(cellArea(manhattan, "km2")).toBeCloseTo(5.2, 1);
  expect(getHexagonEdgeLengthAvg(7, "km")).toBeCloseTo(1.41, 2);
  for (const neighbour of hexagons.slice(1)) {
    const apartKm = greatCircleDistance(cellToLatLng(manhattan), cellToLatLng(neighbour), "km");
    expect(apartKm).toBeGreaterThan(2.2);
    expect(apartKm).toBeLessThan(2.7);
  }
});

test("an update moves the surge by one step at most, towards what is wanted, and stays there", () => {
  const surges = fc.integer({ min: 100, max: 500 }).map((hundredths) => hundredths / 100);
  fc.assert(
    fc.property(surges, fc.nat(100), fc.nat(100), (current, requests, drivers) => {
      const wanted = wantedSurge(requests, drivers);
      const next = smoothed(current, wanted);
      expect(Math.abs(next - current)).toBeLessThanOrEqual(largestStep + 0.006);
      expect(next).toBeGreaterThanOrEqual(leastSurge);
      expect(next).toBeLessThanOrEqual(mostSurge);
      let settled = current;
      for (let update = 0; update < 41; update++) settled = smoothed(settled, wanted);
      expect(settled).toBeCloseTo(wanted, 1);
      expect(smoothed(settled, wanted)).toBe(settled);
    }),
  );
});
