import { describe, expect, test } from "vitest";
import { appendOf, Bench, commitRequest, noOp, write } from "./testing/bench.js";
import { Cluster, cellTable } from "./testing/cluster.js";
import { entry, followerWith, leaderWith, ofKind, often } from "./testing/snapshots.js";
import { type CellsSnapshot, VersionedCells } from "./versioned-cells.js";

const second = 1_000_000;

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
