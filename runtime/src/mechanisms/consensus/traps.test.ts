import { describe, expect, test } from "vitest";
import type { IndexReply, LogEntry } from "./messages.js";
import { appendOf, Bench, commitRequest, noOp, readRequest, write } from "./testing/bench.js";
import { Cluster } from "./testing/cluster.js";

const second = 1_000_000;

const entry = (term: number, id: number): LogEntry => ({ term, command: write(id, "x", id) });

/** A new domain of three, whose leader 0 has just appended operation 7 in term 1. */
function leaderWithProposal(): Bench {
  const bench = new Bench(0, 3);
  bench.request(1, commitRequest(write(7, "x", 5)));
  return bench;
}

describe("elections (dissertation §3.4, §3.6.1)", () => {
  test("the lost vote after a crash: a vote is on the disk before it is given", () => {
    const bench = new Bench(1, 3);
    const request = { kind: "voteRequest", term: 2, preVote: false, lastIndex: 1, lastTerm: 1 } as const;
    bench.receive(2, request);
    expect(bench.takeSentTo(2)).toEqual([{ kind: "voteReply", term: 2, preVote: false, granted: true }]);
    bench.restart();
    bench.receive(0, request);
    expect(bench.takeSentTo(0)).toEqual([{ kind: "voteReply", term: 2, preVote: false, granted: false }]);
    bench.receive(2, request);
    expect(bench.takeSentTo(2)).toEqual([{ kind: "voteReply", term: 2, preVote: false, granted: true }]);
  });

  test("no vote for a shorter log of the same term, nor for a longer one of an earlier term", () => {
    const bench = new Bench(1, 3, { term: 3, log: [noOp(1), entry(1, 1), noOp(3)], commit: 1 });
    const grants = (lastIndex: number, lastTerm: number): boolean => {
      bench.receive(2, { kind: "voteRequest", term: 4, preVote: true, lastIndex, lastTerm });
      const [reply] = bench.takeSentTo(2);
      return reply?.kind === "voteReply" && reply.granted;
    };
    expect(grants(2, 3)).toBe(false);
    expect(grants(9, 1)).toBe(false);
    expect(grants(3, 3)).toBe(true);
    expect(grants(2, 4)).toBe(true);
  });

  test("a candidate that has crashed does not count the votes that arrive later", () => {
    const bench = new Bench(0, 3, { term: 1, log: [noOp(1)], commit: 1 });
    bench.elect();
    bench.receive(1, { kind: "voteReply", term: 2, preVote: true, granted: true });
    expect(bench.machine.state.term).toBe(2);
    bench.restart();
    bench.receive(1, { kind: "voteReply", term: 2, preVote: false, granted: true });
    bench.receive(2, { kind: "voteReply", term: 2, preVote: false, granted: true });
    expect(bench.machine.replica.leadership).toBeUndefined();
  });

  test("a replica is busy while it knows of no leader, and while an entry may still be committed or replaced", () => {
    const bench = new Bench(1, 3, { term: 1, log: [noOp(1), entry(1, 7)], commit: 1 });
    expect(bench.machine.isBusy()).toBe(true); // restarted, and nobody has said who leads
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, [entry(1, 7)], 1));
    expect(bench.machine.isBusy()).toBe(true); // there is a leader, and entry 2 is open
    bench.receive(0, { kind: "commit", term: 1, commit: 2 });
    expect(bench.machine.isBusy()).toBe(false);
  });

  test("a leader steps down as soon as it hears of a later term, in whatever message", () => {
    const bench = new Bench(0, 3);
    bench.receive(1, { kind: "acknowledgement", term: 2, matched: 0, round: 0 });
    expect(bench.machine.replica.leadership).toBeUndefined();
    expect(bench.machine.state.term).toBe(2);
  });

  test("a leader without a majority steps down (check-quorum, §6.2)", () => {
    const bench = new Bench(0, 3);
    for (let beat = 0; beat < 5; beat++) bench.timeout("heartbeat");
    expect(bench.machine.replica.leadership).toBeDefined();
    bench.timeout("heartbeat");
    expect(bench.machine.replica.leadership).toBeUndefined();
    expect(bench.machine.state.term).toBe(1);
  });
});

describe("the rejoining server (pre-vote, §9.6)", () => {
  test.each([false, true])("does not disrupt; others have written meanwhile: %s", (areOthersWriting) => {
    const cluster = new Cluster({ seed: 1, replicaCount: 3 });
    cluster.partition([[0, 1], [2]]);
    if (areOthersWriting) cluster.request(0, commitRequest(write(1, "x", 1)));
    cluster.runUntil(20 * second);
    expect(cluster.machine(2)?.state.term).toBe(1);
    cluster.heal();
    cluster.runUntil(40 * second);
    expect(cluster.leader).toBe(0);
    expect(cluster.replicas.map((replica) => cluster.machine(replica)?.state.term)).toEqual([1, 1, 1]);
  });
});

