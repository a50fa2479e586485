import { describe, expect, test } from "vitest";
import type { Compaction } from "./compaction.js";
import type { Snapshot } from "./durable-state.js";
import type { ConsensusMessage, InstallSnapshot, LogEntry } from "./messages.js";
import { appendOf, Bench, commitRequest, noOp, readRequest, write } from "./testing/bench.js";
import { Cluster, cellTable } from "./testing/cluster.js";
import type { CellsSnapshot } from "./versioned-cells.js";
import { VersionedCells } from "./versioned-cells.js";

const second = 1_000_000;
const often: Compaction = { everyEntries: 4, historyEntries: 8 };

const entry = (term: number, id: number): LogEntry => ({ term, command: write(id, "x", id) });
const increment = (id: number): LogEntry => ({
  term: 1,
  command: { id, expected: [], mutations: [{ cell: "n", operation: { name: "increment", args: [1] } }] },
});

/** What a replica that has applied these entries, from the first on, would put into a snapshot. */
function snapshotOf(entries: readonly LogEntry[], keptResults = 1_000): Snapshot {
  const cells = new VersionedCells(cellTable);
  entries.forEach(({ command }, at) => void cells.apply(at + 1, command));
  cells.forgetBefore(entries.length - keptResults);
  return { index: entries.length, term: entries.at(-1)?.term ?? 0, state: cells.snapshot() };
}

const install = (term: number, snapshot: Snapshot): InstallSnapshot => ({
  kind: "installSnapshot",
  term,
  snapshot,
  commit: snapshot.index,
  round: 0,
});

const ofKind = (messages: readonly ConsensusMessage[], kind: ConsensusMessage["kind"]): readonly ConsensusMessage[] =>
  messages.filter((message) => message.kind === kind);

/** A follower of leader 0 that has applied the no-op and writes 11, 12, 13 in terms of 1. */
function followerWith(count: number, compaction = often): Bench {
  const bench = new Bench(1, 3, undefined, undefined, compaction);
  for (let index = 2; index <= 1 + count; index++) {
    bench.receive(0, appendOf(1, { index: index - 1, term: 1 }, [entry(1, 9 + index)], index));
  }
  bench.takeSentTo(0);
  return bench;
}

/** A leader of three that has committed writes with the ids from 11 on; replica 2 has got none of them. */
function leaderWith(count: number, compaction = often): Bench {
  const bench = new Bench(0, 3, undefined, undefined, compaction);
  for (let at = 1; at <= count; at++) {
    bench.request(10 + at, commitRequest(write(10 + at, "x", at)));
    bench.acknowledge(1, 1 + at);
  }
  bench.takeSentTo(1);
  return bench;
}

