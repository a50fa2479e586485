import { describe, expect, it } from "vitest";
import type { Operation } from "../../data/data-type.js";
import { dataType } from "../../data/index.js";
import { equalValues } from "../../data/values.js";
import type { History, HistoryCell, HistoryEvent, HistoryOperation } from "../../history/history.js";
import { minimise } from "../search/minimise.js";
import { partitionsOf } from "../search/partition.js";
import { Search } from "../search/search.js";
import { checkLinearizable, linearizableParts } from "./checker.js";

/**
 * The twin: tries every order of all events together that real time allows, on the states of all cells at once. It
 * knows neither partitions nor memo, nor which events are alike or only read. Events in `relaxed` may have happened in
 * their own time, with any result, or not at all.
 */
function twin(history: History, relaxed: ReadonlySet<number> = new Set()): boolean {
  const events = history.events.filter((event) => event.status !== "fail").map(judgedOnly);
  const states = new Map(history.cells.map((cell) => [cell.key, cell.initial]));
  return explains(history, events, states, relaxed);
}

const judgedOnly = (event: HistoryEvent): HistoryEvent => ({
  ...event,
  operations: event.operations.filter(({ level }) => level === "linearizable"),
});

type Ids = ReadonlySet<number>;

function explains(history: History, events: readonly HistoryEvent[], states: States, relaxed: Ids): boolean {
  const optional = (event: HistoryEvent): boolean => event.status === "info" || relaxed.has(event.id);
  if (events.every(optional)) return true;
  return events.some((event) => {
    const earlier = events.filter((other) => precedes(other, event));
    if (!earlier.every(optional)) return false;
    const after = perform(history, event, states, relaxed.has(event.id));
    const rest = events.filter((other) => other !== event && !earlier.includes(other));
    return after !== undefined && explains(history, rest, after, relaxed);
  });
}

type States = ReadonlyMap<string, unknown>;

function precedes(a: HistoryEvent, b: HistoryEvent): boolean {
  if (a === b || a.status === "info" || a.completedUs === undefined) return false;
  if (a.completedUs !== b.invokedUs) return a.completedUs < b.invokedUs;
  if (a.completedOrder !== undefined && b.invokedOrder !== undefined) return a.completedOrder < b.invokedOrder;
  return a.process === b.process && a.id < b.id;
}

/** The states after the event, or undefined where its results contradict them. */
function perform(history: History, event: HistoryEvent, before: States, lenient: boolean): States | undefined {
  const states = new Map(before);
  for (const { cell, operation, result } of event.operations) {
    const { state, result: right } = typeOf(history, cell).apply(states.get(cell), operation);
    // Whether a compare-and-set wrote is known from its result, so that is never forgotten.
    const remembered = !lenient || operation.name === "compareAndSet";
    const judged = event.status === "info" ? result !== undefined : remembered;
    if (operation.name === "update" ? right !== true : judged && !equalValues(right, result)) return undefined;
    states.set(cell, state);
  }
  return states;
}

const typeOf = (history: History, key: string) =>
  dataType((history.cells.find((c) => c.key === key) as HistoryCell).type);

/** Mulberry32: a small generator of numbers in [0, 1) is all this takes. */
function randomness(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) % 65_536) % below;
  };
}

type Random = (below: number) => number;

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

/** Instants are ticks, unique in a run. */
interface Draft {
  readonly process: number;
  readonly invoked: number;
  readonly takesEffect: number;
  readonly completed: number;
  readonly status: HistoryEvent["status"];
  readonly happens: boolean;
  readonly transaction: boolean;
  readonly operations: { cell: HistoryCell; operation: Operation; level: HistoryOperation["level"]; result: unknown }[];
}

const types = ["register", "register", "counter", "set", "map", "log"] as const;

/** A run of a few processes on an ideal store: every operation takes effect at an instant within its interval. */
function randomHistory(random: Random): History {
  const cells = Array.from({ length: 1 + random(3) }, (_, i): HistoryCell => {
    const type = types[random(types.length)] as HistoryCell["type"];
    const initial = type === "register" ? 0 : dataType(type).initial({});
    return { key: `c${i}`, label: `c${i}`, type, level: "linearizable", domain: "d", initial };
  });
  const clocks = new Array<number>(1 + random(3)).fill(0);
  const drafts = Array.from({ length: 2 + random(5) }, (_, i) => draftEvent(i, cells, clocks, random));
  execute(drafts, cells, random);
  return historyOf(cells, drafts, random(2) === 0);
}

function draftEvent(index: number, cells: readonly HistoryCell[], clocks: number[], random: Random): Draft {
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
    return { cell, operation: drawOperation[cell.type](random), level, result: undefined as unknown };
  });
  const happens = status === "ok" || (status === "info" && random(2) === 0);
  const late = status === "info" ? random(20) : 0;
  const unique = (tick: number): number => tick * 16 + index;
  const times = { invoked: unique(invoked), takesEffect: unique(takesEffect + late), completed: unique(completed) };
  return { process, ...times, status, happens, transaction, operations };
}

