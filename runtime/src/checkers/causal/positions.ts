import { dataType } from "../../data/index.js";
import { equalValues } from "../../data/values.js";
import type { History, HistoryEvent, HistoryOperation } from "../../history/history.js";
import { isRead, mutates } from "./evidence.js";
import { orderOf } from "./order.js";

/**
 * Where all operations say where they stand in an order that replicas agree on, that order is an explanation if it holds
 * up: each read shows the state at its position, and no session ever goes back. A total order that respects sessions
 * explains all three models. Undefined where it does not hold up, or positions are missing: that is no verdict.
 */
export function witnessOf(history: History): number[] | undefined {
  const steps: Step[] = [];
  for (const event of history.events) {
    if (event.status === "fail") continue;
    for (const operation of event.operations) {
      const { position } = operation;
      if (position !== undefined) steps.push({ event, operation, position });
      else if (event.status === "ok") return undefined;
    }
    if (event.transaction && !readsOneState(event)) return undefined;
  }
  if (steps.length === 0 || !keepsSessions(history)) return undefined;
  // Mutations first: a read at a position has the effects of what stands there.
  steps.sort((a, b) => a.position - b.position || rank(a) - rank(b) || a.event.id - b.event.id);
  return explains(steps, history) ? [...new Set(steps.map(({ event }) => event.id))] : undefined;
}

interface Step {
  readonly event: HistoryEvent;
  readonly operation: HistoryOperation;
  readonly position: number;
}

function readsOneState({ operations }: HistoryEvent): boolean {
  const reads = operations.filter((operation) => !mutates(operation));
  return reads.every(({ position }) => position === reads[0]?.position);
}

const rank = ({ operation }: Step): number => (mutates(operation) ? 0 : 1);

/** What follows in a session stands at the same position or later, and a mutation after all before it. */
function keepsSessions(history: History): boolean {
  const order = orderOf(history);
  const bySession = new Map<number, { readonly at: number; readonly isEnd: boolean; readonly event: HistoryEvent }[]>();
  for (const event of history.events) {
    if (event.status === "fail") continue;
    const { invoked, completed } = order(event);
    const ends = bySession.get(event.session) ?? [];
    bySession.set(event.session, ends);
    ends.push({ at: invoked, isEnd: false, event });
    if (completed !== Number.POSITIVE_INFINITY) ends.push({ at: completed, isEnd: true, event });
  }
  for (const ends of bySession.values()) {
    let reached = Number.NEGATIVE_INFINITY;
    const floors = new Map<number, number>();
    for (const { isEnd, event } of ends.sort((a, b) => a.at - b.at || a.event.id - b.event.id)) {
      if (!isEnd) {
        floors.set(event.id, reached);
        continue;
      }
      const floor = floors.get(event.id) ?? Number.NEGATIVE_INFINITY;
      for (const operation of event.operations) {
        const position = operation.position ?? floor;
        if (mutates(operation) ? position <= floor : position < floor) return false;
        reached = Math.max(reached, position);
      }
    }
  }
  return true;
}

/** Mutations take effect where they stand; a read shows all up to its position, and what its own transaction did before. */
function explains(steps: readonly Step[], history: History): boolean {
  const types = new Map(history.cells.map(({ key, type }) => [key, dataType(type)]));
  const states = new Map(history.cells.map((cell) => [cell.key, cell.initial]));
  for (const { event, operation } of steps) {
    const type = types.get(operation.cell);
    if (type === undefined) return false;
    const { name } = operation.operation;
    let state = states.get(operation.cell);
    if (!mutates(operation) && event.transaction)
      for (const own of event.operations.slice(0, event.operations.indexOf(operation)))
        if (own.cell === operation.cell && mutates(own)) state = type.apply(state, own.operation).state;
    const after = type.apply(state, operation.operation);
    const isJudged = name === "update" || (event.status === "ok" && isRead(operation));
    if (isJudged && !equalValues(after.result, name === "update" ? true : operation.result)) return false;
    if (mutates(operation)) states.set(operation.cell, after.state);
  }
  return true;
}
