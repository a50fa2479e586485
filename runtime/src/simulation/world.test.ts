import { describe, expect, it } from "vitest";
import { bindFault, crash, isolate, loss, partition, pause } from "../faults/index.js";
import { Nemesis } from "./nemesis.js";
import { findRegion, type Region } from "./network/regions.js";
import type { Port } from "./port.js";
import type { Process, ProcessEffects } from "./process.js";
import { World } from "./world.js";

const regions = ["nyc", "london", "tokyo"].map((name) => findRegion(name) as Region);

/** Echoes, ticks and remembers: enough to see what a world does to its processes. */
class Echo implements Process<string> {
  readonly heard: string[] = [];
  ticks = 0;
  start(effects: ProcessEffects<string>): void {
    effects.timer("tick", 100_000);
  }
  receive(from: number, message: string, effects: ProcessEffects<string>): void {
    this.heard.push(`${from}:${message}`);
    if (message === "ping") effects.send(from, "pong");
  }
  timeout(_timer: string, effects: ProcessEffects<string>): void {
    this.ticks++;
    effects.timer("tick", 100_000);
  }
}

function worldOf(seed = 1) {
  const world = new World({ seed, regions });
  const processes: Echo[] = [];
  const ports = world.add<string, Port<string>>({
    name: "echo",
    replicaCount: 3,
    create: (replica) => {
      const echo = new Echo();
      processes[replica] = echo;
      return echo;
    },
    effects: (port) => port,
  });
  const nemesis = new Nemesis(world);
  const runUntil = (ms: number) => {
    while (world.scheduler.nextUs <= ms * 1000) world.scheduler.step();
  };
  return { world, processes, ports, nemesis, runUntil };
}

const heardBy = (processes: readonly Echo[], replica: number) => processes[replica]?.heard ?? [];

