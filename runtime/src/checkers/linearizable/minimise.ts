import type { Partition, PartitionEvent } from "./partition.js";
import { Search } from "./search.js";

/** What cannot be explained: the events that are needed to show it, and those that the explanation may draw on. */
export interface Contradiction {
  readonly partition: Partition;
  /** No order explains these, whichever of the others happened in their own time. In order of invocation. */
  readonly essential: readonly PartitionEvent[];
  /** All events of the partition up to the contradiction. */
  readonly considered: readonly PartitionEvent[];
}

const stepsEach = 20_000;

/**
 * Takes everything away from an inexplicable partition that it stays inexplicable without. Taking a mutation away
 * outright would leave the reads of its value without a source, so it only becomes optional: it may have happened,
 * within its own time, or not at all. What is left contradicts itself whatever the others did.
 */
export function minimise(partition: Partition, failed: Search): Contradiction {
  const considered = partition.events.filter((event) => event.invoked < failed.obstacle);
  let events = considered;
  for (const event of [...considered].reverse()) {
    if (!event.required) continue;
    const without = relaxed(events, event);
    if (isContradiction({ ...partition, events: without })) events = without;
  }
  return { partition, essential: events.filter((event) => event.required), considered };
}

function relaxed(events: readonly PartitionEvent[], target: PartitionEvent): PartitionEvent[] {
  if (target.pure) return events.filter((event) => event !== target);
  return events.map((event) => (event === target ? optional(event) : event));
}

/** An update takes effect only where it read what it did; any other result is no longer asked for. */
function optional(event: PartitionEvent): PartitionEvent {
  const steps = event.steps.map((step) => (step.operation.name === "update" ? step : { ...step, judged: false }));
  return { ...event, required: false, steps };
}

function isContradiction(partition: Partition): boolean {
  return new Search(partition).run(stepsEach) === false;
}
