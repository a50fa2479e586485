import { compareArbitration, type Mutation } from "../../../data/data-type.js";
import { dataType } from "../../../data/index.js";
import { replicatedState } from "../../../data/replicated-state.js";
import { equalValues } from "../../../data/values.js";
import type {
  History,
  HistoryCell,
  HistoryEvent,
  HistoryMutation,
  HistoryOperation,
} from "../../../history/history.js";

interface Step {
  readonly event: HistoryEvent;
  readonly operation: HistoryOperation;
  readonly visible: readonly HistoryMutation[];
}

/**
 * The twin of the white box, straight from the definition with lists, at no concern for cost: the evidence is right, or
 * would be right if everything that came causally before were visible to those that came after it.
 */
export function twin(history: History): boolean {
  const { events, mutations = [] } = history;
  const cellOf = (key: string) => history.cells.find((cell) => cell.key === key) as HistoryCell;
  const happened = events.filter(({ status }) => status !== "fail");
  const eventOf = (m: HistoryMutation) =>
    happened.find(({ operations }) => operations.some(({ commit }) => commit === m.commit));
  const ownOf = (event: HistoryEvent) => mutations.filter((m) => eventOf(m) === event);
  if (new Set(mutations.map(({ dot }) => dot)).size < mutations.length) return false;

  const steps = happened.flatMap((event) =>
    event.operations.flatMap((operation): Step[] => {
      const { visible } = operation;
      if (visible === undefined) return [];
      return [{ event, operation, visible: mutations.filter((m) => visible.has(m.dot) && m.cell === operation.cell) }];
    }),
  );

  const isKnown = (event: HistoryEvent, { operation }: HistoryOperation) =>
    event.status === "ok" || (operation.name === "update" && ownOf(event).length > 0);

  // What is there was asked for, and before it was seen.
  const invoked = (event: HistoryEvent) => event.invokedOrder as number;
  const completed = (event: HistoryEvent) => event.completedOrder ?? Number.POSITIVE_INFINITY;
  for (const m of mutations) {
    const event = eventOf(m);
    const asked = events.find(({ operations }) => operations.some(({ commit }) => commit === m.commit));
    const place = mutations
      .filter((other) => other.commit === m.commit)
      .sort(compareArbitration)
      .indexOf(m);
    const wanted = asked?.operations.filter(({ commit }) => commit === m.commit)[place];
    if (wanted !== undefined && !isSame(wanted, m)) return false;
    const sameCell = mutations.filter((other) => other.cell === m.cell && m.context.has(other.dot));
    if (event === undefined) continue;
    for (const other of sameCell) {
      const source = eventOf(other);
      if (source !== undefined && invoked(source) > completed(event)) return false;
      if (other === m || (isOrdered(m, other, cellOf) && compareArbitration(other, m) > 0)) return false;
    }
  }
  for (const { event, operation, visible } of steps) {
    if ((operation.visible?.size ?? 0) > mutations.filter((m) => operation.visible?.has(m.dot)).length) return false;
    for (const m of visible) {
      const source = eventOf(m);
      if (source === undefined || invoked(source) > completed(event)) return false;
    }
    if (isKnown(event, operation) && !explains(event, operation, visible, cellOf)) return false;
    const first = steps.find((step) => step.event === event && step.operation.cell === operation.cell) as Step;
    if (event.transaction && first.visible.some((m) => !visible.includes(m))) return false;
    if (event.transaction && visible.some((m) => !first.visible.includes(m))) return false;
  }

  // Session order and reads-from, closed.
  const before = new Map(happened.map((event) => [event, new Set<HistoryEvent>()]));
  for (const a of happened)
    for (const b of happened)
      if (a.session === b.session && a !== b && completed(a) < invoked(b)) before.get(b)?.add(a);
  for (const step of steps)
    for (const m of shown(step, cellOf)) {
      const source = eventOf(m);
      if (source === step.event) return false;
      if (source !== undefined) before.get(step.event)?.add(source);
    }
  close(before);
  for (const [event, set] of before) if (set.has(event)) return false;
  const pastOf = (event: HistoryEvent) => [...(before.get(event) ?? [])].flatMap(ownOf);
  // A read shows a mutation that is itself in its past: the event of that mutation is.

  for (const event of happened)
    for (const m of ownOf(event))
      for (const earlier of pastOf(event))
        if (isOrdered(m, earlier, cellOf) && compareArbitration(earlier, m) > 0) return false;

  // What reads show of arbitration makes no circle with that.
  const settled = new Map([...before].map(([event, set]) => [event, new Set(set)]));
  for (const step of steps)
    for (const m of shown(step, cellOf))
      for (const earlier of new Set([...step.visible, ...pastOf(step.event)])) {
        if (!isOrdered(m, earlier, cellOf) || earlier === m || compareArbitration(earlier, m) > 0) continue;
        const [first, second] = [eventOf(earlier), eventOf(m)];
        if (first !== undefined && second !== undefined && first !== second) settled.get(second)?.add(first);
      }
  close(settled);
  for (const [event, set] of settled) if (set.has(event)) return false;

  // What was acknowledged and is nowhere must not have been there to be seen.
  for (const { event, operation } of steps) {
    if (!isKnown(event, operation)) continue;
    for (const earlier of before.get(event) ?? []) {
      if (earlier.status !== "ok") continue;
      const asked = earlier.operations.filter(({ commit, cell }) => commit !== undefined && cell === operation.cell);
      if (asked.length > ownOf(earlier).filter(({ cell }) => cell === operation.cell).length) return false;
    }
  }
  const aware = new Map(
    mutations.map((m) => {
      const event = eventOf(m);
      const context = m.context.copy();
      for (const earlier of event === undefined ? [] : pastOf(event))
        if (earlier.cell === m.cell) context.add(earlier.dot);
      return [m, { ...m, context }];
    }),
  );
  return steps.every(({ event, operation, visible }) => {
    if (!isKnown(event, operation)) return true;
    const all = new Set([...visible, ...pastOf(event).filter(({ cell }) => cell === operation.cell)]);
    return explains(
      event,
      operation,
      [...all].map((m) => aware.get(m) as HistoryMutation),
      cellOf,
    );
  });
}