describe("taking a snapshot (dissertation chapter 5)", () => {
  test("drops the log that it covers, in memory and on the disk", () => {
    const { machine, disk } = followerWith(3);
    expect([machine.state.snapshotIndex, machine.state.lastIndex]).toEqual([4, 4]);
    expect([...disk.keys()].filter((name) => name.startsWith("entry"))).toEqual([]);
    expect(machine.state.termAt(4)).toBe(1);
    expect(machine.state.indexOf(12)).toBeUndefined();
    expect(() => machine.state.at(4)).toThrow("the log has no entry 4");
  });

  test("leaves what is not committed in the log", () => {
    const bench = new Bench(1, 3, undefined, undefined, often);
    bench.receive(
      0,
      appendOf(
        1,
        { index: 1, term: 1 },
        [11, 12, 13, 14, 15].map((id) => entry(1, id)),
        4,
      ),
    );
    expect([bench.machine.state.snapshotIndex, bench.machine.state.lastIndex]).toEqual([4, 6]);
    expect(bench.machine.state.indexOf(14)).toBe(5);
    bench.receive(0, { kind: "commit", term: 1, commit: 6 });
    expect(bench.machine.peek("x")).toBe(15);
  });

  test("after a restart the snapshot and the rest of the log are applied again", () => {
    const bench = followerWith(5);
    const before = bench.machine.digest();
    bench.restart();
    expect([bench.machine.state.snapshotIndex, bench.machine.state.lastIndex]).toEqual([4, 6]);
    expect([bench.machine.digest(), bench.machine.replica.commitIndex]).toEqual([before, 6]);
    expect([11, 12, 13, 14, 15].map((id) => bench.machine.ledger().positionOf(id))).toEqual([2, 3, 4, 5, 6]);
  });

  test("an election goes by the last entry that the snapshot covers where the log is empty", () => {
    const bench = followerWith(3);
    const grants = (lastIndex: number, lastTerm: number): boolean => {
      bench.nowUs += 10 * second;
      bench.receive(2, { kind: "voteRequest", term: 2, preVote: true, lastIndex, lastTerm });
      const [reply] = ofKind(bench.takeSentTo(2), "voteReply");
      return reply?.kind === "voteReply" && reply.granted;
    };
    expect([grants(3, 1), grants(4, 1), grants(3, 2)]).toEqual([false, true, true]);
    bench.nowUs += 10 * second;
    bench.timeout("election");
    expect(bench.takeSentTo(2)).toMatchObject([{ kind: "voteRequest", lastIndex: 4, lastTerm: 1 }]);
  });

  test("its term is that of its last entry, not the current one", () => {
    const bench = new Bench(1, 3, undefined, undefined, often);
    const entries = [11, 12, 13].map((id) => entry(1, id));
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, entries, 1));
    bench.receive(2, appendOf(3, { index: 4, term: 1 }, [], 4));
    expect([bench.machine.state.snapshot?.term, bench.machine.state.lastTerm]).toEqual([1, 1]);
    bench.restart();
    expect([bench.machine.state.snapshotIndex, bench.machine.state.lastTerm, bench.machine.state.term]).toEqual([
      4, 1, 3,
    ]);
  });

  test("a conflict after it is looked for no further back than it reaches", () => {
    const bench = new Bench(1, 3, undefined, undefined, often);
    const entries = [11, 12, 13, 14, 15].map((id) => entry(1, id));
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, entries, 4));
    bench.takeSentTo(2);
    bench.receive(2, appendOf(2, { index: 6, term: 2 }, [noOp(2)], 4));
    expect(bench.takeSentTo(2)).toMatchObject([{ kind: "rejection", conflictTerm: 1, conflictIndex: 5 }]);
  });

  test("an append that begins before the snapshot is taken from where the log begins", () => {
    const bench = followerWith(3);
    bench.receive(
      0,
      appendOf(
        1,
        { index: 2, term: 1 },
        [12, 13, 14].map((id) => entry(1, id)),
        5,
      ),
    );
    expect(bench.takeSentTo(0)).toMatchObject([{ kind: "acknowledgement", matched: 5 }]);
    expect(bench.machine.peek("x")).toBe(14);
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, [entry(1, 11)], 5));
    expect(bench.takeSentTo(0)).toMatchObject([{ kind: "acknowledgement", matched: 5 }]);
    expect(bench.machine.state.lastIndex).toBe(5);
  });
});

describe("sending a snapshot (figure 5.3)", () => {
  test("a follower that lacks entries which are gone gets one, and then the rest of the log", () => {
    const bench = leaderWith(5);
    expect([bench.machine.state.snapshotIndex, bench.machine.state.lastIndex]).toEqual([4, 6]);
    bench.takeSentTo(2);
    bench.receive(2, {
      kind: "rejection",
      term: 1,
      previousIndex: 5,
      conflictTerm: 0,
      conflictIndex: 2,
      round: 0,
    });
    expect(bench.takeSentTo(2)).toMatchObject([
      { kind: "installSnapshot", term: 1, commit: 6, snapshot: { index: 4, term: 1 } },
    ]);
    bench.acknowledge(2, 4);
    expect(bench.takeSentTo(2)).toMatchObject([
      { kind: "append", previousIndex: 4, previousTerm: 1, entries: [{}, {}] },
    ]);
  });

  test("it is sent once, and again when nothing has been heard of it for a while", () => {
    const bench = leaderWith(5);
    bench.takeSentTo(2);
    const reject = (): void =>
      bench.receive(2, { kind: "rejection", term: 1, previousIndex: 5, conflictTerm: 0, conflictIndex: 2, round: 0 });
    const snapshots = (): number => ofKind(bench.takeSentTo(2), "installSnapshot").length;
    reject();
    reject();
    expect(snapshots()).toBe(1);
    bench.timeout("heartbeat");
    reject();
    expect(snapshots()).toBe(0);
    bench.acknowledge(1, 6);
    bench.timeout("heartbeat");
    bench.timeout("heartbeat");
    expect(snapshots()).toBe(1);
  });

  test("a replica that was cut off for long is brought up to date by one snapshot", () => {
    const cluster = new Cluster({ seed: 1, replicaCount: 3, compaction: often });
    cluster.partition([[0, 1], [2]]);
    for (let id = 1; id <= 50; id++) cluster.runUntilAnswered(cluster.request(0, commitRequest(write(id, "x", id))));
    cluster.heal();
    cluster.runUntil(cluster.nowUs + 2 * second);
    expect(cluster.messages.get("installSnapshot")).toBe(1);
    expect(cluster.machine(2)?.digest()).toBe("x=50");
    expect(cluster.machine(2)?.ledger().positionOf(1)).toBe(2);
  });
});

