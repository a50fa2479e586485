import type { Operation } from "../../../data/data-type.js";
import { dataType } from "../../../data/index.js";
import type { History, HistoryCell, HistoryEvent, HistoryOperation } from "../../../history/history.js";
import type { OrderModel } from "../order.js";

/** Mulberry32: a small generator of numbers in [0, 1) is all this takes. */
export function randomness(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) % 65_536) % below;
  };
}

export type Random = (below: number) => number;

export interface Shape {
  /** What the order in which operations take effect respects. */
  readonly order: OrderModel;
  /** Of the order in which operations took effect. */
  readonly evidence: "right" | "wrong" | "none";
  readonly maxEvents: number;
  /** Every value is written once, on registers and logs only: what read what can be told from the values. */
  readonly distinct?: boolean;
}

/** Instants are ticks, unique in a run. */
interface Draft {
  readonly process: number;
  readonly session: number;
  readonly invoked: number;
  readonly takesEffect: number;
  readonly completed: number;
  readonly status: HistoryEvent["status"];
  readonly happens: boolean;
  readonly transaction: boolean;
  readonly operations: DraftOperation[];
}

interface DraftOperation {
  readonly cell: HistoryCell;
  readonly level: HistoryOperation["level"];
  operation: Operation;
  result: unknown;
  position: number | undefined;
}

const types = ["register", "register", "counter", "set", "map", "log"] as const;
const distinctTypes = ["register", "register", "log"] as const;

/** A run of a few sessions on an ideal store: every operation takes effect at once, in an order that the shape allows. */
export function randomHistory(random: Random, shape: Shape): History {
  const drawn = shape.distinct === true ? distinctTypes : types;
  const cells = Array.from({ length: 1 + random(3) }, (_, i): HistoryCell => {
    const type = drawn[random(drawn.length)] as HistoryCell["type"];
    const initial = type === "register" ? 0 : dataType(type).initial({});
    return { key: `c${i}`, label: `c${i}`, type, level: "linearizable", domain: "d", initial };
  });
  const clocks = new Array<number>(1 + random(3)).fill(0);
  // Below real time a session may have two operations in flight together: two processes.
  const sessions = shape.order === "real-time" ? clocks.length : 1 + random(clocks.length);
  const drafts = Array.from({ length: 2 + random(shape.maxEvents - 1) }, (_, i) =>
    draftEvent(i, cells, clocks, sessions, random),
  );
  if (shape.distinct === true) for (const draft of drafts) makeDistinct(draft, drafts.indexOf(draft));
  execute(effectOrder(drafts, shape.order, random), cells, random);
  if (shape.evidence !== "right") for (const draft of drafts) tamper(draft, shape.evidence, drafts.length, random);
  return historyOf(cells, drafts, random(2) === 0);
}

function draftEvent(
  index: number,
  cells: readonly HistoryCell[],
  clocks: number[],
  sessions: number,
  random: Random,
): Draft {
  const process = random(clocks.length);
  const invoked = (clocks[process] as number) + 1 + random(6);
  const takesEffect = invoked + 1 + random(6);
  const completed = takesEffect + 1 + random(6);
  clocks[process] = completed;
  const status = (["ok", "ok", "ok", "ok", "ok", "info", "fail"] as const)[random(7)] as HistoryEvent["status"];
  const transaction = random(4) === 0;
  const operations = Array.from({ length: transaction ? 1 + random(3) : 1 }, () => {
    const cell = cells[random(cells.length)] as HistoryCell;
    const level = random(12) === 0 ? ("eventual" as const) : ("linearizable" as const);
    return { cell, operation: drawOperation[cell.type](random), level, result: undefined, position: undefined };
  });
  const happens = status === "ok" || (status === "info" && random(2) === 0);
  const late = status === "info" ? random(20) : 0;
  const unique = (tick: number): number => tick * 16 + index;
  const times = { invoked: unique(invoked), takesEffect: unique(takesEffect + late), completed: unique(completed) };
  return { process, session: process % sessions, ...times, status, happens, transaction, operations };
}

/** What a compare-and-set expects stays as it was drawn, so that it mostly fails. */
function makeDistinct({ operations }: Draft, index: number): void {
  for (const [i, step] of operations.entries()) {
    const { name, args } = step.operation;
    if (args.length > 0) step.operation = { name, args: [...args.slice(0, -1), 10 * (index + 1) + i] };
  }
}

