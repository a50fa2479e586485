import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { levels } from "../../levels.js";
import { fibreKmPerSecond, latencyFloorUs } from "../../simulation/network/regions.js";
import {
  cloudRegions,
  documentDistances,
  documentNewYorkTokyoMs,
  documentTerms,
  fibreOnly,
  latencyFloor,
  latencyOver,
  majorityOf,
  operationFloor,
  placeOf,
  quorumTrip,
  regions,
  vacuumOnly,
} from "./index.js";

const place = fc.record({
  name: fc.constantFrom("a", "b", "c"),
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});
const span = fc
  .tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }))
  .map(([leastMs, more]) => ({ leastMs, mostMs: leastMs + more }));
const terms = fc.record({
  source: fc.constant("a test"),
  fibreFactor: fc.double({ min: 1, max: 3, noNaN: true }),
  routing: span,
  switching: span,
  handshakes: fc.integer({ min: 0, max: 4 }),
  processing: span,
});

describe("a floor", () => {
  it("is the same both ways, and never below vacuum", () => {
    fc.assert(
      fc.property(place, place, terms, (a, b, given) => {
        const [there, back] = [latencyFloor(a, b, given), latencyFloor(b, a, given)];
        expect(there.roundTripMs).toBeCloseTo(back.roundTripMs, 6);
        expect(there.roundTripMs).toBeGreaterThanOrEqual(there.vacuumRoundTripMs - 1e-9);
        expect(there.mostMs).toBeGreaterThanOrEqual(there.roundTripMs);
      }),
    );
  });

  it("grows with the distance and with every term, and is nothing for nothing", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20_000, noNaN: true }), terms, (km, given) => {
        const base = latencyOver(km, given).roundTripMs;
        expect(latencyOver(km + 1, given).roundTripMs).toBeGreaterThan(base);
        expect(latencyOver(km, { ...given, handshakes: given.handshakes + 1 }).roundTripMs).toBeGreaterThanOrEqual(
          base,
        );
        const { leastMs, mostMs } = given.routing;
        const slower = { ...given, routing: { leastMs: leastMs + 1, mostMs: mostMs + 1 } };
        expect(latencyOver(km, slower).roundTripMs).toBeGreaterThan(base);
        expect(base).toBeGreaterThanOrEqual(
          latencyOver(km, { ...fibreOnly, fibreFactor: given.fibreFactor }).roundTripMs,
        );
      }),
    );
    for (const region of regions) expect(latencyFloor(region, region.name).roundTripMs).toBe(0);
  });

  it("is never more by the straight way than over a third place", () => {
    for (const a of regions)
      for (const b of regions)
        for (const c of regions) {
          const direct = latencyFloor(a, c).roundTripMs;
          expect(direct).toBeLessThanOrEqual(latencyFloor(a, b).roundTripMs + latencyFloor(b, c).roundTripMs + 1e-6);
        }
  });

  it("is what the simulated network is built on", () => {
    for (const a of regions)
      for (const b of regions)
        expect(Math.abs(latencyFloor(a, b).oneWayMs - latencyFloorUs(a, b) / 1_000)).toBeLessThanOrEqual(0.0005);
  });

  it("is the sum of its steps, which say how they were reckoned", () => {
    fc.assert(
      fc.property(place, place, terms, (a, b, given) => {
        const { steps, roundTripMs, mostMs, arithmetic } = latencyFloor(a, b, given);
        expect(steps.reduce((sum, step) => sum + step.leastMs, 0)).toBeCloseTo(roundTripMs, 9);
        expect(steps.reduce((sum, step) => sum + step.mostMs, 0)).toBeCloseTo(mostMs, 9);
        for (const step of steps) expect(arithmetic).toContain(step.arithmetic);
      }),
    );
    expect(latencyFloor("london", "tokyo").arithmetic).toBe("2 × 9,559 km ÷ 199,861 km/s (light in fibre) = 95.7 ms");
    expect(latencyFloor("nyc", "tokyo", { ...documentTerms, handshakes: 2 }).arithmetic).toBe(
      "2 × 10,852 km ÷ 199,861 km/s (light in fibre) = 109 ms + routing 5–50 ms + switching 0.1–1 ms + " +
        "2 handshakes 227–319 ms + processing 1–100 ms: together 342–579 ms",
    );
  });

  it("refuses places that are not known, and terms that cannot be", () => {
    expect(() => latencyFloor("atlantis", "tokyo")).toThrow(
      /There is no region "atlantis". Name one of nyc, london, tokyo/,
    );
    expect(() => latencyOver(-1)).toThrow(/-1 km: give 0 or more/);
    expect(() => latencyOver(Number.NaN)).toThrow(RangeError);
    expect(() => latencyOver(1, { ...fibreOnly, fibreFactor: 0.9 })).toThrow(/nothing is faster than light in vacuum/);
    expect(() => latencyOver(1, { ...fibreOnly, handshakes: 1.5 })).toThrow(/whole number of round trips/);
    expect(() => latencyOver(1, { ...fibreOnly, routing: { leastMs: 2, mostMs: 1 } })).toThrow(
      /routing is from 2 to 1/,
    );
  });
});

