import type { History, HistoryOperation, Verdict } from "../../history/history.js";
import { isAtLeast, type Level } from "../../levels.js";
import { explain } from "../search/anomaly.js";
import { decide, type SearchOptions } from "../search/decision.js";
import { minimise } from "../search/minimise.js";
import { type PartitionOptions, partitionsOf } from "../search/partition.js";
import { againstSessions } from "./anomaly.js";

export interface SequentialOptions extends SearchOptions {
  /** What asks for less than this is none of its business; sequential unless told. */
  readonly level?: Level;
}

/** Sequential consistency is not local: two objects that have it, each by itself, may not have it together. */
export const sequentialParts: PartitionOptions = partsAt("sequential");

function partsAt(least: Level): PartitionOptions {
  return { order: "session", joined: "all", isJudged: ({ level }: HistoryOperation) => isAtLeast(level, least) };
}

/**
 * Decides whether the cells of one domain are sequentially consistent: whether all events that completed, and any of
 * those whose outcome is unknown, can be put in one order that respects each session's and in which every result is
 * what the data type says (Lamport, How to Make a Multiprocessor Computer …, 1979). A transaction is one event. All
 * cells and events of the history are taken for one domain. See checker.md.
 */
export function checkSequential(history: History, { level, ...options }: SequentialOptions = {}): Verdict {
  const parts = level === undefined ? sequentialParts : partsAt(level);
  const decision = decide(partitionsOf(history, parts), options);
  if (decision.outcome === "unknown") return decision;
  if (decision.outcome === "valid") {
    return { outcome: "valid", witness: decision.orders.flat().map(({ source }) => source.id) };
  }
  const contradiction = minimise(decision.partition, decision.search);
  return { outcome: "invalid", anomalies: [explain(contradiction, history, againstSessions)] };
}