function close(before: ReadonlyMap<HistoryEvent, Set<HistoryEvent>>): void {
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const set of before.values())
      for (const a of [...set]) for (const b of before.get(a) ?? []) if (!set.has(b)) isGrowing = set.add(b) && true;
  }
}

function explains(
  event: HistoryEvent,
  operation: HistoryOperation,
  visible: readonly Mutation[],
  cellOf: (key: string) => HistoryCell,
): boolean {
  const cell = cellOf(operation.cell);
  const type = dataType(cell.type);
  const replica = replicatedState(type, cell.options ?? {});
  for (const m of [...visible].sort(compareArbitration)) replica.apply(m);
  let state = replica.view();
  for (const own of event.operations.slice(0, event.operations.indexOf(operation)))
    if (own.commit !== undefined && own.cell === operation.cell) state = type.apply(state, own.operation).state;
  const expected = operation.operation.name === "update" ? true : operation.result;
  return equalValues(type.apply(state, operation.operation).result, expected);
}

/** The visible mutations that a read shows. */
function shown({ operation, visible, event }: Step, cellOf: (key: string) => HistoryCell): readonly HistoryMutation[] {
  const { name, args } = operation.operation;
  const { type } = cellOf(operation.cell);
  const hasOwn = event.operations
    .slice(0, event.operations.indexOf(operation))
    .some((o) => o.commit !== undefined && o.cell === operation.cell);
  if (type === "register") return hasOwn ? [] : last(visible);
  if (type === "set" && name === "has") return visible.filter((m) => m.operation.args[0] === args[0]);
  if (type !== "map" || name === "entries") return visible;
  const own = visible.filter((m) => m.operation.args[0] === args[0]);
  const removes = own.filter((m) => m.operation.name === "delete");
  const puts = own.filter((m) => m.operation.name === "put" && !removes.some((remove) => remove.context.has(m.dot)));
  const snapshot = replicatedState(dataType("map"), cellOf(operation.cell).options ?? {});
  for (const m of visible) snapshot.apply(m);
  const isThere = (snapshot.view() as ReadonlyMap<string, unknown>).has(args[0] as string);
  return isThere ? last(puts) : own;
}

/** Of those that no other has seen, the one that arbitration puts last. */
function last(writes: readonly HistoryMutation[]): readonly HistoryMutation[] {
  const live = writes.filter((m) => !writes.some((other) => other.context.has(m.dot)));
  return [...live].sort(compareArbitration).slice(-1);
}

/** Whether it matters which of two mutations of one cell comes first. */
function isOrdered(a: HistoryMutation, b: HistoryMutation, cellOf: (key: string) => HistoryCell): boolean {
  const { type } = cellOf(a.cell);
  if (a.cell !== b.cell || type === "counter" || type === "set") return false;
  return type !== "map" || a.operation.args[0] === b.operation.args[0];
}

function isSame({ operation, cell }: HistoryOperation, m: HistoryMutation): boolean {
  if (cell !== m.cell) return false;
  if (operation.name === "update") return equalValues(operation.args.at(-1), m.operation.args.at(-1));
  return operation.name === m.operation.name && equalValues(operation.args, m.operation.args);
}