describe("what clouds call their regions", () => {
  it("are places, each under its own name", () => {
    for (const [name, city] of cloudRegions) {
      expect(placeOf(name)).toEqual({ ...city, name });
      expect(regions.map((region) => region.name)).not.toContain(name);
      expect(Math.abs(city.latitude)).toBeLessThan(70);
      expect(Math.abs(city.longitude)).toBeLessThan(180);
    }
  });

  it("have those that people use most, also where they are in no large city", () => {
    const [aws, google, azure] = [
      ["us-east-1", "eu-west-1"],
      ["us-central1", "europe-west4"],
      ["eastus2", "westeurope"],
    ];
    for (const [america, europe] of [aws, google, azure] as [string, string][]) {
      // The Atlantic and what is inland on both sides: from Virginia to Dublin, and from Iowa to the Netherlands.
      expect(latencyFloor(america, europe).distanceKm).toBeGreaterThan(5_400);
      expect(latencyFloor(america, europe).distanceKm).toBeLessThan(7_200);
    }
    expect(() => latencyFloor("us-central-1", "nyc")).toThrow(
      "what a cloud calls it (us-east-1, europe-west4, eastus2 …), or give your own { name, latitude, longitude }.",
    );
  });

  it("are as far apart as their cities", () => {
    const { from, to, roundTripMs } = latencyFloor("us-east-1", "asia-northeast1");
    expect({ from, to, roundTripMs }).toEqual({
      from: "us-east-1",
      to: "asia-northeast1",
      roundTripMs: latencyFloor("virginia", "tokyo").roundTripMs,
    });
  });
});

describe("the document's figures", () => {
  it.each(documentDistances)(
    "$name: right for one way in vacuum, half as much again in fibre",
    ({ km, documentMs }) => {
      const { oneWayMs } = latencyOver(km, vacuumOnly);
      expect(Number(oneWayMs.toPrecision(1))).toBe(Number(documentMs.toPrecision(1)));
      expect(latencyOver(km).oneWayMs).toBeCloseTo(1.5 * oneWayMs, 9);
      expect(latencyOver(km).roundTripMs).toBeCloseTo(3 * oneWayMs, 9);
    },
  );

  it("New York to Tokyo and back is no 80 ms: 72.4 in vacuum, 109 in fibre", () => {
    const { distanceKm, vacuumRoundTripMs, roundTripMs } = latencyFloor("nyc", "tokyo");
    expect(Math.round(distanceKm)).toBe(10_852);
    expect(vacuumRoundTripMs.toFixed(1)).toBe("72.4");
    expect(roundTripMs.toFixed(1)).toBe("108.6");
    expect(vacuumRoundTripMs).toBeLessThan(documentNewYorkTokyoMs);
    expect(roundTripMs).toBeGreaterThan(documentNewYorkTokyoMs);
  });

  it("with what it adds on top, the same takes 228 ms at least, over a new connection", () => {
    const { roundTripMs, mostMs } = latencyFloor("nyc", "tokyo", documentTerms);
    expect([Math.round(roundTripMs), Math.round(mostMs)]).toEqual([228, 419]);
    expect(Math.floor(fibreKmPerSecond)).toBe(199_861);
  });
});

