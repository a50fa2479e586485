import type { History, Verdict } from "../../history/history.js";
import { explain } from "./anomaly.js";
import { minimise } from "./minimise.js";
import { type Partition, type PartitionEvent, partitionsOf } from "./partition.js";
import { Search } from "./search.js";

export interface LinearizableOptions {
  /** How many steps the whole search may take before the verdict is `unknown`; a step tries one event as the next and takes about a microsecond. */
  readonly steps?: number;
}

const defaultSteps = 5_000_000;
const firstTurn = 1_024;

interface Job {
  readonly partition: Partition;
  readonly search: Search;
}

/**
 * Decides whether the linearizable cells of a history are: whether all events that completed, and any of those whose
 * outcome is unknown, can be put in one order that respects real time and in which every result is what the data type
 * says (Herlihy and Wing, Linearizability, 1990). A transaction is one event. See checker.md.
 */
export function checkLinearizable(history: History, options: LinearizableOptions = {}): Verdict {
  const jobs = partitionsOf(history).map((partition): Job => ({ partition, search: new Search(partition) }));
  let left = options.steps ?? defaultSteps;
  let open = jobs;
  // In turns of growing length, so that one hard partition cannot hide an easy violation in another.
  for (let turn = firstTurn; open.length > 0; turn *= 2) {
    const paused: Job[] = [];
    for (const job of open) {
      const before = job.search.taken;
      const outcome = job.search.run(Math.min(turn, left));
      left = Math.max(0, left - (job.search.taken - before));
      if (outcome === false) return invalid(job, history);
      if (outcome === undefined) paused.push(job);
    }
    if (left === 0 && paused.length > 0) return givenUp(paused);
    open = paused;
  }
  return { outcome: "valid", witness: merged(jobs.map(({ search }) => search.witness)) };
}

function invalid({ partition, search }: Job, history: History): Verdict {
  return { outcome: "invalid", anomalies: [explain(minimise(partition, search), history)] };
}

function givenUp(paused: readonly Job[]): Verdict {
  const labels = paused.flatMap(({ partition }) => partition.cells.map((cell) => cell.label));
  const reason = `The search for an order of the operations on ${labels.join(", ")} was given up at its limit of steps.`;
  return { outcome: "unknown", reason };
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
