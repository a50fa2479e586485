import { describe, expect, test } from "vitest";
import { findRegion, type Region } from "../../simulation/network/regions.js";
import type { Request } from "../machine.js";
import type { TrueTimeOptions } from "./claims.js";
import { Rig } from "./testing/rig.js";

const timeoutUs = 2_000_000;

/** On the equator, all as far from each other as three can be. */
const three: readonly Region[] = [0, 120, 240].map((longitude) => ({
  name: `at ${longitude}`,
  latitude: 0,
  longitude,
}));

/** So near that everything is over before the next heartbeat. */
const neighbours = (count: number): readonly Region[] =>
  Array.from({ length: count }, (_, at) => ({ name: `house ${at}`, latitude: 0, longitude: 0 }));

/** Shard 0 has x, shard 1 z, wherever there are three shards; replica 0 leads shard 0, replica 1 shard 1. */
const write = (id: number, ...cells: readonly string[]): Request => ({
  kind: "commit",
  id,
  expected: [],
  mutations: cells.map((cell) => ({ cell, operation: { name: "write", args: [id] } })),
  seen: [],
  timeoutUs,
});

const read = (cell: string, snapshot?: number): Request => ({ kind: "read", cell, snapshot, seen: [], timeoutUs });

/** Messages of one operation once leaders have leases, apart from heartbeats and what brings the safe time forward later. */
function messagesOf(replicaCount: number, replica: number, request: Request): number {
  const rig = new Rig({ seed: 1, regions: neighbours(replicaCount) });
  rig.runUntil(2_000_000);
  rig.messages.clear();
  rig.runUntilAnswered(rig.request(replica, request));
  rig.runUntil(rig.nowUs + 20_000);
  const { heartbeat, acknowledgement, ...sent } = Object.fromEntries(rig.messages);
  // Appends are acknowledged; heartbeats are too, and would be counted with them.
  return Object.values(sent).reduce((sum, count) => sum + count, sent["append"] ?? 0);
}

function roundTripsOf(replica: number, request: Request): number {
  const rig = new Rig({ seed: 1, regions: three });
  rig.runUntil(2_000_000);
  const call = rig.request(replica, request);
  rig.runUntilAnswered(call);
  return Math.round(((call.repliedUs as number) - call.invokedUs) / (2 * rig.world.latencyUs(0, 1)));
}

describe("what mechanism.md says of cost is what happens", () => {
  test.each([
    [3, 6],
    [5, 12],
    [7, 18],
  ])("a commit in one shard with %i replicas", (replicas, messages) => {
    expect(messagesOf(replicas, 0, write(1, "x"))).toBe(messages);
    expect(messagesOf(replicas, 2, write(1, "x"))).toBe(messages + 1);
  });

  test("its round trips: one at the leader, two elsewhere", () => {
    expect([roundTripsOf(0, write(1, "x")), roundTripsOf(2, write(1, "x"))]).toEqual([1, 2]);
  });

  test.each([
    [3, 25],
    [5, 49],
    [7, 73],
  ])(
    "a commit across two shards with %i replicas: two entries in either log, and one message between the leaders",
    (replicas, messages) => {
      expect(messagesOf(replicas, 0, write(1, "x", "z"))).toBe(messages);
      expect(messagesOf(replicas, 2, write(1, "x", "z"))).toBe(messages + 1);
    },
  );

  test("its round trips: three where the coordinator leads, four elsewhere", () => {
    expect([0, 1, 2].map((replica) => roundTripsOf(replica, write(1, "x", "z")))).toEqual([3, 4, 4]);
  });

  test("a read: nothing at the leader, which has a lease, and a question elsewhere", () => {
    expect([messagesOf(3, 0, read("x")), messagesOf(3, 2, read("x"))]).toEqual([0, 2]);
    expect([roundTripsOf(0, read("x")), roundTripsOf(2, read("x"))]).toEqual([0, 1]);
  });

  test("a further read at a snapshot that a replica's safe time has reached costs nothing", () => {
    const rig = new Rig({ seed: 1, regions: three });
    rig.runUntil(2_000_000);
    const first = rig.runUntilAnswered(rig.request(2, read("x")));
    rig.messages.clear();
    const begunUs = rig.nowUs;
    rig.runUntilAnswered(rig.request(2, read("x", first.kind === "value" ? first.snapshot : undefined)));
    expect(rig.nowUs - begunUs).toBeLessThan(1_000);
    expect(rig.messages.get("safeTimeRequest")).toBeUndefined();
  });
});

describe("the commit wait", () => {
  const here = findRegion("paris") as Region;
  const near = [here, { ...here, name: "next door" }, { ...here, name: "across the street" }];
  const tookMs = (regions: readonly Region[], options: TrueTimeOptions) => {
    const rig = new Rig({ seed: 1, regions, options });
    rig.runUntil(2_000_000);
    const call = rig.request(0, write(1, "x"));
    rig.runUntilAnswered(call);
    return Math.round(((call.repliedUs as number) - call.invokedUs) / 1_000);
  };

  test.each([
    [near, "the same city", 1, 14, 200],
    [["paris", "london", "dublin"], "paris, london and dublin", 4, 14, 200],
    [["nyc", "london", "tokyo"], "nyc, london and tokyo", 57, 57, 200],
  ] as const)("is twice ε, of which replication hides what it takes: $1", (places, _, without, with7, with100) => {
    const regions = places.map((place) => (typeof place === "string" ? (findRegion(place) as Region) : place));
    expect({
      without: tookMs(regions, { commitWait: false }),
      "ε = 7 ms": tookMs(regions, { epsilonMs: 7 }),
      "ε = 100 ms": tookMs(regions, { epsilonMs: 100 }),
    }).toEqual({ without, "ε = 7 ms": with7, "ε = 100 ms": with100 });
  });
});