describe("figure 8: an entry of an earlier term is not committed by counting its replicas (§3.6.2)", () => {
  // (c) of the figure: replica 0 is elected again, in term 4, and copies its entry of term 2 to a majority.
  const elected = (): Bench => {
    const bench = new Bench(0, 5, { term: 3, log: [noOp(1), entry(2, 2)], commit: 1 });
    bench.elect(1, 2);
    expect(bench.machine.replica.isLeaderOf(4)).toBe(true);
    return bench;
  };

  test("on a majority, it is still not committed, until an entry of the own term is", () => {
    const bench = elected();
    bench.acknowledge(1, 2);
    bench.acknowledge(2, 2);
    expect(bench.machine.replica.commitIndex).toBe(1);
    expect(bench.machine.has(2)).toBe(false);
    bench.acknowledge(1, 3);
    bench.acknowledge(2, 3);
    expect(bench.machine.replica.commitIndex).toBe(3);
    expect(bench.machine.has(2)).toBe(true);
  });

  test("so a leader with a later entry may still replace it (d)", () => {
    const bench = elected();
    bench.receive(4, appendOf(5, { index: 1, term: 1 }, [entry(3, 3), noOp(5)], 3));
    expect(bench.machine.has(3)).toBe(true);
    expect(bench.machine.has(2)).toBe(false);
    expect(bench.machine.state.indexOf(2)).toBeUndefined();
  });
});

describe("the deposed leader's read (§6.4)", () => {
  /** Replica 0 has slept, cut off, through an election and a write of the others, and believes that it leads. */
  const deposed = (): Cluster => {
    const cluster = new Cluster({ seed: 3, replicaCount: 3 });
    cluster.partition([[0], [1, 2]]);
    cluster.pause(0);
    cluster.runUntil(3 * second);
    const write1 = cluster.request(1, commitRequest(write(1, "x", "new")));
    expect(cluster.runUntilAnswered(write1).kind).toBe("committed");
    cluster.resume(0);
    expect(cluster.machine(0)?.replica.leadership).toBeDefined();
    return cluster;
  };

  test("is not answered from its own state", () => {
    const cluster = deposed();
    expect(cluster.runUntilAnswered(cluster.request(0, readRequest("x")))).toMatchObject({ kind: "unavailable" });
  });

  test("is answered with the new value when it reaches the new leader in time", () => {
    const cluster = deposed();
    const read = cluster.request(0, readRequest("x"));
    cluster.heal();
    expect(cluster.runUntilAnswered(read)).toMatchObject({ kind: "value", state: "new" });
  });

  test("waits for the first commit of the term: before it, a leader does not know what is committed", () => {
    const bench = new Bench(0, 3, { term: 1, log: [noOp(1), entry(1, 1)], commit: 1 });
    bench.elect(1);
    bench.receive(2, { kind: "indexRequest", sequence: 9 });
    bench.acknowledge(1, 2);
    const indexReplies = (): IndexReply[] => bench.takeSentTo(2).filter((message) => message.kind === "indexReply");
    expect(indexReplies()).toEqual([]);
    bench.acknowledge(1, 3);
    bench.receive(1, { kind: "acknowledgement", term: 2, matched: 3, round: 1 });
    expect(indexReplies()).toEqual([{ kind: "indexReply", term: 2, sequence: 9, index: 3 }]);
  });

  test("reads that come during a round share the next one", () => {
    const bench = new Bench(0, 3);
    for (let sequence = 1; sequence <= 5; sequence++) bench.receive(2, { kind: "indexRequest", sequence });
    expect(bench.takeSentTo(1)).toHaveLength(1);
    bench.receive(1, { kind: "acknowledgement", term: 1, matched: 1, round: 1 });
    expect(bench.takeSentTo(1)).toHaveLength(1);
    expect(bench.takeSentTo(2).filter(({ kind }) => kind === "indexReply")).toHaveLength(1);
    bench.receive(1, { kind: "acknowledgement", term: 1, matched: 1, round: 2 });
    expect(bench.takeSentTo(1)).toHaveLength(0);
    expect(bench.takeSentTo(2).filter(({ kind }) => kind === "indexReply")).toHaveLength(4);
  });

  test("the answer to a question from before a crash does not fit a question after it", () => {
    const bench = new Bench(1, 3);
    const ask = (ticket: number): number => {
      bench.receive(0, { kind: "heartbeat", term: 1, commit: 1, round: 0 });
      bench.request(ticket, readRequest("x"));
      const question = bench.takeSentTo(0).find((message) => message.kind === "indexRequest");
      return question?.kind === "indexRequest" ? question.sequence : Number.NaN;
    };
    const before = ask(1);
    bench.restart();
    const after = ask(2);
    expect(after).not.toBe(before);
    bench.receive(0, { kind: "indexReply", term: 1, sequence: before, index: 1 });
    expect(bench.replies.has(2)).toBe(false);
    bench.receive(0, { kind: "indexReply", term: 1, sequence: after, index: 1 });
    expect(bench.replies.get(2)).toMatchObject({ kind: "value", state: 0 });
  });
});

