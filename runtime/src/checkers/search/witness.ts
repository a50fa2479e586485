import { equalValues } from "../../data/values.js";
import type { Partition, PartitionEvent } from "./partition.js";

/**
 * The order that the mechanism's evidence suggests, if it is one: every result follows from it and it respects the
 * partition's order. In linear time but for the sorting. `undefined` says nothing about the history: evidence may be
 * absent or wrong.
 */
export function witnessByPosition(partition: Partition): PartitionEvent[] | undefined {
  const order = byPosition(partition.events);
  return order !== undefined && isWitness(partition, order) ? order : undefined;
}

/** Whether an order of all required events, and some of the others, explains the partition. */
export function isWitness(partition: Partition, order: readonly PartitionEvent[]): boolean {
  return respectsOrder(order) && explainsResults(partition, order);
}

/** What is indeterminate and never got a position has, by this account, not happened. */
function byPosition(events: readonly PartitionEvent[]): PartitionEvent[] | undefined {
  const order: PartitionEvent[] = [];
  for (const event of events) {
    if (event.position !== undefined) order.push(event);
    else if (event.required) return undefined;
  }
  order.sort((a, b) => (a.position as number) - (b.position as number) || Number(a.pure) - Number(b.pure));
  sortReads(order);
  return order;
}

/** Reads between two mutations have seen the same, whatever positions they name: they come in the order in which they were asked. */
function sortReads(order: PartitionEvent[]): void {
  for (let i = 1; i < order.length; i++) {
    const event = order[i] as PartitionEvent;
    if (!event.pure) continue;
    let at = i;
    for (; at > 0; at--) {
      const before = order[at - 1] as PartitionEvent;
      if (!before.pure || before.invoked <= event.invoked) break;
      order[at] = before;
    }
    order[at] = event;
  }
}

function respectsOrder(order: readonly PartitionEvent[]): boolean {
  /** By lane, the latest invocation so far: nothing that completed before it may follow. */
  const latest: number[] = [];
  for (const { lane, invoked, completed } of order) {
    const last = latest[lane];
    if (last === undefined || invoked > last) latest[lane] = invoked;
    else if (completed < last) return false;
  }
  return respectsProcesses(order);
}

function respectsProcesses(order: readonly PartitionEvent[]): boolean {
  const last = new Map<number, PartitionEvent>();
  for (const event of order) {
    if (event.process === undefined) continue;
    const before = last.get(event.process);
    if (before !== undefined && (before.invoked - event.invoked || before.source.id - event.source.id) > 0)
      return false;
    last.set(event.process, event);
  }
  return true;
}

function explainsResults({ cells }: Partition, order: readonly PartitionEvent[]): boolean {
  const values = cells.map((cell) => cell.initial);
  for (const { steps } of order) {
    for (const { cell, operation, judged, expected } of steps) {
      const { type } = cells[cell] as Partition["cells"][number];
      const { state, result } = type.apply(values[cell], operation);
      if (judged && !equalValues(result, expected)) return false;
      values[cell] = state;
    }
  }
  return true;
}
