import { describe, expect, it } from "vitest";
import type { Mutation } from "../../data/data-type.js";
import { countOf, replicaOf } from "../../data/version-vector.js";
import { bindFault, partition } from "../../faults/index.js";
import { Nemesis } from "../../simulation/nemesis.js";
import { gossipMechanism } from "../gossip/mechanism.js";
import type { Mechanism } from "../machine.js";
import type { MergedStore } from "../merged/store.js";
import { cluster, story } from "../merged/testing/cluster.js";
import { multiPrimaryMechanism } from "./mechanism.js";

const start = (seed = 1) => cluster(multiPrimaryMechanism as never, {}, seed);

/** Every origin's mutations are there in the order in which it took them, none left out. */
function isInOriginOrder(store: MergedStore): boolean {
  const counts = [0, 0, 0];
  for (const { mutations } of store.batches)
    for (const { dot } of mutations as readonly Mutation[]) {
      const origin = replicaOf(dot);
      counts[origin] = (counts[origin] as number) + 1;
      if (counts[origin] !== countOf(dot)) return false;
    }
  return true;
}

describe("each origin's order", () => {
  const firstDisorderedSeed = (mechanism: Mechanism<never, never>, options: object): number | undefined => {
    for (let seed = 0; seed < 200; seed++) {
      let isInOrder = true;
      story(mechanism, options, seed, (machines) => {
        isInOrder &&= machines.every((machine) => isInOriginOrder(machine.store));
      });
      if (!isInOrder) return seed;
    }
    return undefined;
  };

  it("is kept by every replica at every step of 200 seeds of random faults", () => {
    expect(firstDisorderedSeed(multiPrimaryMechanism as never, {})).toBeUndefined();
  });

  it("is not kept by gossip: the seed that shows it", () => {
    expect(firstDisorderedSeed(gossipMechanism as never, { intervalMs: 1000 })).toMatchInlineSnapshot(`0`);
  });
});

describe("what mechanism.md says of cost is what happens", () => {
  it("a write is answered at once, and costs an operation and an acknowledgement for each peer", () => {
    const { world, write, runUntil, answeredUs } = start();
    const askedUs = world.nowUs;
    const id = write(0, "x");
    expect(answeredUs.get(id)).toBe(askedUs);
    runUntil(60_000_000);
    expect(world.delivered).toBe(4);
  });

  it("at rest, nothing", () => {
    const { world, runUntil } = start();
    runUntil(60_000_000);
    expect([world.delivered, world.dropped]).toEqual([0, 0]);
  });

  it("through a cut, one message a peer and try, however much is waiting; then each operation once more", () => {
    const { world, machines, write, runUntil } = start();
    const nemesis = new Nemesis(world);
    nemesis.schedule(bindFault(partition([["nyc"], ["london", "tokyo"]], {}), world), { fromMs: 0, untilMs: 60_000 });
    runUntil(1_000);
    for (let i = 0; i < 50; i++) write(0, "x");
    runUntil(10_000_000);
    const tries = [1, 2].map((peer) => Math.floor(10_000_000 / (2 * world.latencyUs(0, peer) + 200_000)));
    expect(tries.every((count) => count >= 30)).toBe(true);
    expect(world.dropped).toBe(2 * 50 + (tries[0] as number) + (tries[1] as number));
    nemesis.healAll();
    const healedUs = world.nowUs;
    runUntil(healedUs + 600_000);
    expect(machines.map((machine) => machine.store.batches.length)).toEqual([50, 50, 50]);
    expect(world.delivered).toBe(2 * 2 * 50);
  });

  it("a restart costs a question and an answer for each peer, whatever was sent before", () => {
    const { world, write, runUntil } = start();
    for (let i = 0; i < 50; i++) write(0, "x");
    runUntil(5_000_000);
    const before = world.delivered;
    world.crash(0);
    world.restart(0);
    runUntil(60_000_000);
    expect(world.delivered - before).toBe(4);
  });
});

it("is busy for as long as a peer has not acknowledged everything", () => {
  const { machines, write, runUntil } = start();
  const isBusy = () => machines.map((machine) => machine.isBusy?.());
  expect(isBusy()).toEqual([false, false, false]);
  write(1, "x");
  expect(isBusy()).toEqual([false, true, false]);
  runUntil(5_000_000);
  expect(isBusy()).toEqual([false, false, false]);
});
