import type { History, HistoryOperation, Verdict } from "../../history/history.js";
import { isAtLeast } from "../../levels.js";
import { explain } from "../search/anomaly.js";
import { decide, type SearchOptions } from "../search/decision.js";
import { minimise } from "../search/minimise.js";
import { type Partition, type PartitionEvent, type PartitionOptions, partitionsOf } from "../search/partition.js";
import { witnessByPosition } from "../search/witness.js";
import { againstTransactions } from "./anomaly.js";
import { judgeByDependencies } from "./by-dependencies.js";

/** `serializable`: any order. `strong-session-serializable`: one that respects each session's. `strict-serializable`: real time. */
export type SerializableModel = "serializable" | "strong-session-serializable" | "strict-serializable";

export interface SerializableOptions extends SearchOptions {
  readonly model: SerializableModel;
}

/**
 * Decides whether all transactions that completed, and any of those whose outcome is unknown, can be put in one order in
 * which every result is what the data type says (Papadimitriou, The Serializability of Concurrent Database Updates,
 * 1979), and which the model's own order allows. An operation on its own is a transaction. See checker.md.
 */
export function checkSerializable(history: History, { model, ...options }: SerializableOptions): Verdict {
  const orders: (readonly PartitionEvent[])[] = [];
  const undecided: Partition[] = [];
  for (const partition of partitionsOf(history, partsOf(history, model))) {
    const order = witnessByPosition(partition);
    const judgement = order === undefined ? judgeByDependencies(partition, history) : { order };
    if (judgement === undefined) undecided.push(partition);
    else if ("anomaly" in judgement) return { outcome: "invalid", anomalies: [judgement.anomaly] };
    else orders.push(judgement.order);
  }
  const decision = decide(undecided, options);
  if (decision.outcome === "unknown") return decision;
  if (decision.outcome === "valid") {
    return { outcome: "valid", witness: [...orders, ...decision.orders].flat().map(({ source }) => source.id) };
  }
  const contradiction = minimise(decision.partition, decision.search);
  return { outcome: "invalid", anomalies: [explain(contradiction, history, againstTransactions)] };
}

/** Reads that were weakened below the level of their cell are in no read set. */
export function partsOf(history: History, model: SerializableModel): PartitionOptions {
  const levels = new Map(history.cells.map(({ key, level }) => [key, level]));
  const isJudged = ({ cell, level }: HistoryOperation): boolean => {
    const declared = levels.get(cell);
    return declared === undefined || isAtLeast(level, declared);
  };
  switch (model) {
    case "serializable":
      return { order: "none", joined: "transactions", isJudged };
    // A session that goes from one object to another orders their transactions, so that objects are not independent.
    case "strong-session-serializable":
      return { order: "session", joined: "all", isJudged };
    case "strict-serializable":
      return { order: "real-time", joined: "all", isJudged };
  }
}
