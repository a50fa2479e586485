import { describe, expect, test } from "vitest";
import { Prng } from "../../simulation/prng.js";
import type { Confirmation } from "./confirmation.js";
import type { Heartbeat } from "./messages.js";
import { Bench, commitRequest, noOp, readRequest, write } from "./testing/bench.js";
import { Cluster } from "./testing/cluster.js";
import { RaftProperties } from "./testing/raft-properties.js";
import { runRandomSchedule } from "./testing/random-schedule.js";
import { judge, Workload } from "./testing/workload.js";

const second = 1_000_000;
const lease: Confirmation = { kind: "lease", maxDriftRatio: 0.25 };
/** Of the bench: links of 40 ms, so heartbeats each 60 ms. */
const electionUs = 240_000;
const leaseUs = electionUs / 1.25;

const heartbeat = (sentUs: number): Heartbeat => ({ kind: "heartbeat", term: 1, commit: 1, round: 0, sentUs });

describe("a follower's pledge (dissertation §4.2.3, §6.4.1)", () => {
  const grants = (bench: Bench, term: number, preVote: boolean): boolean => {
    bench.receive(2, { kind: "voteRequest", term, preVote, lastIndex: 1, lastTerm: 1 });
    const [reply] = bench.takeSentTo(2);
    return reply?.kind === "voteReply" && reply.granted;
  };

  test("says how long it holds and repeats when the heartbeat was sent", () => {
    const bench = new Bench(1, 3, undefined, lease);
    bench.receive(0, heartbeat(77));
    expect(bench.takeSentTo(0)).toMatchObject([{ kind: "acknowledgement", sentUs: 77, pledgeUs: electionUs }]);
  });

  test("keeps it from pre-votes, votes and later terms until the shortest election time-out is over", () => {
    const bench = new Bench(1, 3, undefined, lease);
    bench.receive(0, heartbeat(0));
    bench.nowUs += electionUs - 1;
    expect([grants(bench, 2, true), grants(bench, 2, false), bench.machine.state.term]).toEqual([false, false, 1]);
    bench.nowUs += 1;
    expect([grants(bench, 2, true), grants(bench, 2, false), bench.machine.state.term]).toEqual([true, true, 2]);
  });

  test("binds it after a crash as well, for it may have heard a leader just before", () => {
    const bench = new Bench(1, 3, { term: 1, log: [noOp(1)], commit: 1 }, lease);
    expect(grants(bench, 2, false)).toBe(false);
    bench.nowUs += electionUs;
    expect(grants(bench, 2, false)).toBe(true);
  });

  test("does not exist without leases", () => {
    const bench = new Bench(1, 3);
    bench.receive(0, heartbeat(0));
    expect(grants(bench, 2, false)).toBe(true);
  });
});

describe("a leader's lease", () => {
  /** Leader 0 of three, that has sent a heartbeat to which replica 1 answers 50 ms later. */
  function leaseholder(confirmation = lease): Bench {
    const bench = new Bench(0, 3, undefined, confirmation);
    bench.timeout("heartbeat");
    const sentUs = bench.nowUs;
    bench.nowUs += 50_000;
    bench.receive(1, { kind: "acknowledgement", term: 1, matched: 1, round: 0, sentUs, pledgeUs: electionUs });
    bench.takeSentTo(1);
    return bench;
  }

  test("lets it answer without a message, until the pledge may be over by the fastest clock", () => {
    const bench = leaseholder();
    bench.nowUs += leaseUs - 50_000 - 1;
    bench.request(1, readRequest("x"));
    expect(bench.replies.get(1)).toMatchObject({ kind: "value", state: 0 });
    expect(bench.takeSentTo(1)).toEqual([]);
    bench.nowUs += 1;
    bench.request(2, readRequest("x"));
    expect(bench.replies.get(2)).toBeUndefined();
    expect(bench.takeSentTo(1)).toMatchObject([{ kind: "heartbeat", round: 1 }]);
  });

  test("is not shortened by an answer that comes late", () => {
    const bench = leaseholder();
    bench.receive(1, { kind: "acknowledgement", term: 1, matched: 1, round: 0, sentUs: 0, pledgeUs: electionUs });
    bench.request(1, readRequest("x"));
    expect(bench.replies.get(1)).toMatchObject({ kind: "value" });
  });

  test("covers nothing before the term's first commit", () => {
    const bench = new Bench(0, 3, { term: 1, log: [noOp(1)], commit: 1 }, lease);
    bench.elect(1);
    const sentUs = bench.nowUs;
    bench.receive(1, { kind: "acknowledgement", term: 2, matched: 0, round: 0, sentUs, pledgeUs: electionUs });
    bench.request(1, readRequest("x"));
    expect(bench.replies.get(1)).toBeUndefined();
    bench.receive(1, { kind: "acknowledgement", term: 2, matched: 2, round: 0, sentUs, pledgeUs: electionUs });
    bench.request(2, readRequest("x"));
    expect(bench.replies.get(2)).toMatchObject({ kind: "value" });
  });

  test("ends when the leader is deposed", () => {
    const bench = leaseholder();
    bench.receive(2, { kind: "voteRequest", term: 2, preVote: false, lastIndex: 9, lastTerm: 1 });
    bench.request(1, readRequest("x"));
    expect(bench.replies.get(1)).toBeUndefined();
  });
});

