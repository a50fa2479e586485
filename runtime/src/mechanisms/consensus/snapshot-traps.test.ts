import { describe, expect, test } from "vitest";
import type { LogEntry } from "./messages.js";
import { appendOf, Bench, commitRequest, noOp, readRequest, write } from "./testing/bench.js";
import { entry, followerWith, increment, install, leaderWith, ofKind, often, snapshotOf } from "./testing/snapshots.js";

const second = 1_000_000;

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
    const answers = [...bench.replies];
    bench.letTimeRunOut();
    expect([...bench.replies]).toEqual(answers);
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

function firstSequence(bench: Bench): number {
  const [question] = ofKind(bench.takeSentTo(0), "indexRequest");
  return question?.kind === "indexRequest" ? question.sequence : Number.NaN;
}
