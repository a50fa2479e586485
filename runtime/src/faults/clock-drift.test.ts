import { describe, expect, it } from "vitest";
import { Nemesis } from "../simulation/nemesis.js";
import { findRegion, type Region } from "../simulation/network/regions.js";
import type { Port } from "../simulation/port.js";
import type { Process, ProcessEffects } from "../simulation/process.js";
import { World } from "../simulation/world.js";
import { bindFault, clockDrift, clockSkew, type Fault, pause } from "./index.js";

const regions = ["nyc", "london", "tokyo"].map((name) => findRegion(name) as Region);

/** Notes the true time at which its timer fires, every second of its own. */
class Ticker implements Process<never> {
  readonly ticks: number[] = [];
  constructor(private readonly world: World) {}
  start(effects: ProcessEffects<never>): void {
    effects.timer("tick", 1_000_000);
  }
  receive(): void {}
  timeout(_timer: string, effects: ProcessEffects<never>): void {
    this.ticks.push(this.world.nowUs / 1000);
    effects.timer("tick", 1_000_000);
  }
}

function tickers(...faults: readonly Fault[]) {
  const world = new World({ seed: 1, regions });
  const nemesis = new Nemesis(world);
  const processes: Ticker[] = [];
  const ports = world.add<never, Port<never>>({
    name: "ticker",
    replicaCount: 3,
    create: (replica) => {
      processes[replica] = new Ticker(world);
      return processes[replica];
    },
    effects: (port) => port,
  });
  for (const fault of faults)
    nemesis.schedule(bindFault(fault, world), fault as { fromMs: number; untilMs: undefined });
  const runUntil = (ms: number) => {
    world.scheduler.after(ms * 1000 - world.nowUs, () => {});
    while (world.scheduler.nextUs <= ms * 1000) world.scheduler.step();
  };
  const clocks = (replica: number) => {
    const { now, steadyNow } = ports[replica] as Port<never>;
    return { wallMs: now / 1000, steadyMs: steadyNow / 1000 };
  };
  return { world, nemesis, clocks, runUntil, ticks: (replica: number) => processes[replica]?.ticks };
}

describe("clockDrift", () => {
  it("lets a region's clocks and timers run slow or fast, and no other's", () => {
    const { clocks, runUntil, ticks } = tickers(clockDrift("nyc", -0.5), clockDrift("tokyo", 0.25));
    runUntil(4000);
    expect([0, 1, 2].map(clocks)).toEqual([
      { wallMs: 2000, steadyMs: 2000 },
      { wallMs: 4000, steadyMs: 4000 },
      { wallMs: 5000, steadyMs: 5000 },
    ]);
    expect([0, 1, 2].map(ticks)).toEqual([
      [2000, 4000],
      [1000, 2000, 3000, 4000],
      [800, 1600, 2400, 3200, 4000],
    ]);
  });

  it("moves timers that are set when it begins and ends; then the wall clock is right and the steady one goes on", () => {
    const { nemesis, clocks, runUntil, ticks } = tickers(clockDrift("nyc", -0.5, { fromMs: 500, untilMs: 1300 }));
    runUntil(3000);
    expect(ticks(0)).toEqual([1400, 2400]);
    expect(clocks(0)).toEqual({ wallMs: 3000, steadyMs: 2600 });
    expect(Object.fromEntries(nemesis.firedCounts)).toEqual({ clockDrift: 1 });
  });

  it("multiplies with another drift, adds to a skew, and touches the steady clock alone of the two never by skew", () => {
    const slow = clockDrift("nyc", -0.5, { fromMs: 0, untilMs: 2000 });
    const { clocks, runUntil } = tickers(slow, clockDrift("nyc", -0.5), clockSkew("nyc", -3000));
    runUntil(2000);
    expect(clocks(0)).toEqual({ wallMs: -2500, steadyMs: 500 });
    runUntil(4000);
    expect(clocks(0)).toEqual({ wallMs: -1500, steadyMs: 1500 });
  });

  it("keeps a timer that ran out while its node stood still", () => {
    const stopped = pause("nyc", { fromMs: 100, untilMs: 3000 });
    const { runUntil, ticks } = tickers(stopped, clockDrift("nyc", 0.5, { fromMs: 1500, untilMs: 2000 }));
    runUntil(3500);
    expect(ticks(0)).toEqual([3000]);
  });

  it("applies to nodes that a service adds later", () => {
    const { world, runUntil } = tickers(clockDrift("nyc", 1));
    runUntil(1000);
    world.add<never, Port<never>>({
      name: "five",
      replicaCount: 5,
      create: () => new Ticker(world),
      effects: (port) => port,
    });
    expect([3, 4].map((node) => world.clockOf(node))).toEqual([2_000_000, 1_000_000]);
  });

  it("is data, and says what is wrong with it", () => {
    const fault = clockDrift("nyc", -0.5, { fromMs: 5 });
    expect(JSON.parse(JSON.stringify(fault))).toEqual(fault);
    expect(bindFault(fault, new World({ seed: 1, regions })).text).toBe("nyc runs 50 % slow");
    expect(() => clockDrift("nyc", -1)).toThrow(/clockDrift: driftRatio is -1; it has to be a number from -0.99 to 10/);
    expect(() => clockDrift(0.5 as never, 1)).toThrow(/clockDrift: region is 0.5; it has to be a region's name/);
  });
});