test("without confirmation a leader answers from what it has applied, whoever may lead by now", () => {
  const bench = new Bench(0, 3, undefined, { kind: "none" });
  bench.request(1, commitRequest(write(1, "x", 5)));
  bench.nowUs += 10_000_000;
  bench.request(2, readRequest("x"));
  expect(bench.replies.get(2)).toMatchObject({ kind: "value", state: 0 });
  bench.acknowledge(1, 2);
  bench.request(3, readRequest("x"));
  expect(bench.replies.get(3)).toMatchObject({ kind: "value", state: 5 });
});

/** Sessions ask the old leader and the others without a pause while it is cut off, sometimes from a voter that forgets. */
function askWhileDeposed(seed: number, confirmation: Confirmation, leaderPpm: number, othersPpm: number): void {
  const driftPpm = (replica: number) => (replica === 0 ? leaderPpm : othersPpm);
  // The others are neighbours, so they elect and commit in no time once they are free to.
  const latencyUs = (from: number, to: number) => (from === 0 || to === 0 ? 75_000 : 1_000);
  const cluster = new Cluster({ seed, replicaCount: 3, latencyUs, jitterUs: 2_000, confirmation, driftPpm });
  const { committed } = new RaftProperties(cluster);
  const random = Prng.seeded(seed, "schedule");
  const workload = new Workload(cluster, random, 0);
  cluster.runUntil(second + random.below(second / 2));
  if (random.chance(1, 2)) {
    // Replica 2 asks for votes in vain as long as 1 hears the leader.
    cluster.cut(0, 2, true);
    cluster.runUntil(cluster.nowUs + second);
    cluster.crash(1);
    cluster.restart(1);
  }
  cluster.partition([[0], [1, 2]]);
  for (let asked = 0; asked < 200; asked++) {
    workload.ask(0, readRequest("n"));
    if (asked % 4 === 0) workload.ask(1 + random.below(2), workload.increment());
    cluster.runUntil(cluster.nowUs + random.below(20_000));
  }
  cluster.heal();
  cluster.runUntil(cluster.nowUs + 5 * second);
  judge(workload.calls, committed, "linearizable");
}

/** The seeds at which what was promised does not hold. */
function violations(seeds: number, run: (seed: number) => void): readonly string[] {
  const found: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      run(seed);
    } catch (error) {
      found.push(`${(error as Error).message}: seed ${seed}`);
    }
  }
  return found;
}

describe("while a leader is cut off and deposed", () => {
  test.each([0.01, 0.25])(
    "reads by lease are linearizable if clocks drift apart by no more than %d",
    (maxDriftRatio) => {
      const slowPpm = slowestPpm(maxDriftRatio);
      const confirmation: Confirmation = { kind: "lease", maxDriftRatio };
      for (const [leader, others] of [
        [0, 0],
        [slowPpm, 0],
        [0, slowPpm],
      ] as const)
        expect(violations(100, (seed) => askWhileDeposed(seed, confirmation, leader, others))).toEqual([]);
    },
  );

  test("they are stale at these seeds if the leader's clock is slower than that", () => {
    const found = violations(40, (seed) => askWhileDeposed(seed, { kind: "lease", maxDriftRatio: 0.01 }, -600_000, 0));
    expect(found.slice(0, 3)).toMatchInlineSnapshot(`
      [
        "stale in real time: seed 1",
        "stale in real time: seed 2",
        "stale in real time: seed 3",
      ]
    `);
  });

  test("so are reads that nothing confirms, by any clock", () => {
    const found = violations(40, (seed) => askWhileDeposed(seed, { kind: "none" }, 0, 0));
    expect(found.slice(0, 3)).toMatchInlineSnapshot(`
      [
        "stale in real time: seed 1",
        "stale in real time: seed 2",
        "stale in real time: seed 4",
      ]
    `);
  });
});

test.each([
  ["steady links", {}],
  ["links that lose, repeat, reorder and delay", { jitterUs: 60_000, loss: 50, duplication: 50, straggling: 10 }],
])("with %s and drifting clocks, leases keep all of Raft's promises on random schedules", (_, network) => {
  let values = 0;
  for (let seed = 1; seed <= 150; seed++) {
    // Every second replica's clock is slow, so leaders and followers meet in all combinations.
    const driftPpm = (replica: number) => ((replica + seed) % 2 === 0 ? slowestPpm(0.25) : 0);
    const replicaCount = 3 + 2 * (seed % 3);
    const { calls } = runRandomSchedule({ ...network, seed, replicaCount, confirmation: lease, driftPpm });
    values += calls.filter(({ reply }) => reply?.kind === "value").length;
  }
  expect(values).toBeGreaterThan(150 * 10);
});

/** What the slower of two clocks loses, at most, when the other gains on it by a ratio. */
function slowestPpm(driftRatio: number): number {
  return Math.ceil(1_000_000 / (1 + driftRatio)) - 1_000_000;
}
