import type { Mutation, Operation } from "../../../data/data-type.js";
import { dataType } from "../../../data/index.js";
import { replicatedState } from "../../../data/replicated-state.js";
import { dot, VersionVector } from "../../../data/version-vector.js";
import type {
  History,
  HistoryCell,
  HistoryEvent,
  HistoryMutation,
  HistoryOperation,
} from "../../../history/history.js";
import { pick, type Random } from "./random.js";

interface Batch {
  readonly mutations: readonly HistoryMutation[];
  /** All that its origin had applied, whatever its mutations say. */
  readonly after: VersionVector;
}

const replicaCount = 3;

/**
 * A few operations of two or three sessions, which may move, on conflict-free replicas that send each other what they
 * took: in causal order or in any, soon, late or never. All evidence is right.
 */
export function replicatedHistory(random: Random, isCausal: boolean): History {
  const cells = ["x", "y"].map((key) => cellNamed(key, random));
  const replicas = Array.from({ length: replicaCount }, () => ({
    applied: [] as HistoryMutation[],
    vector: VersionVector.empty(replicaCount),
    clock: 0,
  }));
  const batches: Batch[] = [];
  const sessions = Array.from({ length: 2 + random(2) }, (_, i) => ({
    at: i,
    process: i,
    seen: VersionVector.empty(replicaCount),
  }));
  const skew = [0, random(40), random(40)];
  const events: HistoryEvent[] = [];
  let commits = 0;
  const deliver = (batch: Batch, to: number) => {
    const replica = replicas[to] as (typeof replicas)[number];
    if (replica.vector.has((batch.mutations[0] as Mutation).dot)) return;
    if (isCausal && !replica.vector.includes(batch.after)) return;
    for (const mutation of batch.mutations) {
      replica.applied.push(mutation);
      replica.vector.add(mutation.dot);
      replica.clock = Math.max(replica.clock, mutation.clock);
    }
  };
  const size = 3 + random(4);
  for (let id = 0; id < size; id++) {
    for (const batch of batches) for (let to = 0; to < replicaCount; to++) if (random(3) === 0) deliver(batch, to);
    const number = random(sessions.length);
    const session = sessions[number] as (typeof sessions)[number];
    if (random(4) === 0) session.at = random(replicaCount);
    const replica = replicas[session.at] as (typeof replicas)[number];
    if (isCausal && !replica.vector.includes(session.seen)) continue; // it would wait, and then be refused
    const transaction = random(4) === 0;
    const visible = replica.vector.copy();
    const states = new Map(cells.map((cell) => [cell.key, stateOf(cell, replica.applied)]));
    const writes: { readonly cell: string; readonly operation: Operation }[] = [];
    const commit = ++commits;
    const operations: HistoryOperation[] = [];
    for (let i = 0; i < (transaction ? 2 : 1); i++) {
      const cell = pick(random, cells);
      const { operation, isWrite, isUpdate } = drawOperation(cell, id * 2 + i + 1, random);
      const type = dataType(cell.type);
      const before = states.get(cell.key);
      if (!isWrite) {
        const result = type.apply(before, operation).result;
        operations.push({ cell: cell.key, level: "causal", operation, result, visible });
        continue;
      }
      const recorded = isUpdate ? { name: "update", args: [before, operation.args[0]] } : operation;
      const seen = isUpdate ? { visible } : {};
      operations.push({ cell: cell.key, level: "causal", operation: recorded, result: undefined, commit, ...seen });
      states.set(cell.key, type.apply(before, operation).state);
      writes.push({ cell: cell.key, operation });
    }
    const context = visible.copy();
    const after = visible.copy();
    const mutations = writes.map((write): HistoryMutation => {
      replica.clock = Math.max(id * 10 + (skew[session.at] as number), replica.clock + 1);
      const own = dot(session.at, replica.vector.prefixOf(session.at) + 1);
      const mutation = { ...write, dot: own, clock: replica.clock, wallClock: id, context: context.copy(), commit };
      replica.vector.add(own);
      replica.applied.push(mutation);
      context.add(own);
      return mutation;
    });
    if (mutations.length > 0) batches.push({ mutations, after });
    const isUnknown = random(12) === 0;
    if (!isUnknown) session.seen.join(replica.vector);
    events.push({
      ...{ id, process: session.process, session: number, region: `r${session.at}`, invokedUs: id * 10 },
      ...{ invokedOrder: id * 2, status: isUnknown ? "info" : "ok", transaction, operations },
      ...{ completedUs: isUnknown ? undefined : id * 10 + 5, completedOrder: isUnknown ? undefined : id * 2 + 1 },
    });
    if (isUnknown) session.process += 10; // its process ends with what nobody knows the outcome of
  }
  return { version: 1, cells, events, mutations: batches.flatMap(({ mutations }) => mutations) };
}

function stateOf(cell: HistoryCell, applied: readonly Mutation[]): unknown {
  const state = replicatedState(dataType(cell.type), cell.options ?? {});
  for (const mutation of applied) if (mutation.cell === cell.key) state.apply(mutation);
  return state.view();
}

function cellNamed(key: string, random: Random): HistoryCell {
  const type = pick(random, ["register", "register", "counter", "set", "set", "map", "log"] as const);
  const options = {
    ...(type === "register" || type === "counter" ? { initial: 0 } : {}),
    ...(type === "set" || type === "map" ? { conflict: pick(random, ["add-wins", "remove-wins"] as const) } : {}),
  };
  return { key, label: key, type, level: "causal", domain: "d", initial: dataType(type).initial(options), options };
}

interface Drawn {
  readonly operation: Operation;
  readonly isWrite: boolean;
  readonly isUpdate: boolean;
}

function drawOperation({ type }: HistoryCell, value: number, random: Random): Drawn {
  const isWrite = random(2) === 0;
  const drawn = (name: string, ...args: unknown[]): Drawn => ({ operation: { name, args }, isWrite, isUpdate: false });
  const element = pick(random, ["a", "b"]);
  switch (type) {
    case "register":
      return isWrite ? { ...drawn("write", value), isUpdate: random(3) === 0 } : drawn("read");
    case "counter":
      return isWrite ? drawn("increment", 1 + random(2)) : drawn("read");
    case "set":
      if (isWrite) return drawn(pick(random, ["add", "delete"]), element);
      return random(2) === 0 ? drawn("values") : drawn("has", element);
    case "map":
      if (isWrite) return random(3) === 0 ? drawn("delete", element) : drawn("put", element, value);
      return random(2) === 0 ? drawn("entries") : drawn("get", element);
    case "log":
      return isWrite ? drawn("append", value) : drawn("entries");
  }
}