describe("an operation", () => {
  const world = ["nyc", "london", "tokyo"];
  const floor = (level: (typeof levels)[number], access: "read" | "write", from: string) =>
    Math.round(operationFloor({ level, access, from, regions: world }).ms);

  it("waits for what its level asks for", () => {
    expect(levels.map((level) => floor(level, "write", "nyc"))).toEqual([0, 0, 0, 56, 56]);
    expect(levels.map((level) => floor(level, "read", "nyc"))).toEqual([0, 0, 0, 0, 56]);
    expect(world.map((from) => floor("linearizable", "write", from))).toEqual([56, 56, 96]);
    expect(operationFloor({ level: "linearizable", access: "write", from: "tokyo", regions: world })).toEqual({
      to: "london",
      ms: expect.closeTo(95.66, 1),
      mostMs: expect.closeTo(95.66, 1),
      arithmetic:
        "2 of 3 replicas, of which the last, london, is 9,559 km from tokyo: " +
        "2 × 9,559 km ÷ 199,861 km/s (light in fibre) = 95.7 ms",
    });
  });

  it("goes to the nearest replica from where there is none", () => {
    const read = operationFloor({ level: "causal", access: "read", from: "paris", regions: world });
    expect(read).toMatchObject({ to: "london", ms: expect.closeTo(3.44, 1) });
    expect(read.arithmetic).toContain("the nearest of 3 replicas, london, is 344 km from paris: 2 × 344 km ÷");
    expect(operationFloor({ level: "linearizable", access: "read", from: "paris", regions: world }).to).toBe("nyc");
  });

  it("is refused without a replica, without a level, and from nowhere on Earth", () => {
    const request = { level: "causal", access: "read", from: "paris", regions: world } as const;
    expect(() => operationFloor({ ...request, regions: [] })).toThrow("There is no region with a replica: name one");
    expect(() => operationFloor({ ...request, level: "strong" as never })).toThrow('There is no level "strong".');
    expect(() => operationFloor({ ...request, from: { name: "home", latitude: 91, longitude: 0 } })).toThrow(
      "home is at latitude 91, longitude 0: give degrees",
    );
  });

  it("waits for nobody where there is nobody else", () => {
    expect(operationFloor({ level: "linearizable", access: "write", from: "nyc", regions: ["nyc"] }).ms).toBe(0);
  });

  it("never waits longer at a weaker level, and reads never longer than writes", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...regions], { minLength: 1, maxLength: 7 }), (places) => {
        const [from] = places;
        if (from === undefined) return;
        const ms = (level: (typeof levels)[number], access: "read" | "write") =>
          operationFloor({ level, access, from, regions: places }).ms;
        levels.forEach((level, index) => {
          const weaker = levels[index - 1];
          expect(ms(level, "read")).toBeLessThanOrEqual(ms(level, "write"));
          if (weaker !== undefined) expect(ms(weaker, "write")).toBeLessThanOrEqual(ms(level, "write"));
        });
      }),
    );
  });

  it("a quorum is the nearest that are enough, counted by hand", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...regions], { minLength: 1, maxLength: 7 }), (places) => {
        const from = places[0] ?? placeOf("nyc");
        const needed = majorityOf(places.length);
        const trip = quorumTrip({ from, regions: places, replicas: places.length, needed });
        const within = places.filter((each) => latencyFloor(from, each).roundTripMs <= (trip?.ms ?? -1) + 1e-9);
        expect(within.length).toBeGreaterThanOrEqual(needed);
        const nearer = places.filter((each) => latencyFloor(from, each).roundTripMs < (trip?.ms ?? 0) - 1e-9);
        expect(nearer.length).toBeLessThan(needed);
      }),
    );
    expect(quorumTrip({ from: placeOf("nyc"), regions: [placeOf("nyc")], replicas: 1, needed: 2 })).toBeUndefined();
  });
});
