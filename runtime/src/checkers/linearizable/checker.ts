import type { History, HistoryOperation, Verdict } from "../../history/history.js";
import { explain } from "../search/anomaly.js";
import { decide, type SearchOptions } from "../search/decision.js";
import { minimise } from "../search/minimise.js";
import { type PartitionEvent, type PartitionOptions, partitionsOf } from "../search/partition.js";
import { againstTime } from "./anomaly.js";

export type LinearizableOptions = SearchOptions;

/** Linearizability is local (Herlihy and Wing 1990, Theorem 1): a history is linearizable when its part on each object is. */
export const linearizableParts: PartitionOptions = {
  order: "real-time",
  joined: "transactions",
  // Reads that were weakened below linearizable, and all operations of weaker cells, are none of its business.
  isJudged: ({ level }: HistoryOperation) => level === "linearizable",
};

/**
 * Decides whether the linearizable cells of a history are: whether all events that completed, and any of those whose
 * outcome is unknown, can be put in one order that respects real time and in which every result is what the data type
 * says (Herlihy and Wing, Linearizability, 1990). A transaction is one event. See checker.md.
 */
export function checkLinearizable(history: History, options: LinearizableOptions = {}): Verdict {
  const decision = decide(partitionsOf(history, linearizableParts), options);
  if (decision.outcome === "valid") return { outcome: "valid", witness: merged(decision.orders) };
  if (decision.outcome === "unknown") return decision;
  const contradiction = minimise(decision.partition, decision.search);
  return { outcome: "invalid", anomalies: [explain(contradiction, history, againstTime)] };
}

/**
 * One order for all partitions. Each event takes effect as early as its own partition's order lets it: at the latest
 * invocation up to it, which lies before its completion.
 */
function merged(orders: readonly (readonly PartitionEvent[])[]): number[] {
  const all: { readonly id: number; readonly at: number }[] = [];
  for (const order of orders) {
    let at = -1;
    for (const event of order) {
      at = Math.max(at, event.invoked);
      all.push({ id: event.source.id, at });
    }
  }
  return all.sort((a, b) => a.at - b.at).map(({ id }) => id);
}
