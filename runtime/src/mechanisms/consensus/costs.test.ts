import { describe, expect, test } from "vitest";
import type { Request } from "../machine.js";
import type { Confirmation } from "./confirmation.js";
import type { ReadPosition } from "./requests.js";
import { commitRequest, readRequest, write } from "./testing/bench.js";
import { Cluster } from "./testing/cluster.js";

const latencyUs = 10_000;

/** Messages and network round trips of one operation in a cluster at rest whose links are all of the same length. */
function cost(replicaCount: number, at: "leader" | "follower", request: Request, readPosition: ReadPosition) {
  const cluster = new Cluster({ seed: 1, replicaCount, readPosition, latencyUs: () => latencyUs });
  // Before the first heartbeat is due, so that only the operation's own messages are counted.
  const call = cluster.request(at === "leader" ? 0 : 1, request);
  cluster.runUntil(49_000);
  const messages = [...cluster.messages.values()].reduce((sum, count) => sum + count, 0);
  return { messages, roundTrips: ((call.repliedUs ?? Number.NaN) - call.invokedUs) / (2 * latencyUs) };
}

/** The same for a read once the leader has been heard, apart from the heartbeats that go on meanwhile. */
function answeredAlone(confirmation: Confirmation, replica: number) {
  const cluster = new Cluster({ seed: 1, replicaCount: 5, confirmation, latencyUs: () => latencyUs });
  cluster.runUntil(1_000_000);
  cluster.messages.clear();
  const call = cluster.request(replica, readRequest("x"));
  cluster.runUntilAnswered(call);
  const { heartbeat, acknowledgement, ...messages } = Object.fromEntries(cluster.messages);
  return { messages, roundTrips: ((call.repliedUs ?? Number.NaN) - call.invokedUs) / (2 * latencyUs) };
}

const commit = commitRequest(write(1, "x", 1));

describe("what mechanism.md says of cost is what happens", () => {
  test.each([
    [3, 6],
    [5, 12],
    [7, 18],
  ])("a write with %i replicas", (replicaCount, messages) => {
    expect(cost(replicaCount, "leader", commit, "leader")).toEqual({ messages, roundTrips: 1 });
    expect(cost(replicaCount, "follower", commit, "leader")).toEqual({ messages: messages + 1, roundTrips: 2 });
  });

  test.each([
    [3, 4],
    [5, 8],
    [7, 12],
  ])("a linearizable read with %i replicas", (replicaCount, messages) => {
    expect(cost(replicaCount, "leader", readRequest("x"), "leader")).toEqual({ messages, roundTrips: 1 });
    expect(cost(replicaCount, "follower", readRequest("x"), "leader")).toEqual({
      messages: messages + 2,
      roundTrips: 2,
    });
  });

  test.each([{ kind: "lease", maxDriftRatio: 0.01 }, { kind: "none" }] as const)(
    "a read that the leader answers alone: %j",
    (confirmation: Confirmation) => {
      expect(answeredAlone(confirmation, 0)).toEqual({ messages: {}, roundTrips: 0 });
      expect(answeredAlone(confirmation, 1)).toEqual({ messages: { indexRequest: 1, indexReply: 1 }, roundTrips: 1 });
    },
  );

  test("a sequential read, a read weakened below the level and a read of a snapshot need nobody", () => {
    const nothing = { messages: 0, roundTrips: 0 };
    expect(cost(3, "follower", readRequest("x"), "session")).toEqual(nothing);
    expect(cost(3, "follower", { ...readRequest("x"), kind: "read", cell: "x", local: true }, "leader")).toEqual(
      nothing,
    );
    expect(cost(3, "follower", { ...readRequest("x"), kind: "read", cell: "x", snapshot: 1 }, "leader")).toEqual(
      nothing,
    );
  });

  test("a follower that lacks entries which are gone", () => {
    const compaction = { everyEntries: 4, historyEntries: 8 };
    const cluster = new Cluster({ seed: 1, replicaCount: 3, compaction, latencyUs: () => latencyUs });
    cluster.crash(2);
    for (let id = 1; id <= 7; id++) cluster.runUntilAnswered(cluster.request(0, commitRequest(write(id, "x", id))));
    cluster.restart(2);
    cluster.messages.clear();
    cluster.runUntil(cluster.nowUs + 500_000);
    const { heartbeat = 0, acknowledgement = 0, ...messages } = Object.fromEntries(cluster.messages);
    expect(messages).toEqual({ installSnapshot: 1 });
    // All but the last heartbeats are answered, and the snapshot like one.
    expect(heartbeat - acknowledgement).toBeLessThanOrEqual(1);
    expect(cluster.machine(2)?.peek("x")).toBe(7);
  });

  test("at rest, heartbeats: one a follower and its answer, each three quarters of the longest round trip", () => {
    const cluster = new Cluster({ seed: 1, replicaCount: 3, latencyUs: () => 40_000 });
    cluster.runUntil(60_000_000);
    expect(Object.fromEntries(cluster.messages)).toEqual({ heartbeat: 2 * 1000, acknowledgement: 2 * 999 });
  });
});

test("a silent leader is replaced well within an operation's two seconds", () => {
  const failoversUs: number[] = [];
  for (let seed = 1; seed <= 200; seed++) {
    const cluster = new Cluster({ seed, replicaCount: 3 + 2 * (seed % 3), jitterUs: 5_000 });
    cluster.runUntil(1_000_000 + seed * 1_000);
    cluster.crash(0);
    const call = cluster.request(1, commitRequest(write(1, "x", 1)));
    cluster.runUntilAnswered(call);
    if (call.reply?.kind === "committed") failoversUs.push((call.repliedUs as number) - call.invokedUs);
  }
  failoversUs.sort((a, b) => a - b);
  expect(failoversUs[100]).toBeLessThan(1_200_000);
  // Split votes cost a further election; they must stay rare.
  expect(failoversUs.length).toBeGreaterThanOrEqual(196);
});
