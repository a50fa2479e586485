import { encodeValue } from "../../data/values.js";
import type { History } from "../../history/history.js";
import type { Partition, PartitionEvent, Step } from "../search/partition.js";

/** What is known of one cell if every value was written once: who wrote it, who read it. */
export interface Observations {
  readonly cell: number;
  /** Or else it is a register. */
  readonly isLog: boolean;
  readonly initial: unknown;
  /** By canonical text: who wrote it, as the last or only write of its transaction or not. */
  readonly writers: ReadonlyMap<string, Writer>;
  /** Canonical texts of what was tried in operations that failed. */
  readonly refused: ReadonlySet<string>;
  readonly accesses: readonly Access[];
}

export interface Writer {
  readonly event: number;
  readonly value: unknown;
  readonly isLast: boolean;
}

/** What one event did to one cell, in order. */
export interface Access {
  readonly event: number;
  readonly actions: readonly Action[];
}

export type Action =
  | { readonly kind: "read"; readonly value: unknown }
  | { readonly kind: "write"; readonly value: unknown };

/** Cells of which all is known from their values: registers and logs on which every value is written once. */
export function observe(partition: Partition, history: History): Observations[] {
  return partition.cells.flatMap(({ key, type, initial }, cell) => {
    if (type.name !== "register" && type.name !== "log") return [];
    const accesses: Access[] = [];
    for (const [event, { steps }] of partition.events.entries()) {
      const actions = actionsOf(steps, cell);
      if (actions === undefined) return [];
      if (actions.length > 0) accesses.push({ event, actions });
    }
    const isLog = type.name === "log";
    const writers = writersOf(accesses, isLog ? (initial as readonly unknown[]) : [initial]);
    return writers === undefined ? [] : [{ cell, isLog, initial, writers, refused: refusedOn(key, history), accesses }];
  });
}

/** `undefined` where it cannot be told what an operation did. */
function actionsOf(steps: PartitionEvent["steps"], cell: number): Action[] | undefined {
  const actions: Action[] = [];
  for (const step of steps) {
    if (step.cell !== cell) continue;
    const { name, args } = step.operation;
    if (name === "compareAndSet" && !step.judged) return undefined;
    const read = readOf(step);
    if (read !== undefined) actions.push({ kind: "read", value: read.value });
    if (name === "write" || name === "append") actions.push({ kind: "write", value: args[0] });
    if (name === "update" || (name === "compareAndSet" && step.expected === true))
      actions.push({ kind: "write", value: args[1] });
  }
  return actions;
}

function readOf({ operation: { name, args }, judged, expected }: Step): { readonly value: unknown } | undefined {
  if (name === "update" || (name === "compareAndSet" && expected === true)) return { value: args[0] };
  return (name === "read" || name === "entries") && judged ? { value: expected } : undefined;
}

/** `undefined` where a value was written twice. */
function writersOf(accesses: readonly Access[], initial: readonly unknown[]): Map<string, Writer> | undefined {
  const writers = new Map<string, Writer>();
  const taken = new Set(initial.map(encodeValue));
  for (const { event, actions } of accesses) {
    const last = actions.findLast((action) => action.kind === "write");
    for (const action of actions) {
      if (action.kind !== "write") continue;
      const text = encodeValue(action.value);
      if (taken.has(text)) return undefined;
      taken.add(text);
      writers.set(text, { event, value: action.value, isLast: action === last });
    }
  }
  return writers;
}

function refusedOn(key: string, { events }: History): Set<string> {
  const refused = new Set<string>();
  for (const { status, operations } of events) {
    if (status !== "fail") continue;
    for (const { cell, operation } of operations)
      if (cell === key && operation.args.length > 0) refused.add(encodeValue(operation.args.at(-1)));
  }
  return refused;
}
