import { describe, expect, it } from "vitest";
import { VersionVector } from "../../data/version-vector.js";
import { causalBroadcastMechanism } from "../causal-broadcast/mechanism.js";
import { gossipMechanism } from "../gossip/mechanism.js";
import type { Mechanism } from "../machine.js";
import { multiPrimaryMechanism } from "../multi-primary/mechanism.js";
import type { MergedStore } from "./store.js";
import { cluster, story } from "./testing/cluster.js";

/** The dumb twin of causal delivery: everything a visible mutation depends on is visible too. */
function isCausallyClosed(store: MergedStore): boolean {
  const seen = VersionVector.empty(3);
  for (const { mutations } of store.batches)
    for (const mutation of mutations) {
      if (!seen.includes(mutation.context)) return false;
      seen.add(mutation.dot);
    }
  return true;
}

describe.each([
  ["gossip", gossipMechanism, { intervalMs: 1000 }],
  ["gossip with fanout 1", gossipMechanism, { intervalMs: 1000, fanout: 1 }],
  ["multi-primary", multiPrimaryMechanism, {}],
  ["causal broadcast", causalBroadcastMechanism, {}],
] as const)("%s", (_name, mechanism, options) => {
  it("converges after healing, and loses no acknowledged write, on 300 seeds of random faults", () => {
    for (let seed = 0; seed < 300; seed++) {
      const { machines, acknowledged } = story(mechanism as never, options, seed, () => {});
      const digests = machines.map((machine) => machine.digest());
      expect(new Set(digests).size, `seed ${seed}`).toBe(1);
      for (const machine of machines)
        expect(
          acknowledged.filter((id) => !machine.has(id)),
          `seed ${seed}`,
        ).toEqual([]);
    }
  });

  it("counts on after a crash, so that no two mutations share an identity", () => {
    const { world, machines, write, runUntil } = cluster(mechanism as never, options, 1);
    write(0, "a");
    world.crash(0);
    world.restart(0);
    write(0, "a");
    runUntil(5_000_000);
    expect(machines.map((machine) => machine.store.batches.length)).toEqual([2, 2, 2]);
    expect(machines.map((machine) => machine.peek("a"))).toEqual([2, 2, 2]);
  });
});

describe("causality", () => {
  const firstOpenSeed = (mechanism: Mechanism<never, never>, options: object, seeds: number): number | undefined => {
    for (let seed = 0; seed < seeds; seed++) {
      let isClosed = true;
      story(mechanism, options, seed, (machines) => {
        isClosed &&= machines.every((machine) => isCausallyClosed(machine.store));
      });
      if (!isClosed) return seed;
    }
    return undefined;
  };

  it("is kept by causal broadcast at every step of 200 seeds", () => {
    expect(firstOpenSeed(causalBroadcastMechanism as never, {}, 200)).toBeUndefined();
  });

  it("is broken by gossip: pinned seed", () => {
    expect(firstOpenSeed(gossipMechanism as never, { intervalMs: 1000 }, 200)).toMatchInlineSnapshot(`0`);
  });

  it("is broken by multi-primary, as streams of two origins wait for nobody: pinned seed", () => {
    expect(firstOpenSeed(multiPrimaryMechanism as never, {}, 200)).toMatchInlineSnapshot(`0`);
  });
});
