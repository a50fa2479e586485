import { describe, expect, it } from "vitest";
import { findRegion, type Region } from "../simulation/network/regions.js";
import { Prng } from "../simulation/prng.js";
import { World } from "../simulation/world.js";
import { bindFault, clockSkew, drawFaults, type Fault, type FaultWindow, isolate, loss, partition } from "./index.js";

const regions = ["nyc", "london", "tokyo"].map((name) => findRegion(name) as Region);
const world = () => new World({ seed: 1, regions });

describe("faults", () => {
  it("are plain data that survives JSON", () => {
    const faults = [
      partition([["nyc"], ["london"]], { fromMs: 100, untilMs: 200 }),
      clockSkew("tokyo", -40),
      loss(0.25),
    ];
    expect(JSON.parse(JSON.stringify(faults))).toEqual(faults);
  });

  it("say what is wrong with them", () => {
    expect(() => partition([["nyc"]])).toThrow(/at least two lists of regions/);
    expect(() => partition([["nyc"], ["nyc", "london"]])).toThrow(/"nyc" stands in two groups/);
    expect(() => isolate("nyc", { fromMs: 200, untilMs: 100 })).toThrow(
      /untilMs is 100; it has to be a time in ms, later than fromMs \(200\)/,
    );
    expect(() => isolate("nyc", { fromMs: 0, downMs: 50 } as FaultWindow)).toThrow(
      'isolate: there is no "downMs" in a fault\'s window. It has fromMs and untilMs.',
    );
    expect(() => loss(7)).toThrow(/from 0 to 1/);
    expect(() => bindFault(isolate("nyk"), world())).toThrow(/no region "nyk" here: nyc, london, tokyo/);
    expect(() => bindFault({ fault: "crash", region: "nyc", atMs: 5, fromMs: 0 }, world())).toThrow(
      /crash: there is no "atMs" in such a fault\. It has fromMs, untilMs, region\./,
    );
    expect(() => bindFault({ fault: "meteor", fromMs: 0 }, world())).toThrow(
      /no fault "meteor": partition, isolate, cut, bridge, isolateLeader, crash/,
    );
  });

  it("name the parameter that is missing or wrong in JSON", () => {
    const bind = (fault: object) => () => bindFault({ fromMs: 0, ...fault } as Fault, world());
    for (const fault of ["isolate", "bridge", "crash", "pause", "promote", "clockSkew", "clockDrift", "slowRegion"])
      expect(bind({ fault })).toThrow(`${fault}: region is undefined; it has to be a region's name, such as "nyc".`);
    expect(bind({ fault: "loss" })).toThrow("loss: lossRatio is undefined;");
    expect(bind({ fault: "duplication", duplicationRatio: "0.5" })).toThrow('duplication: duplicationRatio is "0.5";');
    expect(bind({ fault: "reordering", reorderingRatio: 0.5 })).toThrow("reordering: heldMs is undefined;");
    expect(bind({ fault: "delay" })).toThrow("delay: delayMs is undefined;");
    expect(bind({ fault: "slowRegion", region: "nyc" })).toThrow("slowRegion: factor is undefined;");
    expect(bind({ fault: "clockDrift", region: "nyc" })).toThrow("clockDrift: driftRatio is undefined;");
    expect(bind({ fault: "clockSkew", region: "nyc", offsetMs: 1e99 })).toThrow("clockSkew: offsetMs is 1e+99;");
    expect(() => isolate("nyc", { fromMs: "0" as never })).toThrow('isolate: fromMs is "0"; it has to be a time in ms');
  });

  it("drawn at random are of every kind, bind to the world, and leave a majority of regions alive", () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 500; seed++) {
      const faults = drawFaults(regions, Prng.seeded(seed, "nemesis"));
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.filter((fault) => fault.fault === "crash").length).toBeLessThan(2);
      for (const fault of faults) {
        kinds.add(fault.fault);
        bindFault(fault, world());
      }
      expect(drawFaults(regions, Prng.seeded(seed, "nemesis"))).toEqual(faults);
    }
    expect([...kinds].sort()).toEqual([
      ...["bridge", "crash", "cut", "delay", "duplication", "isolate"],
      ...["isolateLeader", "loss", "partition", "pause", "reordering", "slowRegion"],
    ]);
  });
});
