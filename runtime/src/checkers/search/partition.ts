import type { DataType, Operation } from "../../data/data-type.js";
import { dataType } from "../../data/index.js";
import { encodeValue } from "../../data/values.js";
import type { History, HistoryEvent, HistoryOperation } from "../../history/history.js";
import { type OrderModel, type Place, placesOf } from "./order.js";

/** Cells that are judged together, and what happened to them: one order has to explain all of it. */
export interface Partition {
  readonly order: OrderModel;
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

export interface PartitionEvent extends Place {
  readonly source: HistoryEvent;
  /** Whether it has to take effect; otherwise it may also never do so. */
  readonly required: boolean;
  /** Changes no state in which its results are right, so it may as well come as soon as it can. */
  readonly pure: boolean;
  readonly steps: readonly Step[];
  /** Where the mechanism says that it stands (`HistoryOperation.position`). Evidence: to be verified. */
  readonly position: number | undefined;
}

export interface Step {
  /** Index into `Partition.cells`. */
  readonly cell: number;
  readonly operation: Operation;
  /** Whether `expected` is known. */
  readonly judged: boolean;
  readonly expected: unknown;
}

export interface PartitionOptions {
  readonly order: OrderModel;
  /** Operations for which it is false are none of the checker's business. */
  readonly isJudged: (operation: HistoryOperation) => boolean;
  /**
   * `transactions`: cells that some transaction touches together count as one object, and each object is judged by
   * itself, which is right where the guarantee is local (Herlihy and Wing 1990, Theorem 1). `all`: the whole history is
   * one partition.
   */
  readonly joined: "transactions" | "all";
}

/** The parts of a history that one order each has to explain. */
export function partitionsOf(history: History, options: PartitionOptions): Partition[] {
  const placeOf = placesOf(history, options.order);
  const cells = new Map(history.cells.map((cell) => [cell.key, cell]));
  return groupsOf(history, options).map((group) => {
    const members = new Map<string, number>();
    const events: PartitionEvent[] = [];
    for (const event of group) {
      const compiled = compile(event, placeOf, options.isJudged, members);
      if (compiled !== undefined) events.push(compiled);
    }
    return {
      order: options.order,
      cells: [...members.keys()].map((key) => {
        const cell = cells.get(key);
        if (cell === undefined) throw new TypeError(`The history names a cell "${key}" that it does not declare.`);
        return { key, label: cell.label, type: dataType(cell.type), initial: cell.initial };
      }),
      events: events.sort((a, b) => a.invoked - b.invoked),
    };
  });
}

function groupsOf(history: History, { isJudged, joined }: PartitionOptions): HistoryEvent[][] {
  const events = history.events.filter((event) => event.status !== "fail" && event.operations.some(isJudged));
  if (joined === "all") return events.length === 0 ? [] : [events];
  const groups = new Map<string, HistoryEvent[]>();
  const parents = new Map<string, string>();
  for (const event of events) joinCells(parents, event, isJudged);
  for (const event of events) {
    const root = rootOf(parents, (event.operations.find(isJudged) as HistoryOperation).cell);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [event]);
    else group.push(event);
  }
  return [...groups.values()];
}

function rootOf(parents: Map<string, string>, cell: string): string {
  let root = cell;
  for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
    root = parent;
  parents.set(cell, root);
  return root;
}

function joinCells(parents: Map<string, string>, event: HistoryEvent, isJudged: PartitionOptions["isJudged"]): void {
  let first: string | undefined;
  for (const operation of event.operations) {
    if (!isJudged(operation)) continue;
    const root = rootOf(parents, operation.cell);
    if (first === undefined) first = root;
    else parents.set(root, first);
  }
}

function compile(
  event: HistoryEvent,
  placeOf: (event: HistoryEvent) => Place,
  isJudged: PartitionOptions["isJudged"],
  members: Map<string, number>,
): PartitionEvent | undefined {
  const required = event.status === "ok";
  const operations = event.operations.every(isJudged) ? event.operations : event.operations.filter(isJudged);
  const pure = operations.every(({ operation, result }) => isPure({ operation, expected: result }));
  // Whether a read of unknown outcome happened makes no difference to anyone.
  if (pure && !required) return undefined;
  const steps = operations.map((operation) => stepOf(operation, required, members));
  const { process, lane, invoked, completed } = placeOf(event);
  const position = positionOf(operations, pure);
  return { source: event, process, lane, invoked, completed, required, pure, steps, position };
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

/** Mutations stand at their commit, whatever snapshot the reads beside them saw; reads right after the last that they saw. */
function positionOf(operations: readonly HistoryOperation[], pure: boolean): number | undefined {
  let latest: number | undefined;
  for (const { operation, result, position } of operations) {
    if (position === undefined || (!pure && isPure({ operation, expected: result }))) continue;
    if (latest === undefined || position > latest) latest = position;
  }
  return latest;
}

const changes: ReadonlySet<string> = new Set(
  (["register", "counter", "set", "map", "log"] as const).flatMap((name) => [...dataType(name).mutations]),
);

/** Whether it changes no state in which its result is right. */
export function isPure({ operation, expected }: Pick<Step, "operation" | "expected">): boolean {
  return !changes.has(operation.name) || (operation.name === "compareAndSet" && expected === false);
}

/** Equal for events that are interchangeable but for their times. */
export function signatureOf(event: PartitionEvent): string {
  const steps = event.steps.map(({ cell, operation, judged, expected }) =>
    encodeValue([cell, operation.name, operation.args, judged, judged ? expected : null]),
  );
  return `${event.lane} ${steps.join()}`;
}