describe("refusals", () => {
  test("a commit that no leader can have taken is unavailable, and is never sent later", () => {
    const bench = new Bench(1, 3);
    bench.restart();
    bench.request(1, commitRequest(write(7, "x", 5)));
    bench.letTimeRunOut();
    expect(bench.replies.get(1)).toEqual({ kind: "unavailable", reason: "no leader is known here" });
    bench.receive(0, { kind: "heartbeat", term: 1, commit: 1, round: 0 });
    bench.timeout("retry");
    expect(bench.takeSentTo(0).filter(({ kind }) => kind === "forward")).toEqual([]);
  });

  test("a commit that was sent to a leader is indeterminate unless that leader has refused it", () => {
    for (const isRefused of [false, true]) {
      const bench = new Bench(1, 3);
      bench.request(1, commitRequest(write(7, "x", 5)));
      if (isRefused) bench.receive(0, { kind: "refusal", term: 1, id: 7 });
      bench.letTimeRunOut();
      expect(bench.replies.get(1)?.kind).toBe(isRefused ? "unavailable" : "indeterminate");
    }
  });

  test("a commit on the own log is indeterminate, whatever others say", () => {
    const bench = leaderWithProposal();
    bench.receive(1, { kind: "heartbeat", term: 2, commit: 1, round: 0 });
    bench.receive(1, { kind: "refusal", term: 2, id: 7 });
    bench.letTimeRunOut();
    expect(bench.replies.get(1)?.kind).toBe("indeterminate");
  });

  test("a leader refuses what was meant for the leader of another term, even for itself", () => {
    const bench = new Bench(0, 3);
    bench.receive(1, { kind: "heartbeat", term: 2, commit: 1, round: 0 });
    bench.elect(1);
    expect(bench.machine.replica.isLeaderOf(3)).toBe(true);
    bench.takeSentTo(2);
    bench.receive(2, { kind: "forward", term: 1, command: write(8, "x", 8) });
    expect(bench.takeSentTo(2)).toEqual([{ kind: "refusal", term: 1, id: 8 }]);
    expect(bench.machine.state.indexOf(8)).toBeUndefined();
  });

  test("who has held a command says nothing, even when a later leader has replaced it", () => {
    const bench = leaderWithProposal();
    bench.receive(2, appendOf(2, { index: 1, term: 1 }, [noOp(2)], 1));
    expect(bench.machine.state.indexOf(7)).toBeUndefined();
    bench.takeSentTo(1);
    bench.receive(1, { kind: "forward", term: 1, command: write(7, "x", 5) });
    expect(bench.takeSentTo(1)).toEqual([]);
  });

  test("who has crashed says nothing about the terms before the crash", () => {
    const bench = leaderWithProposal();
    bench.receive(2, appendOf(2, { index: 1, term: 1 }, [noOp(2)], 1));
    bench.restart();
    bench.takeSentTo(1);
    bench.receive(1, { kind: "forward", term: 1, command: write(7, "x", 5) });
    expect(bench.takeSentTo(1)).toEqual([]);
  });
});

describe("replication", () => {
  test("a leader passes over a whole term of conflicting entries at a time (§5.3)", () => {
    const bench = new Bench(0, 3, { term: 5, log: [noOp(1), noOp(4), noOp(4), noOp(4)], commit: 1 });
    bench.elect(1);
    bench.takeSentTo(2);
    bench.receive(2, { kind: "rejection", term: 6, previousIndex: 4, conflictTerm: 3, conflictIndex: 2, round: 0 });
    expect(bench.takeSentTo(2)).toMatchObject([{ kind: "append", previousIndex: 1, entries: { length: 4 } }]);
  });

  test("a follower keeps what it has when an old append comes again", () => {
    const bench = new Bench(1, 3);
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, [entry(1, 1), entry(1, 2)], 1));
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, [entry(1, 1)], 1));
    expect(bench.machine.state.lastIndex).toBe(3);
    expect(bench.takeSentTo(0).at(-1)).toMatchObject({ kind: "acknowledgement", matched: 3 });
  });

  test("a follower commits no further than its log is known to match the leader's", () => {
    const bench = new Bench(1, 3, { term: 1, log: [noOp(1), entry(1, 1)], commit: 1 });
    bench.receive(0, { kind: "heartbeat", term: 2, commit: 2, round: 0 });
    expect(bench.machine.replica.commitIndex).toBe(1);
    bench.receive(0, appendOf(2, { index: 2, term: 1 }, [], 2));
    expect(bench.machine.replica.commitIndex).toBe(2);
  });

  test("a command that is sent again is appended once, and answered from the record once applied", () => {
    const bench = leaderWithProposal();
    bench.receive(1, { kind: "forward", term: 1, command: write(7, "x", 5) });
    expect(bench.machine.state.lastIndex).toBe(2);
    bench.acknowledge(2, 2);
    bench.request(2, commitRequest(write(7, "x", 5)));
    expect(bench.replies.get(2)).toEqual(bench.replies.get(1));
    expect(bench.replies.get(2)).toEqual({ kind: "committed", results: [undefined], seen: [2] });
  });

  test("what was known to be committed is applied again at once after a crash", () => {
    const bench = leaderWithProposal();
    bench.acknowledge(1, 2);
    bench.restart();
    expect(bench.machine.peek("x")).toBe(5);
  });
});
