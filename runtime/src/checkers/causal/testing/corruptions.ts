import type { Dot } from "../../../data/version-vector.js";
import { dot, VersionVector } from "../../../data/version-vector.js";
import type { History, HistoryEvent, HistoryMutation, HistoryOperation } from "../../../history/history.js";
import { pick, type Random } from "./random.js";

type Corruption = (history: History, random: Random) => History | undefined;

/** What may be wrong with evidence, one kind each. Undefined where the history has nothing to do it to. */
export const corruptions: Readonly<Record<string, Corruption>> = {
  "a read shows another value": (history, random) =>
    changedRead(history, random, (operation) => {
      const { result } = operation;
      if (typeof result === "number") return { ...operation, result: result + 1 };
      if (typeof result === "boolean") return { ...operation, result: !result };
      if (Array.isArray(result)) return { ...operation, result: result.length > 0 ? result.slice(1) : ["ghost"] };
      return { ...operation, result: 99 };
    }),
  "a read forgets what it saw": (history, random) =>
    changedRead(history, random, (operation) => {
      const seen = dotsIn(operation, history);
      if (seen.length === 0) return undefined;
      const lost = pick(random, seen);
      return { ...operation, visible: vectorOf(seen.filter((other) => other !== lost)) };
    }),
  "a read claims to have seen more": (history, random) =>
    changedRead(history, random, (operation) => {
      const seen = dotsIn(operation, history);
      const others = (history.mutations ?? []).filter((mutation) => !seen.includes(mutation.dot));
      return others.length === 0 ? undefined : { ...operation, visible: vectorOf([...seen, pick(random, others).dot]) };
    }),
  "a read claims to have seen what nobody has": (history, random) =>
    changedRead(history, random, (operation) => ({
      ...operation,
      visible: vectorOf([...dotsIn(operation, history), dot(2, 50)]),
    })),
  "a mutation forgets what it came after": (history, random) =>
    changedMutation(history, random, (mutation) => {
      const seen = (history.mutations ?? []).map((other) => other.dot).filter((other) => mutation.context.has(other));
      if (seen.length === 0) return undefined;
      const lost = pick(random, seen);
      return { ...mutation, context: vectorOf(seen.filter((other) => other !== lost)) };
    }),
  "a mutation has another place": (history, random) =>
    changedMutation(history, random, (mutation) => ({ ...mutation, clock: random(80) })),
  "a mutation is something else": (history, random) =>
    changedMutation(history, random, (mutation) => {
      const { name, args } = mutation.operation;
      return { ...mutation, operation: { name, args: [...args.slice(0, -1), "other"] } };
    }),
  "a mutation is lost": (history, random) => {
    const mutations = history.mutations ?? [];
    const lost = pick(random, mutations);
    return lost && { ...history, mutations: mutations.filter((mutation) => mutation !== lost) };
  },
  "a mutation is there twice": (history, random) => {
    const mutations = history.mutations ?? [];
    return mutations.length === 0 ? undefined : { ...history, mutations: [...mutations, pick(random, mutations)] };
  },
  "a mutation belongs to what failed": (history, random) => {
    const writers = history.events.filter(({ operations }) => operations.some(({ commit }) => commit !== undefined));
    if (writers.length === 0) return undefined;
    const failed = pick(random, writers);
    return replaced(history, failed, { ...failed, status: "fail" });
  },
  "a write happens only later": (history, random) => {
    const writers = history.events.filter(({ operations }) => operations.some(({ commit }) => commit !== undefined));
    if (writers.length === 0) return undefined;
    const late = pick(random, writers);
    const times = { invokedUs: 1_000, completedUs: 1_001, invokedOrder: 1_000, completedOrder: 1_001 };
    return replaced(history, late, { ...late, ...times, process: 99, session: 99, status: "ok" });
  },
};

function changedRead(
  history: History,
  random: Random,
  change: (operation: HistoryOperation) => HistoryOperation | undefined,
): History | undefined {
  const reads = history.events.flatMap((event) =>
    event.operations
      .filter(({ visible, commit }) => visible !== undefined && commit === undefined)
      .map((operation) => ({ event, operation })),
  );
  if (reads.length === 0) return undefined;
  const { event, operation } = pick(random, reads);
  const changed = change(operation);
  if (changed === undefined) return undefined;
  const operations = event.operations.map((other) => (other === operation ? changed : other));
  return replaced(history, event, { ...event, operations });
}

function changedMutation(
  history: History,
  random: Random,
  change: (mutation: HistoryMutation) => HistoryMutation | undefined,
): History | undefined {
  const mutations = history.mutations ?? [];
  if (mutations.length === 0) return undefined;
  const chosen = pick(random, mutations);
  const changed = change(chosen);
  return changed && { ...history, mutations: mutations.map((other) => (other === chosen ? changed : other)) };
}

function replaced(history: History, event: HistoryEvent, by: HistoryEvent): History {
  const events = history.events.map((other) => (other === event ? by : other));
  return { ...history, events: events.sort((a, b) => (a.invokedOrder ?? 0) - (b.invokedOrder ?? 0)) };
}

function dotsIn({ visible }: HistoryOperation, { mutations = [] }: History): Dot[] {
  return mutations.map((mutation) => mutation.dot).filter((other) => visible?.has(other) === true);
}

function vectorOf(dots: readonly Dot[]): VersionVector {
  const vector = VersionVector.empty(3);
  for (const each of dots) vector.add(each);
  return vector;
}
