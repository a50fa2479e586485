import type { Partition, PartitionEvent } from "./partition.js";
import { Search } from "./search.js";
import { witnessByPosition } from "./witness.js";

const defaultSteps = 5_000_000;
const firstTurn = 1_024;

export interface SearchOptions {
  /** How many steps the whole search may take before the verdict is `unknown`; a step tries one event as the next and takes about a microsecond. */
  readonly steps?: number;
}

/** What was found of all partitions together. */
export type Decision =
  /** An order for each. */
  | { readonly outcome: "valid"; readonly orders: readonly (readonly PartitionEvent[])[] }
  /** One that no order explains. */
  | { readonly outcome: "invalid"; readonly partition: Partition; readonly search: Search }
  | { readonly outcome: "unknown"; readonly reason: string };

interface Job {
  readonly partition: Partition;
  readonly search: Search;
}

/**
 * Looks for an order of each partition: the one that the evidence suggests, and where that is none, any. Searches take
 * turns of growing length, so that one hard partition cannot hide an easy violation in another.
 */
export function decide(partitions: readonly Partition[], { steps = defaultSteps }: SearchOptions): Decision {
  const orders: PartitionEvent[][] = [];
  let open: Job[] = [];
  for (const partition of partitions) {
    const witness = witnessByPosition(partition);
    if (witness !== undefined) orders.push(witness);
    else open.push({ partition, search: new Search(partition) });
  }
  let left = steps;
  for (let turn = firstTurn; open.length > 0; turn *= 2) {
    const paused: Job[] = [];
    for (const job of open) {
      const before = job.search.taken;
      const outcome = job.search.run(Math.min(turn, left));
      left = Math.max(0, left - (job.search.taken - before));
      if (outcome === false) return { outcome: "invalid", ...job };
      if (outcome === undefined) paused.push(job);
      else orders.push(job.search.witness);
    }
    if (left === 0 && paused.length > 0) return givenUp(paused);
    open = paused;
  }
  return { outcome: "valid", orders };
}

function givenUp(paused: readonly Job[]): Decision {
  const labels = paused.flatMap(({ partition }) => partition.cells.map((cell) => cell.label));
  const reason = `The search for an order of the operations on ${labels.join(", ")} was given up at its limit of steps.`;
  return { outcome: "unknown", reason };
}