describe("the world", () => {
  it("delivers after the latency of the link, and the answer after another one", () => {
    const { world, processes, ports, runUntil } = worldOf();
    ports[0]?.send(1, "ping");
    runUntil(27);
    expect(heardBy(processes, 1)).toEqual([]);
    runUntil(70);
    expect(heardBy(processes, 1)).toEqual(["0:ping"]);
    expect(heardBy(processes, 0)).toEqual(["1:pong"]);
    expect(world.delivered).toBe(2);
  });

  it("drops a message whose link is cut when it is sent, or when it would arrive, and queues nothing", () => {
    const { world, processes, ports, nemesis, runUntil } = worldOf();
    ports[0]?.send(1, "under way as the cut comes");
    nemesis.schedule(bindFault(partition([["nyc"], ["london", "tokyo"]]), world), { fromMs: 10, untilMs: 500 });
    runUntil(20);
    ports[0]?.send(1, "into the cut");
    ports[1]?.send(2, "on one side");
    runUntil(1000);
    expect(heardBy(processes, 1)).toEqual([]);
    expect(heardBy(processes, 2)).toEqual(["1:on one side"]);
    expect(world.dropped).toBe(2);
    expect(Object.fromEntries(nemesis.firedCounts)).toEqual({ partition: 1 });
    ports[0]?.send(1, "after the heal");
    runUntil(2000);
    expect(heardBy(processes, 1)).toEqual(["0:after the heal"]);
  });

  it("keeps a link cut until the last of two overlapping partitions is healed", () => {
    const { world, processes, ports, nemesis, runUntil } = worldOf();
    nemesis.schedule(bindFault(isolate("nyc"), world), { fromMs: 0, untilMs: 100 });
    nemesis.schedule(bindFault(partition([["nyc"], ["london"]]), world), { fromMs: 50, untilMs: 300 });
    runUntil(200);
    ports[0]?.send(1, "still cut");
    ports[0]?.send(2, "free again");
    runUntil(1000);
    expect(heardBy(processes, 1)).toEqual([]);
    expect(heardBy(processes, 2)).toEqual(["0:free again"]);
  });

  it("frees a node, or its messages, when the last of two overlapping faults of a kind ends", () => {
    const { world, processes, ports, nemesis, runUntil } = worldOf();
    for (const fault of [crash("tokyo"), pause("london"), loss(1)]) {
      nemesis.schedule(bindFault(fault, world), { fromMs: 0, untilMs: 200 });
      nemesis.schedule(bindFault(fault, world), { fromMs: 100, untilMs: 500 });
    }
    runUntil(300);
    expect([world.isUp(2), world.isPaused(1)]).toEqual([false, true]);
    ports[0]?.send(1, "lost");
    runUntil(501);
    expect([world.isUp(2), world.isPaused(1)]).toEqual([true, false]);
    ports[0]?.send(1, "free again");
    runUntil(1000);
    expect(heardBy(processes, 1)).toEqual(["0:free again"]);
  });

  it("lets nodes that a service adds share what befalls their region", () => {
    const { world, nemesis, runUntil } = worldOf();
    nemesis.schedule(bindFault(crash("nyc"), world), { fromMs: 0, untilMs: 100 });
    nemesis.schedule(bindFault(pause("london"), world), { fromMs: 0, untilMs: 100 });
    world.add<string, Port<string>>({
      name: "five",
      replicaCount: 5,
      create: () => new Echo(),
      effects: (port) => port,
    });
    expect([world.isUp(3), world.isPaused(4)]).toEqual([false, true]);
    runUntil(101);
    expect([world.isUp(3), world.isPaused(4)]).toEqual([true, false]);
  });

  it("loses what a crashed process held in memory, its timers too, and starts it anew", () => {
    const { world, processes, ports, nemesis, runUntil } = worldOf();
    nemesis.schedule(bindFault(crash("london"), world), { fromMs: 150, untilMs: 1_000 });
    runUntil(160);
    const before = processes[1] as Echo;
    ports[0]?.send(1, "to the dead");
    runUntil(1_350);
    expect(before.ticks).toBe(1);
    expect(before.heard).toEqual([]);
    expect(processes[1]).not.toBe(before);
    expect(processes[1]?.ticks).toBe(3);
  });

  it("lets a paused node go on with what waited, in order", () => {
    const { world, processes, ports, nemesis, runUntil } = worldOf();
    nemesis.schedule(bindFault(pause("london"), world), { fromMs: 0, untilMs: 500 });
    ports[1]?.send(1, "one");
    runUntil(10);
    ports[1]?.send(1, "two");
    runUntil(499);
    expect(heardBy(processes, 1)).toEqual([]);
    expect(processes[1]?.ticks).toBe(0);
    runUntil(501);
    expect(heardBy(processes, 1)).toEqual(["1:one", "1:two"]);
    expect(processes[1]?.ticks).toBe(1);
  });

  it("opens no window after everything is healed, and does not count a fault that changed nothing", () => {
    const { world, processes, ports, nemesis, runUntil } = worldOf();
    nemesis.schedule(bindFault(isolate("nyc"), world), { fromMs: 10, untilMs: 20 });
    nemesis.schedule(bindFault(isolate("nyc"), world), { fromMs: 100, untilMs: undefined });
    runUntil(50);
    nemesis.healAll();
    runUntil(200);
    ports[0]?.send(1, "healed");
    runUntil(400);
    expect(heardBy(processes, 1)).toEqual(["0:healed"]);
    expect(Object.fromEntries(nemesis.firedCounts)).toEqual({ isolate: 0 });
  });

  it("does not open the window of a fault that was ended before", () => {
    const { world, processes, ports, nemesis, runUntil } = worldOf();
    const calledOff = bindFault(isolate("nyc"), world);
    nemesis.schedule(calledOff, { fromMs: 10, untilMs: undefined });
    nemesis.end(calledOff);
    runUntil(20);
    ports[0]?.send(1, "free");
    runUntil(400);
    expect(heardBy(processes, 1)).toEqual(["0:free"]);
  });

  it("is a function of its seed", () => {
    const story = (seed: number) => {
      const { processes, ports, runUntil } = worldOf(seed);
      for (let i = 0; i < 50; i++) ports[i % 3]?.send((i + 1) % 3, `${i}`, "lossy");
      runUntil(5000);
      return processes.map((process) => process.heard.join()).join("|");
    };
    expect(story(1)).toBe(story(1));
    expect(story(1)).not.toBe(story(2));
  });
});
