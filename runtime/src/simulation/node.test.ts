import { describe, expect, it } from "vitest";
import { bindFault, crash, type Fault, pause, slowRegion } from "../faults/index.js";
import { Nemesis } from "./nemesis.js";
import { findRegion, type Region } from "./network/regions.js";
import type { Capacity } from "./node.js";
import type { Port } from "./port.js";
import type { Process, ProcessEffects } from "./process.js";
import { World } from "./world.js";

const regions = ["nyc", "london"].map((name) => findRegion(name) as Region);

/** Notes when it is served, and answers. */
class Server implements Process<string> {
  readonly servedMs: number[] = [];
  readonly answeredMs: number[] = [];
  constructor(private readonly world: World) {}
  start(): void {}
  receive(from: number, message: string, effects: ProcessEffects<string>): void {
    (message === "ask" ? this.servedMs : this.answeredMs).push(this.world.nowUs / 1000);
    if (message === "ask") effects.send(from, "answer");
  }
  timeout(): void {
    this.servedMs.push(-this.world.nowUs / 1000);
  }
}

function serversOf(capacity: Capacity, ...faults: readonly Fault[]) {
  const notes: string[] = [];
  const world = new World({
    seed: 1,
    regions,
    capacities: [{ serviceUs: 0, queue: 1 }, capacity],
    listener: { message: () => {}, note: (_node, text) => notes.push(text) },
  });
  const servers: Server[] = [];
  const ports = world.add<string, Port<string>>({
    name: "server",
    replicaCount: 2,
    create: (replica) => {
      servers[replica] = new Server(world);
      return servers[replica];
    },
    effects: (port) => port,
  });
  const nemesis = new Nemesis(world);
  for (const fault of faults)
    nemesis.schedule(bindFault(fault, world), fault as { fromMs: number; untilMs: number | undefined });
  const runUntil = (ms: number) => {
    world.scheduler.after(ms * 1000 - world.nowUs, () => {});
    while (world.scheduler.nextUs <= ms * 1000) world.scheduler.step();
  };
  /** Work that reaches london now. */
  const requests = (count: number) =>
    Array.from({ length: count }, () =>
      world.request(1, { serve: () => void servers[1]?.servedMs.push(world.nowUs / 1000) }),
    );
  return { world, servers, ports, nemesis, runUntil, requests, notes, served: () => servers[1]?.servedMs ?? [] };
}

describe("a node", () => {
  it("serves one thing after another, in the order in which they came", () => {
    const { requests, runUntil, served } = serversOf({ serviceUs: 10_000, queue: 10 });
    expect(requests(4)).toEqual([true, true, true, true]);
    runUntil(100);
    expect(served()).toEqual([0, 10, 20, 30]);
    requests(1);
    runUntil(200);
    expect(served()).toEqual([0, 10, 20, 30, 100]);
  });

  it("sends what a step makes it send when the step's service is over", () => {
    const answered = (serviceUs: number) => {
      const { ports, servers, runUntil } = serversOf({ serviceUs, queue: 10 });
      ports[0]?.send(1, "ask");
      runUntil(1000);
      return servers[0]?.answeredMs[0] as number;
    };
    expect(answered(7_000) - answered(0)).toBeCloseTo(7, 9);
  });

  it("turns away what finds the queue full, and says so once until the queue has been empty", () => {
    const { world, requests, runUntil, served, notes } = serversOf({ serviceUs: 10_000, queue: 2 });
    expect(requests(5)).toEqual([true, true, true, false, false]);
    runUntil(100);
    expect(served()).toEqual([0, 10, 20]);
    expect(requests(4)).toEqual([true, true, true, false]);
    expect(world.overflowed).toBe(3);
    expect(notes).toEqual(["is overloaded and turns away what comes", "is overloaded and turns away what comes"]);
  });

  it("drops messages that find the queue full", () => {
    const { world, ports, runUntil, served } = serversOf({ serviceUs: 100_000, queue: 3 });
    for (let i = 0; i < 10; i++) ports[0]?.send(1, "ask");
    runUntil(1000);
    expect([served().length, world.delivered, world.overflowed]).toEqual([4, 4 + 4, 6]);
  });

  it("lets what waited through a pause in one by one, also what came in the meantime, and timers at once", () => {
    const { ports, requests, runUntil, served } = serversOf(
      { serviceUs: 10_000, queue: 10 },
      pause("london", { fromMs: 5, untilMs: 50 }),
    );
    requests(2);
    ports[1]?.timer("tick", 8_000);
    runUntil(20);
    requests(1);
    runUntil(100);
    expect(served()).toEqual([0, 50, -50, 60]);
  });

  it("loses its queue when it crashes", () => {
    const { requests, runUntil, served, servers } = serversOf(
      { serviceUs: 10_000, queue: 10 },
      crash("london", { fromMs: 15, untilMs: 20 }),
    );
    const before = served();
    requests(5);
    runUntil(100);
    expect(before).toEqual([0, 10]);
    expect(servers[1]?.servedMs).toEqual([]);
  });

  it("takes longer in a slow region, by the product of what slows it, and no longer when that has ended", () => {
    const { requests, runUntil, served, nemesis } = serversOf(
      { serviceUs: 1_000, queue: 100 },
      slowRegion("london", 10, { fromMs: 0, untilMs: 45 }),
      slowRegion("london", 3, { fromMs: 15, untilMs: 45 }),
    );
    requests(6);
    runUntil(100);
    expect(served()).toEqual([0, 10, 20, 50, 51, 52]);
    expect(Object.fromEntries(nemesis.firedCounts)).toEqual({ slowRegion: 2 });
  });

  it("is free of charge where the service time is 0", () => {
    const { requests, runUntil, served } = serversOf({ serviceUs: 0, queue: 1 });
    expect(requests(5)).toEqual([true, true, true, true, true]);
    runUntil(1);
    expect(served()).toEqual([0, 0, 0, 0, 0]);
  });
});
