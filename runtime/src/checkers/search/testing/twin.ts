import { dataType } from "../../../data/index.js";
import { equalValues } from "../../../data/values.js";
import type { History, HistoryCell, HistoryEvent } from "../../../history/history.js";
import type { OrderModel } from "../order.js";

/**
 * The twin: tries every order of all events together that the model allows, on the states of all cells at once. It
 * knows neither partitions nor memo nor evidence, nor which events are alike or only read. Events in `relaxed` may have
 * happened in their own time, with any result, or not at all.
 */
export function twin(history: History, order: OrderModel, relaxed: ReadonlySet<number> = new Set()): boolean {
  const events = history.events.filter((event) => event.status !== "fail").map(judgedOnly);
  const states = new Map(history.cells.map((cell) => [cell.key, cell.initial]));
  return explains(history, events, states, { order, relaxed });
}

const judgedOnly = (event: HistoryEvent): HistoryEvent => ({
  ...event,
  operations: event.operations.filter(({ level }) => level === "linearizable"),
});

interface Model {
  readonly order: OrderModel;
  readonly relaxed: ReadonlySet<number>;
}

function explains(history: History, events: readonly HistoryEvent[], states: States, model: Model): boolean {
  const optional = (event: HistoryEvent): boolean => event.status === "info" || model.relaxed.has(event.id);
  if (events.every(optional)) return true;
  return events.some((event) => {
    const earlier = events.filter((other) => precedes(other, event, model.order));
    if (!earlier.every(optional)) return false;
    const after = perform(history, event, states, model.relaxed.has(event.id));
    const rest = events.filter((other) => other !== event && !earlier.includes(other));
    return after !== undefined && explains(history, rest, after, model);
  });
}

type States = ReadonlyMap<string, unknown>;

function precedes(a: HistoryEvent, b: HistoryEvent, order: OrderModel): boolean {
  if (a === b || a.status === "info" || a.completedUs === undefined || order === "none") return false;
  if (order === "session" && a.session !== b.session) return false;
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

/** The witness has to be one: every required event once, the order respected, every result explained. */
export function isWitness(history: History, order: OrderModel, witness: readonly number[]): boolean {
  const events = witness.map((id) => judgedOnly(history.events.find((event) => event.id === id) as HistoryEvent));
  const complete = history.events.every(
    (event) => event.status !== "ok" || judgedOnly(event).operations.length === 0 || witness.includes(event.id),
  );
  if (!complete || new Set(witness).size !== witness.length) return false;
  let states: States | undefined = new Map(history.cells.map((cell) => [cell.key, cell.initial]));
  for (const [i, event] of events.entries()) {
    if (events.slice(i + 1).some((later) => precedes(later, event, order))) return false;
    states = states && perform(history, event, states, false);
  }
  return states !== undefined;
}

const typeOf = (history: History, key: string) =>
  dataType((history.cells.find((c) => c.key === key) as HistoryCell).type);