function effectOrder(drafts: readonly Draft[], order: OrderModel, random: Random): readonly Draft[] {
  if (order === "real-time") return [...drafts].sort((x, y) => x.takesEffect - y.takesEffect);
  const left = [...drafts];
  const result: Draft[] = [];
  while (left.length > 0) {
    const free = left.filter((draft) => order === "none" || !left.some((other) => isBefore(other, draft)));
    const next = free[random(free.length)] as Draft;
    result.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return result;
}

function isBefore(a: Draft, b: Draft): boolean {
  return a.session === b.session && a.status !== "info" && a.completed < b.invoked;
}

function execute(drafts: readonly Draft[], cells: readonly HistoryCell[], random: Random): void {
  const states = new Map(cells.map((cell) => [cell.key, cell.initial]));
  let position = random(3);
  for (const draft of drafts) {
    if (!draft.happens) continue;
    const mutates = draft.operations.some(({ cell, operation }) => dataType(cell.type).mutations.has(operation.name));
    const before = position;
    if (mutates) position += 1 + random(2);
    for (const step of draft.operations) {
      if (step.level !== "linearizable") continue;
      const type = dataType(step.cell.type);
      step.position = type.mutations.has(step.operation.name) ? position : before;
      step.operation = settled(step.operation, states.get(step.cell.key));
      const { state, result } = type.apply(states.get(step.cell.key), step.operation);
      states.set(step.cell.key, state);
      step.result = draft.status === "info" && random(2) === 0 ? undefined : result;
    }
  }
}

/** An update that happens has read what was there. */
function settled(operation: Operation, state: unknown): Operation {
  const { name, args } = operation;
  if (name !== "update") return operation;
  if (args.length === 3) return { name, args: [args[0], (state as Map<unknown, unknown>).get(args[0]), args[2]] };
  return { name, args: [state, args[1]] };
}

function tamper({ operations }: Draft, evidence: Shape["evidence"], positions: number, random: Random): void {
  const position = random(positions);
  for (const step of operations) {
    step.position = evidence === "none" ? undefined : random(3) === 0 ? random(positions) : position;
  }
}

/** Recorded times are coarse, so that many are equal; `exact` says whether the order of equal times is recorded too. */
function historyOf(cells: readonly HistoryCell[], drafts: readonly Draft[], exact: boolean): History {
  const sorted = [...drafts].sort((a, b) => a.invoked - b.invoked);
  const ticks = drafts.flatMap(({ invoked, completed }) => [invoked, completed]).sort((a, b) => a - b);
  const us = (tick: number): number => Math.floor(tick / 48);
  const events = sorted.map((draft, id): HistoryEvent => {
    const lost = draft.status === "info";
    const ended = sorted.slice(0, id).filter((other) => other.process === draft.process && other.status === "info");
    return {
      id,
      // Whatever follows an event of unknown outcome runs as another process.
      process: draft.process + 10 * ended.length,
      session: draft.session,
      region: `r${draft.session}`,
      invokedUs: us(draft.invoked),
      completedUs: lost ? undefined : us(draft.completed),
      invokedOrder: exact ? ticks.indexOf(draft.invoked) : undefined,
      completedOrder: exact && !lost ? ticks.indexOf(draft.completed) : undefined,
      status: draft.status,
      transaction: draft.transaction,
      operations: draft.operations.map(({ cell, ...operation }) => ({ cell: cell.key, ...operation })),
    };
  });
  return { version: 1, cells, events };
}

/** Changes one recorded result to one that another operation may have given. */
export function mutated(history: History, random: Random): History {
  const at = random(history.events.length);
  const values = valuesIn(history);
  const events = history.events.map((event, i) =>
    i === at ? { ...event, operations: event.operations.map((o) => wrong(o, values, random)) } : event,
  );
  return { ...history, events };
}

/** What was written anywhere, and what may have been there from the start. */
function valuesIn({ events }: History): readonly unknown[] {
  const written = events.flatMap(({ operations }) => operations.flatMap(({ operation }) => operation.args.slice(-1)));
  return [0, 1, 2, ...written.filter((value) => typeof value === "number")];
}

function wrong(operation: HistoryOperation, values: readonly unknown[], random: Random): HistoryOperation {
  const { result } = operation;
  if (typeof result === "boolean") return { ...operation, result: !result };
  if (typeof result === "number" || operation.operation.name === "get")
    return { ...operation, result: values[random(values.length)] };
  if (!Array.isArray(result)) return operation;
  const kept = result.slice(0, random(result.length + 1));
  return { ...operation, result: random(3) === 0 ? [...kept, values[random(values.length)]] : kept };
}

const drawOperation: Record<HistoryCell["type"], (random: Random) => Operation> = {
  register: (random) =>
    [
      { name: "read", args: [] },
      { name: "read", args: [] },
      { name: "write", args: [random(3)] },
      { name: "compareAndSet", args: [random(3), random(3)] },
      { name: "update", args: [random(3), random(3)] },
    ][random(5)] as Operation,
  counter: (random) =>
    [
      { name: "read", args: [] },
      { name: "increment", args: [1 + random(2)] },
      { name: "decrement", args: [] },
    ][random(3)] as Operation,
  set: (random) =>
    [
      { name: "has", args: [random(2)] },
      { name: "values", args: [] },
      { name: "size", args: [] },
      { name: "add", args: [random(2)] },
      { name: "delete", args: [random(2)] },
    ][random(5)] as Operation,
  map: (random) =>
    [
      { name: "get", args: ["k"] },
      { name: "entries", args: [] },
      { name: "put", args: ["k", random(3)] },
      { name: "delete", args: ["k"] },
      { name: "update", args: ["k", [undefined, 1, 2][random(3)], random(3)] },
    ][random(5)] as Operation,
  log: (random) =>
    [
      { name: "entries", args: [] },
      { name: "append", args: [random(2)] },
    ][random(2)] as Operation,
};