describe("traps of snapshots", () => {
  test.each([
    ["older", 3],
    ["as new", 6],
  ])("one that is %s than what the follower has applied does not roll it back", (_, index) => {
    const bench = followerWith(5);
    const entries = [noOp(1), ...[11, 12, 13, 14, 15].map((id) => entry(1, id))].slice(0, index);
    bench.receive(0, install(1, snapshotOf(entries)));
    expect([bench.machine.peek("x"), bench.machine.replica.commitIndex]).toEqual([15, 6]);
    expect(bench.takeSentTo(0)).toMatchObject([{ kind: "acknowledgement", matched: 6 }]);
    bench.restart();
    expect([bench.machine.peek("x"), bench.machine.replica.commitIndex]).toEqual([15, 6]);
  });

  test("one is a sign of life of the leader", () => {
    const bench = followerWith(1);
    bench.nowUs += second;
    bench.receive(0, install(1, snapshotOf([noOp(1), ...[11, 12, 13].map((id) => entry(1, id))])));
    bench.takeSentTo(2);
    bench.timeout("election");
    expect(bench.takeSentTo(2)).toEqual([]);
    bench.nowUs += second;
    bench.timeout("election");
    expect(bench.takeSentTo(2)).toMatchObject([{ kind: "voteRequest" }]);
  });

  test("one from the leader of an earlier term is refused", () => {
    const bench = followerWith(1);
    bench.receive(2, { kind: "heartbeat", term: 3, commit: 1, round: 0 });
    bench.takeSentTo(0);
    bench.receive(0, install(1, snapshotOf([noOp(1), ...[11, 12, 13].map((id) => entry(1, id))])));
    expect(bench.machine.peek("x")).toBe(11);
    expect(bench.takeSentTo(0)).toMatchObject([{ kind: "acknowledgement", term: 3, matched: 0 }]);
  });

  test("one whose last entry the log holds leaves the entries after that where they are", () => {
    const bench = new Bench(1, 3, undefined, undefined, { ...often, everyEntries: 100 });
    const log = [noOp(1), ...[11, 12, 13, 14, 15].map((id) => entry(1, id))];
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, log.slice(1), 1));
    bench.receive(0, install(1, snapshotOf(log.slice(0, 4))));
    expect([bench.machine.replica.commitIndex, bench.machine.state.lastIndex]).toEqual([4, 6]);
    expect(bench.machine.state.indexOf(15)).toBe(6);
  });

  test("one that contradicts the log replaces all of it, also what comes after", () => {
    const bench = new Bench(1, 3, undefined, undefined, often);
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, [entry(1, 21), entry(1, 22), entry(1, 23)], 1));
    const log = [noOp(1), noOp(2), entry(2, 11)];
    bench.receive(2, install(2, snapshotOf(log)));
    expect([bench.machine.state.snapshotIndex, bench.machine.state.lastIndex]).toEqual([3, 3]);
    expect([bench.machine.peek("x"), bench.machine.has(21)]).toEqual([11, false]);
    bench.takeSentTo(0);
    for (const id of [21, 22, 23]) {
      expect(bench.machine.state.indexOf(id)).toBeUndefined();
      // Who has held a command says nothing.
      bench.receive(0, { kind: "forward", term: 2, command: write(id, "x", id) });
      expect(bench.takeSentTo(0)).toEqual([]);
    }
  });

  test("a command that is sent again after its entry is gone is not appended again", () => {
    const bench = leaderWith(5);
    bench.receive(2, { kind: "forward", term: 1, command: write(11, "x", 1) });
    expect(bench.machine.state.lastIndex).toBe(6);
    bench.request(99, commitRequest(write(11, "x", 1)));
    expect(bench.replies.get(99)).toEqual(bench.replies.get(11));
    expect(bench.machine.state.lastIndex).toBe(6);
  });

  test("a command on both sides of a snapshot is applied once, by who took it and by who got it", () => {
    const log = [noOp(1), increment(11), increment(12), increment(13)];
    const again = appendOf(1, { index: 4, term: 1 }, [increment(11)], 5);
    const taking = new Bench(1, 3, undefined, undefined, often);
    taking.receive(0, appendOf(1, { index: 1, term: 1 }, log.slice(1), 4));
    const getting = new Bench(2, 3, undefined, undefined, often);
    getting.receive(0, install(1, snapshotOf(log)));
    for (const bench of [taking, getting]) {
      bench.receive(0, again);
      bench.restart();
      expect([bench.machine.replica.commitIndex, bench.machine.peek("n")]).toEqual([5, 3]);
      expect(bench.machine.ledger().positionOf(11)).toBe(2);
    }
  });

  test("also when its result is forgotten: late copies have no greatest age", () => {
    const bench = followerWith(3, { everyEntries: 4, historyEntries: 0 });
    bench.receive(0, appendOf(1, { index: 4, term: 1 }, [entry(1, 11)], 5));
    expect([bench.machine.peek("x"), bench.machine.has(11)]).toEqual([13, true]);
    bench.restart();
    expect([bench.machine.peek("x"), bench.machine.ledger().positionOf(11)]).toEqual([13, 2]);
  });

  test("a refused command stays refused: a conflict is remembered like a success", () => {
    const conflicting: LogEntry = {
      term: 1,
      command: { ...write(12, "x", 12), expected: [{ cell: "x", version: 0 }] },
    };
    const compaction = { everyEntries: 4, historyEntries: 0 };
    const bench = new Bench(1, 3, undefined, undefined, compaction);
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, [entry(1, 11), conflicting, entry(1, 13)], 4));
    bench.restart();
    // The same id, and nothing would be in its way any more.
    bench.receive(0, appendOf(1, { index: 4, term: 1 }, [entry(1, 12)], 5));
    expect([bench.machine.peek("x"), bench.machine.has(12), bench.machine.ledger().positionOf(12)]).toEqual([
      13,
      false,
      undefined,
    ]);
  });

  test("who has had a command in its log says nothing of it, also when a snapshot covers it", () => {
    const bench = leaderWith(5);
    bench.receive(1, { kind: "heartbeat", term: 2, commit: 1, round: 0 });
    bench.takeSentTo(2);
    bench.receive(2, { kind: "forward", term: 1, command: write(11, "x", 1) });
    expect(bench.takeSentTo(2)).toEqual([]);
  });

  test("the session that waits for a command gets its result out of the snapshot that covers it", () => {
    const bench = new Bench(1, 3, undefined, undefined, often);
    bench.request(1, commitRequest(write(7, "x", 5)));
    bench.request(2, readRequest("x", [4]));
    bench.receive(0, { kind: "indexReply", term: 1, sequence: firstSequence(bench), index: 3 });
    const command = { id: 7, expected: [], mutations: [{ cell: "x", operation: { name: "write", args: [5] } }] };
    bench.receive(0, install(1, snapshotOf([noOp(1), { term: 1, command }, entry(1, 8)])));
    expect(bench.replies.get(1)).toEqual({ kind: "committed", results: [undefined], seen: [2] });
    expect(bench.replies.get(2)).toMatchObject({ kind: "value", state: 8, position: 3 });
    expect([...bench.timers.keys()].filter((timer) => timer !== "election" && timer !== "retry")).toEqual([]);
    bench.request(3, commitRequest(write(7, "x", 5)));
    expect(bench.replies.get(3)).toEqual(bench.replies.get(1));
  });

  test("without the result it is indeterminate, at once, and the command is not sent again", () => {
    const bench = new Bench(1, 3, undefined, undefined, often);
    bench.request(1, commitRequest(write(7, "x", 5)));
    bench.receive(0, install(1, snapshotOf([noOp(1), { term: 1, command: write(7, "x", 5) }, entry(1, 8)], 0)));
    expect(bench.replies.get(1)?.kind).toBe("indeterminate");
    bench.takeSentTo(0);
    bench.request(2, commitRequest(write(7, "x", 5)));
    expect(bench.replies.get(2)?.kind).toBe("indeterminate");
    expect(bench.takeSentTo(0)).toEqual([]);
  });

  describe("a power failure between any two writes to the disk", () => {
    const log = [noOp(1), noOp(2), entry(2, 11), entry(2, 12)];
    /** Own entries of term 1 that the snapshot contradicts, fewer and more than it covers. */
    const follower = (own: number): Bench => {
      const bench = new Bench(1, 3, undefined, undefined, { ...often, everyEntries: 100 });
      const entries = Array.from({ length: own }, (_, at) => entry(1, 21 + at));
      bench.receive(0, appendOf(1, { index: 1, term: 1 }, entries, 1));
      bench.receive(2, { kind: "heartbeat", term: 2, commit: 1, round: 0 });
      return bench;
    };

    test.each([0, 2, 3, 6])("while it installs, over %i entries of its own", (own) => {
      let failures = 0;
      for (let writes = 0; ; writes++) {
        const bench = follower(own);
        bench.writesLeft = writes;
        let hasFailed = false;
        try {
          bench.receive(2, install(2, snapshotOf(log)));
        } catch {
          hasFailed = true;
          failures++;
        }
        bench.restart();
        const { state } = bench.machine;
        const isInstalled = state.snapshotIndex === 4;
        // Either all of the snapshot or nothing of it, and nothing after it that does not follow it.
        expect(bench.machine.peek("x")).toBe(isInstalled ? 12 : 0);
        expect(bench.machine.replica.commitIndex).toBe(isInstalled ? 4 : 1);
        if (isInstalled) expect(state.lastIndex).toBe(4);
        bench.receive(2, install(2, snapshotOf(log)));
        bench.receive(2, appendOf(2, { index: 4, term: 2 }, [entry(2, 13)], 5));
        expect([bench.machine.peek("x"), state.lastIndex, state.lastTerm]).toEqual([13, 5, 2]);
        if (!hasFailed) break;
      }
      expect(failures).toBeGreaterThanOrEqual(3);
    });

    test("while it takes a snapshot", () => {
      let failures = 0;
      for (let writes = 0; ; writes++) {
        const bench = followerWith(2);
        bench.writesLeft = writes;
        let hasFailed = false;
        try {
          bench.receive(0, appendOf(1, { index: 3, term: 1 }, [entry(1, 13), entry(1, 14)], 5));
        } catch {
          hasFailed = true;
          failures++;
        }
        bench.restart();
        bench.receive(0, appendOf(1, { index: 3, term: 1 }, [entry(1, 13), entry(1, 14)], 5));
        expect([bench.machine.peek("x"), bench.machine.replica.commitIndex]).toEqual([14, 5]);
        expect([11, 12, 13, 14].map((id) => bench.machine.ledger().positionOf(id))).toEqual([2, 3, 4, 5]);
        if (!hasFailed) break;
      }
      expect(failures).toBeGreaterThanOrEqual(6);
    });
  });
});