function execute(drafts: readonly Draft[], cells: readonly HistoryCell[], random: Random): void {
  const states = new Map(cells.map((cell) => [cell.key, cell.initial]));
  for (const draft of [...drafts].sort((x, y) => x.takesEffect - y.takesEffect)) {
    if (!draft.happens) continue;
    for (const step of draft.operations) {
      if (step.level !== "linearizable") continue;
      const type = dataType(step.cell.type);
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
      session: draft.process,
      region: `r${draft.process}`,
      invokedUs: us(draft.invoked),
      completedUs: lost ? undefined : us(draft.completed),
      invokedOrder: exact ? ticks.indexOf(draft.invoked) : undefined,
      completedOrder: exact && !lost ? ticks.indexOf(draft.completed) : undefined,
      status: draft.status,
      transaction: draft.transaction,
      operations: draft.operations.map(({ cell, level, operation, result }) => ({
        cell: cell.key,
        level,
        operation,
        result,
      })),
    };
  });
  return { version: 1, cells, events };
}

/** Changes one recorded result to one that another operation may have given. */
function mutated(history: History, random: Random): History {
  const at = random(history.events.length);
  const events = history.events.map((event, i) =>
    i === at ? { ...event, operations: event.operations.map((o) => wrong(o, random)) } : event,
  );
  return { ...history, events };
}

function wrong(operation: HistoryOperation, random: Random): HistoryOperation {
  const { result } = operation;
  if (typeof result === "boolean") return { ...operation, result: !result };
  if (typeof result === "number" || operation.operation.name === "get") return { ...operation, result: random(3) };
  if (Array.isArray(result)) return { ...operation, result: result.slice(0, random(result.length + 1)) };
  return operation;
}

/** The witness has to be one: every required event once, real time respected, every result explained. */
function isWitness(history: History, witness: readonly number[]): boolean {
  const events = witness.map((id) => judgedOnly(history.events.find((event) => event.id === id) as HistoryEvent));
  const complete = history.events.every(
    (event) => event.status !== "ok" || judgedOnly(event).operations.length === 0 || witness.includes(event.id),
  );
  if (!complete || new Set(witness).size !== witness.length) return false;
  let states: States | undefined = new Map(history.cells.map((cell) => [cell.key, cell.initial]));
  for (const [i, event] of events.entries()) {
    if (events.slice(i + 1).some((later) => precedes(later, event))) return false;
    states = states && perform(history, event, states, false);
  }
  return states !== undefined;
}

describe("the linearizable checker and its twin", () => {
  const runs = 24_000;

  it("agree on random histories, linearizable and not, and every witness and every anomaly holds", () => {
    const counts = { valid: 0, invalid: 0, smaller: 0 };
    for (let seed = 1; seed <= runs; seed++) {
      const random = randomness(seed);
      const run = randomHistory(random);
      const history = seed % 3 === 0 ? run : mutated(run, random);
      const verdict = checkLinearizable(history);
      expect(verdict.outcome, `seed ${seed}`).toBe(twin(history) ? "valid" : "invalid");
      if (seed % 3 === 0) expect(verdict.outcome, `seed ${seed}`).toBe("valid");
      if (verdict.outcome === "valid") {
        counts.valid++;
        if (hasNoTies(history)) expect(isWitness(history, verdict.witness ?? []), `seed ${seed}`).toBe(true);
      } else if (verdict.outcome === "invalid") {
        counts.invalid++;
        const [anomaly] = verdict.anomalies;
        const essential = new Set(anomaly?.events);
        const others = history.events.map((event) => event.id).filter((id) => !essential.has(id));
        expect(twin(history, new Set(others)), `seed ${seed}: the anomaly is none`).toBe(false);
        // Of events of one process at the same time, one that became optional is no longer kept in order.
        for (const id of hasNoTies(history) ? essential : []) {
          expect(twin(history, new Set([...others, id])), `seed ${seed}: the anomaly can do without ${id}`).toBe(true);
        }
        if (essential.size < history.events.length) counts.smaller++;
      }
    }
    expect(counts.valid).toBeGreaterThan(runs / 4);
    expect(counts.invalid).toBeGreaterThan(runs / 10);
    expect(counts.smaller).toBeGreaterThan(runs / 20);
  }, 120_000);
});

describe("minimising", () => {
  it("by the last few events alone finds what contradicts all that came before", () => {
    let found = 0;
    for (let seed = 1; seed <= 6_000; seed++) {
      const random = randomness(seed);
      const history = mutated(randomHistory(random), random);
      for (const partition of partitionsOf(history, linearizableParts)) {
        const search = new Search(partition);
        if (search.run(Number.POSITIVE_INFINITY) !== false) continue;
        const { essential } = minimise(partition, search, [1, 2, 3, Number.POSITIVE_INFINITY]);
        const ids = new Set(essential.map((event) => event.source.id));
        const began = Math.min(...essential.map((event) => event.source.invokedUs));
        const others = history.events.filter((event) => !ids.has(event.id) && (event.completedUs ?? began) >= began);
        expect(twin(history, new Set(others.map((event) => event.id))), `seed ${seed}`).toBe(false);
        if (others.length + ids.size < history.events.length) found++;
      }
    }
    expect(found).toBeGreaterThan(100);
  }, 60_000);
});

/** Partitions are merged by time, so the witness orders equal times of different cells only where that is recorded. */
function hasNoTies(history: History): boolean {
  return history.events.every((event) => event.invokedOrder !== undefined);
}
