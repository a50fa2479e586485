import type { Compaction } from "../compaction.js";
import type { Snapshot } from "../durable-state.js";
import type { ConsensusMessage, InstallSnapshot, LogEntry } from "../messages.js";
import { VersionedCells } from "../versioned-cells.js";
import { appendOf, Bench, commitRequest, write } from "./bench.js";
import { cellTable } from "./cluster.js";

export const often: Compaction = { everyEntries: 4, historyEntries: 8 };

export const entry = (term: number, id: number): LogEntry => ({ term, command: write(id, "x", id) });
export const increment = (id: number): LogEntry => ({
  term: 1,
  command: { id, expected: [], mutations: [{ cell: "n", operation: { name: "increment", args: [1] } }] },
});

/** What a replica that has applied these entries, from the first on, would put into a snapshot. */
export function snapshotOf(entries: readonly LogEntry[], keptResults = 1_000): Snapshot {
  const cells = new VersionedCells(cellTable);
  entries.forEach(({ command }, at) => void cells.apply(at + 1, command));
  cells.forgetBefore(entries.length - keptResults);
  return { index: entries.length, term: entries.at(-1)?.term ?? 0, state: cells.snapshot() };
}

export const install = (term: number, snapshot: Snapshot): InstallSnapshot => ({
  kind: "installSnapshot",
  term,
  snapshot,
  commit: snapshot.index,
  round: 0,
});

export const ofKind = (
  messages: readonly ConsensusMessage[],
  kind: ConsensusMessage["kind"],
): readonly ConsensusMessage[] => messages.filter((message) => message.kind === kind);

/** A follower of leader 0 that has applied the no-op and writes 11, 12, 13 in terms of 1. */
export function followerWith(count: number, compaction = often): Bench {
  const bench = new Bench(1, 3, undefined, undefined, compaction);
  for (let index = 2; index <= 1 + count; index++) {
    bench.receive(0, appendOf(1, { index: index - 1, term: 1 }, [entry(1, 9 + index)], index));
  }
  bench.takeSentTo(0);
  return bench;
}

/** A leader of three that has committed writes with the ids from 11 on; replica 2 has got none of them. */
export function leaderWith(count: number, compaction = often): Bench {
  const bench = new Bench(0, 3, undefined, undefined, compaction);
  for (let at = 1; at <= count; at++) {
    bench.request(10 + at, commitRequest(write(10 + at, "x", at)));
    bench.acknowledge(1, 1 + at);
  }
  bench.takeSentTo(1);
  return bench;
}