describe("the past that is kept", () => {
  test("a transaction's read of a state that is gone meets a conflict, anything newer is answered", () => {
    const bench = followerWith(19);
    expect(bench.machine.state.snapshotIndex).toBe(20);
    const read = (snapshot: number): unknown => {
      bench.request(snapshot, { kind: "read", cell: "x", snapshot, seen: [], timeoutUs: 2 * second });
      return bench.replies.get(snapshot);
    };
    expect(read(11)).toEqual({ kind: "conflict" });
    expect(read(12)).toMatchObject({ kind: "value", state: 21, version: 12, position: 12 });
    bench.restart();
    expect(read(10)).toEqual({ kind: "conflict" });
    expect(read(13)).toMatchObject({ kind: "value", state: 22, version: 13, position: 13 });
  });

  test("replaced commands are remembered one by one up to a number, then by the term", () => {
    const bench = new Bench(1, 3);
    const refuses = (term: number, id: number): boolean => {
      bench.takeSentTo(0);
      bench.receive(0, { kind: "forward", term, command: write(id, "x", id) });
      return bench.takeSentTo(0).length > 0;
    };
    const entries = Array.from({ length: 1_001 }, (_, at) => entry(1, at + 1));
    bench.receive(0, appendOf(1, { index: 1, term: 1 }, entries.slice(0, 1_000), 1));
    bench.receive(2, appendOf(2, { index: 1, term: 1 }, [noOp(2)], 1));
    expect([refuses(2, 1), refuses(2, 1_000), refuses(2, 5_000)]).toEqual([false, false, true]);
    bench.receive(0, appendOf(3, { index: 2, term: 2 }, entries.slice(1_000), 1));
    bench.receive(2, appendOf(4, { index: 2, term: 2 }, [noOp(4)], 1));
    expect([refuses(4, 1), refuses(4, 1_001), refuses(4, 5_000)]).toEqual([false, false, false]);
    bench.receive(2, { kind: "heartbeat", term: 5, commit: 1, round: 0 });
    expect([refuses(5, 5_000), refuses(5, 1_001)]).toEqual([true, false]);
  });

  test("a snapshot does not change with the cells that it was taken of", () => {
    const cells = new VersionedCells(cellTable);
    cells.apply(1, write(1, "x", "a"));
    const snapshot: CellsSnapshot = cells.snapshot();
    const text = JSON.stringify(snapshot);
    cells.apply(2, write(2, "x", "b"));
    cells.forgetBefore(2);
    expect(JSON.stringify(snapshot)).toBe(text);
    const copy = new VersionedCells(cellTable);
    copy.restore(snapshot);
    copy.apply(2, write(3, "x", "c"));
    expect(JSON.stringify(snapshot)).toBe(text);
  });

  test("20,000 commands leave a short log, few versions and few results", () => {
    const cluster = new Cluster({ seed: 1, replicaCount: 3, jitterUs: 5_000 });
    let longestLog = 0;
    let mostVersions = 0;
    let mostResults = 0;
    let mostFiles = 0;
    for (let id = 1; id <= 20_000; id++) {
      cluster.request(id % 3, commitRequest(write(id, `x${id % 10}`, id)));
      if (id % 20 !== 0) continue;
      // 400 a second. Now and then a replica is cut off for a second or so, and comes back to a log without what it lacks.
      cluster.partition(id % 2_000 < 600 ? [[0, 1], [2]] : [[0, 1, 2]]);
      cluster.runUntil(cluster.nowUs + 50_000);
      for (const replica of cluster.replicas) {
        const machine = cluster.machine(replica);
        if (machine === undefined) throw new Error("nobody crashes here");
        longestLog = Math.max(longestLog, machine.state.lastIndex - machine.state.snapshotIndex);
        mostVersions = Math.max(mostVersions, machine.kept.versions);
        mostResults = Math.max(mostResults, machine.kept.results);
        mostFiles = Math.max(mostFiles, cluster.filesOf(replica).length);
      }
    }
    cluster.heal();
    cluster.runUntil(cluster.nowUs + 10 * second);
    const machines = cluster.replicas.map((replica) => cluster.machine(replica));
    expect(new Set(machines.map((machine) => machine?.digest())).size).toBe(1);
    let committed = 0;
    for (let id = 1; id <= 20_000; id++) {
      const positions = new Set(machines.map((machine) => machine?.ledger().positionOf(id)));
      if (positions.size !== 1) throw new Error(`${id} is at ${[...positions]}`);
      if (!positions.has(undefined)) committed++;
    }
    // What was asked of the replica that was cut off was refused.
    expect(committed).toBeGreaterThan(17_000);
    const inFlight = 400;
    expect(longestLog).toBeLessThan(64 + inFlight);
    expect(mostVersions).toBeLessThan(10 + 64 + 256 + inFlight);
    expect(mostResults).toBeLessThan(64 + 256 + inFlight);
    expect(mostFiles).toBeLessThan(6 + 64 + inFlight);
    expect(cluster.messages.get("installSnapshot")).toBeGreaterThan(20);
  }, 120_000);
});

function firstSequence(bench: Bench): number {
  const [question] = ofKind(bench.takeSentTo(0), "indexRequest");
  return question?.kind === "indexRequest" ? question.sequence : Number.NaN;
}
