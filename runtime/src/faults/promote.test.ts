import { describe, expect, it } from "vitest";
import { Nemesis } from "../simulation/nemesis.js";
import { findRegion, type Region } from "../simulation/network/regions.js";
import { World } from "../simulation/world.js";
import { bindFault } from "./index.js";
import { promote } from "./promote.js";

const regions = ["nyc", "london"].map((name) => findRegion(name) as Region);

/** Two services on each node, of which one takes orders. */
function ordered(prepare: (world: World) => void = () => {}) {
  const world = new World({ seed: 1, regions });
  const taken: string[] = [];
  const idle = { start: () => {}, receive: () => {}, timeout: () => {} };
  const group = { replicaCount: 2, effects: (port: never) => port };
  world.add({ ...group, name: "deaf", create: () => idle });
  world.add({
    ...group,
    name: "obedient",
    create: (replica: number) => ({ ...idle, command: (name: string) => taken.push(`${replica} ${name}`) > 0 }),
  });
  prepare(world);
  const nemesis = new Nemesis(world);
  nemesis.schedule(bindFault(promote("london"), world), { fromMs: 0, untilMs: 100 });
  while (world.scheduler.nextUs <= 50_000) world.scheduler.step();
  return { world, taken, nemesis };
}

describe("promote", () => {
  it("reaches those replicas of the region that take orders, once", () => {
    const { taken, nemesis } = ordered();
    nemesis.healAll();
    expect(taken).toEqual(["1 promote"]);
    expect([...nemesis.firedCounts]).toEqual([["promote", 1]]);
  });

  it("waits for a region that stands still", () => {
    const { world, taken, nemesis } = ordered((paused) => paused.pause(1));
    expect(taken).toEqual([]);
    world.resume(1);
    nemesis.healAll();
    expect(taken).toEqual(["1 promote"]);
    expect(nemesis.firedCounts.get("promote")).toBe(1);
  });

  it("has no effect on a region that is down, and says so", () => {
    const { taken, nemesis } = ordered((crashed) => crashed.crash(1));
    nemesis.healAll();
    expect({ taken, fired: nemesis.firedCounts.get("promote") }).toEqual({ taken: [], fired: 0 });
  });

  it("names a region", () => {
    expect(() => promote(7 as never)).toThrow(/promote: region is 7; it has to be a region's name, such as "nyc"/);
  });
});
