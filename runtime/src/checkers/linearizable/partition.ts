import type { DataType, Operation } from "../../data/data-type.js";
import { dataType } from "../../data/index.js";
import { encodeValue } from "../../data/values.js";
import type { History, HistoryEvent, HistoryOperation } from "../../history/history.js";

/**
 * Linearizability is local (Herlihy and Wing 1990, Theorem 1): a history is linearizable when its part on each object
 * is. Cells that some transaction touches together count as one object.
 */
export interface Partition {
  readonly cells: readonly PartitionCell[];
  /** In order of invocation. */
  readonly events: readonly PartitionEvent[];
}

export interface PartitionCell {
  readonly key: string;
  readonly label: string;
  readonly type: DataType;
  readonly initial: unknown;
}

export interface PartitionEvent {
  readonly source: HistoryEvent;
  /** Places in the order of all invocations and completions; `Infinity` when it may take effect at any later time. */
  readonly invoked: number;
  readonly completed: number;
  /** Whether it has to take effect; otherwise it may also never do so. */
  readonly required: boolean;
  /** Changes no state in which its results are right, so it may as well be linearised as soon as it can be. */
  readonly pure: boolean;
  readonly steps: readonly Step[];
}

export interface Step {
  /** Index into `Partition.cells`. */
  readonly cell: number;
  readonly operation: Operation;
  /** Whether `expected` is known. */
  readonly judged: boolean;
  readonly expected: unknown;
}

/** The parts of a history that have to be linearizable, each of which is judged by itself. */
export function partitionsOf(history: History): Partition[] {
  const groups = new Map<string, HistoryEvent[]>();
  const parents = new Map<string, string>();
  const events = history.events.filter((event) => event.status !== "fail" && event.operations.some(isJudged));
  for (const event of events) joinCells(parents, event);
  for (const event of events) {
    const root = rootOf(parents, (event.operations.find(isJudged) as HistoryOperation).cell);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [event]);
    else group.push(event);
  }
  const order = orderOf(history);
  const cells = new Map(history.cells.map((cell) => [cell.key, cell]));
  return [...groups.values()].map((group) => {
    const members = new Map<string, number>();
    const partitionEvents = group.map((event) => compile(event, order, members)).filter((event) => event !== undefined);
    return {
      cells: [...members.keys()].map((key) => {
        const cell = cells.get(key);
        if (cell === undefined) throw new TypeError(`The history names a cell "${key}" that it does not declare.`);
        return { key, label: cell.label, type: dataType(cell.type), initial: cell.initial };
      }),
      events: partitionEvents.sort((a, b) => a.invoked - b.invoked),
    };
  });
}

/** Reads that were weakened below linearizable, and all operations of weaker cells, are none of its business. */
function isJudged(operation: HistoryOperation): boolean {
  return operation.level === "linearizable";
}

function rootOf(parents: Map<string, string>, cell: string): string {
  let root = cell;
  for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
    root = parent;
  parents.set(cell, root);
  return root;
}

function joinCells(parents: Map<string, string>, event: HistoryEvent): void {
  let first: string | undefined;
  for (const operation of event.operations) {
    if (!isJudged(operation)) continue;
    const root = rootOf(parents, operation.cell);
    if (first === undefined) first = root;
    else parents.set(root, first);
  }
}

type Order = (event: HistoryEvent) => { readonly invoked: number; readonly completed: number };

/** Where no finer order is recorded, invocations come before completions of the same time: that orders nothing. */
function orderOf(history: History): Order {
  const exact = history.events.every(
    (event) =>
      event.invokedOrder !== undefined && (event.completedUs === undefined || event.completedOrder !== undefined),
  );
  return (event) => ({
    invoked: exact ? (event.invokedOrder as number) : 2 * event.invokedUs,
    completed: neverCompletes(event)
      ? Number.POSITIVE_INFINITY
      : exact
        ? (event.completedOrder as number)
        : 2 * (event.completedUs as number) + 1,
  });
}

function neverCompletes(event: HistoryEvent): boolean {
  return event.status === "info" || event.completedUs === undefined;
}

function compile(event: HistoryEvent, order: Order, members: Map<string, number>): PartitionEvent | undefined {
  const required = event.status === "ok";
  const steps = event.operations.filter(isJudged).map((operation) => stepOf(operation, required, members));
  const pure = event.operations.every((operation) => !isJudged(operation) || isPure(operation));
  // Whether a read of unknown outcome happened makes no difference to anyone.
  return pure && !required ? undefined : { source: event, ...order(event), required, pure, steps };
}

function stepOf({ cell, operation, result }: HistoryOperation, required: boolean, members: Map<string, number>): Step {
  let index = members.get(cell);
  if (index === undefined) {
    index = members.size;
    members.set(cell, index);
  }
  // An update is recorded with what it read and wrote; it is right where it read the state (data/register.ts).
  if (operation.name === "update") return { cell: index, operation, judged: true, expected: true };
  return { cell: index, operation, judged: required || result !== undefined, expected: result };
}

const changes: ReadonlySet<string> = new Set(
  (["register", "counter", "set", "map", "log"] as const).flatMap((name) => [...dataType(name).mutations]),
);

function isPure({ operation, result }: HistoryOperation): boolean {
  return !changes.has(operation.name) || (operation.name === "compareAndSet" && result === false);
}

/** Equal for events that are interchangeable but for their times. */
export function signatureOf(event: PartitionEvent): string {
  return event.steps
    .map(({ cell, operation, judged, expected }) =>
      encodeValue([cell, operation.name, operation.args, judged, judged ? expected : null]),
    )
    .join();
}
