import type { Mutation } from "../../data/data-type.js";
import { dataType } from "../../data/index.js";
import { replicatedState } from "../../data/replicated-state.js";
import { equalValues } from "../../data/values.js";
import { dot, VersionVector } from "../../data/version-vector.js";
import type { History, HistoryCell, HistoryEvent, HistoryOperation, Verdict } from "../../history/history.js";
import { mutates } from "./evidence.js";
import { orderOf } from "./order.js";

/** More events than this are too many for a search through all orders and all pasts. */
export const searchLimit = 7;
const stepLimit = 500_000;

/**
 * Decides small histories by the definitions themselves: some causal order, and for `ccv` some arbitration, explains
 * every result. Undefined where the history is too large, or the definition does not fit its types: what removes means to
 * someone who has not seen the add is said only by an arbitration, so `cm` and `cc` cannot be asked of them.
 */
export function searchCausal(history: History, model: "ccv" | "cm" | "cc"): Verdict | undefined {
  const events = history.events.filter(({ status }) => status !== "fail");
  if (events.length > searchLimit) return undefined;
  const cells = new Map(history.cells.map((cell) => [cell.key, cell]));
  const isContextual = events.some(({ operations }) => operations.some((operation) => contextual(operation, cells)));
  if (isContextual && model !== "ccv") return undefined;
  if (history.cells.some(({ options }) => options?.merge === "last-writer-wins-by-wall-clock")) return undefined;
  // Whatever is unknown happened or did not.
  const unknown = events.filter(({ status }) => status === "info");
  const search: Budget = { left: stepLimit };
  for (let chosen = 0; chosen < 1 << unknown.length; chosen++) {
    const happened = events.filter((event) => {
      const place = unknown.indexOf(event);
      return place < 0 || (chosen & (1 << place)) !== 0;
    });
    const explanation = new Explanations(happened, history, model, isContextual, search).find();
    if (explanation !== undefined) return { outcome: "valid", witness: explanation.map(({ id }) => id) };
  }
  if (search.left <= 0)
    return { outcome: "unknown", reason: "The search for a causal order was given up at its limit of steps." };
  const message = "No causal order of these operations explains what they read.";
  return {
    outcome: "invalid",
    anomalies: [{ name: "causality-violation", message, events: events.map(({ id }) => id) }],
  };
}

interface Budget {
  left: number;
}

/** Whether it matters what the origin of a mutation had seen. */
function contextual(
  { cell: key, operation: { name } }: HistoryOperation,
  cells: ReadonlyMap<string, HistoryCell>,
): boolean {
  return name === "delete" || name === "siblings" || typeof cells.get(key)?.options?.merge === "function";
}

class Explanations {
  private readonly sessionPast: number[];
  private readonly placed: number[] = [];
  /** By event, as a set of events: what comes causally before it. */
  private readonly past: number[] = [];
  private readonly cells: ReadonlyMap<string, HistoryCell>;

  constructor(
    private readonly events: readonly HistoryEvent[],
    history: History,
    private readonly model: "ccv" | "cm" | "cc",
    private readonly isContextual: boolean,
    private readonly budget: Budget,
  ) {
    const order = orderOf(history);
    this.cells = new Map(history.cells.map((cell) => [cell.key, cell]));
    this.sessionPast = events.map((event) =>
      events.reduce((set, other, i) => (precedes(other, event, order) ? set | (1 << i) : set), 0),
    );
  }

  find(): readonly HistoryEvent[] | undefined {
    return this.place(0) ? this.placed.map((i) => this.events[i] as HistoryEvent) : undefined;
  }

  private place(done: number): boolean {
    if (this.placed.length === this.events.length) return true;
    for (let i = 0; i < this.events.length; i++) {
      const session = this.sessionPast[i] as number;
      if ((done & (1 << i)) !== 0 || (session & ~done) !== 0) continue;
      this.placed.push(i);
      for (const past of this.pastsOf(i, done)) {
        if (this.budget.left-- <= 0) return false;
        this.past[i] = past;
        if (this.explains(i) && this.place(done | (1 << i))) return true;
      }
      this.placed.pop();
    }
    return false;
  }

  /** Every set of earlier events that holds its session's past, and with an event all that came before that. */
  private pastsOf(event: number, done: number): number[] {
    const least = this.closed(this.sessionPast[event] as number);
    if (!this.isContextual && !this.isJudged(event)) return [least];
    const pasts: number[] = [];
    for (let set = done; ; set = (set - 1) & done) {
      if ((set & least) === least && this.closed(set) === set) pasts.push(set);
      if (set === 0) return pasts.reverse();
    }
  }

  private closed(set: number): number {
    let closed = set;
    for (let i = 0; i < this.events.length; i++) if ((set & (1 << i)) !== 0) closed |= this.past[i] as number;
    return closed;
  }

  private isJudged(i: number): boolean {
    const { status, operations } = this.events[i] as HistoryEvent;
    return operations.some((operation) => isJudged(operation, status));
  }

  private explains(i: number): boolean {
    if (this.model === "ccv") return this.agreesWithArbitration(i);
    const remembered = this.model === "cm" ? (this.sessionPast[i] as number) : 0;
    return this.hasOrder(this.past[i] as number | 0, i, remembered, this.initial());
  }

  private initial(): Map<string, unknown> {
    return new Map([...this.cells.values()].map(({ key, initial }) => [key, initial]));
  }

  /** The arbitration is the order in which events were placed; what each type makes of it, its merging form says. */
  private agreesWithArbitration(i: number): boolean {
    const event = this.events[i] as HistoryEvent;
    if (!this.isJudged(i)) return true;
    const mutations = this.mutationsIn(this.past[i] as number);
    return event.operations.every((operation, place) => {
      if (!isJudged(operation, event.status)) return true;
      const cell = this.cells.get(operation.cell) as HistoryCell;
      const type = dataType(cell.type);
      const replica = replicatedState(type, cell.options ?? { initial: cell.initial });
      for (const mutation of mutations) if (mutation.cell === cell.key) replica.apply(mutation);
      let state = replica.view();
      for (const own of event.operations.slice(0, place))
        if (own.cell === cell.key && mutates(own)) state = type.apply(state, own.operation).state;
      if (operation.operation.name === "siblings" && !event.transaction)
        return equalValues(replica.siblings(), operation.result);
      return isRight(type.apply(state, operation.operation).result, operation);
    });
  }

  private mutationsIn(past: number): Mutation[] {
    const mutations: Mutation[] = [];
    for (const [place, i] of this.placed.entries()) {
      if ((past & (1 << i)) === 0) continue;
      const { operations } = this.events[i] as HistoryEvent;
      for (const [j, { cell, operation }] of operations.entries()) {
        if (!mutates(operations[j] as HistoryOperation)) continue;
        const clock = place * 100 + j;
        const context = VersionVector.empty(1);
        for (const earlier of mutations)
          if (((this.past[i] as number) & (1 << originOf(earlier))) !== 0 || originOf(earlier) === i)
            context.add(earlier.dot);
        mutations.push({
          dot: dot(0, i * 100 + j + 1),
          clock,
          wallClock: clock,
          context,
          cell,
          operation: asApplied(operation),
        });
      }
    }
    return mutations;
  }

  /** Whether some order of a past that agrees with causality ends in an event and explains it and what is remembered. */
  private hasOrder(left: number, last: number, remembered: number, states: ReadonlyMap<string, unknown>): boolean {
    if (this.budget.left-- <= 0) return false;
    if (left === 0) return this.perform(last, true, states) !== undefined;
    for (let i = 0; i < this.events.length; i++) {
      if ((left & (1 << i)) === 0 || ((this.past[i] as number) & left) !== 0) continue;
      const after = this.perform(i, (remembered & (1 << i)) !== 0, states);
      if (after !== undefined && this.hasOrder(left & ~(1 << i), last, remembered, after)) return true;
    }
    return false;
  }

  private perform(i: number, judged: boolean, before: ReadonlyMap<string, unknown>): Map<string, unknown> | undefined {
    const { status, operations } = this.events[i] as HistoryEvent;
    const states = new Map(before);
    for (const operation of operations) {
      const type = dataType((this.cells.get(operation.cell) as HistoryCell).type);
      const { result } = type.apply(states.get(operation.cell), operation.operation);
      if (judged && isJudged(operation, status) && !isRight(result, operation)) return undefined;
      if (mutates(operation))
        states.set(operation.cell, type.apply(states.get(operation.cell), asApplied(operation.operation)).state);
    }
    return states;
  }
}

const originOf = (mutation: Mutation): number => Math.floor(Math.floor(mutation.dot / 64 - 1) / 100);

function isJudged(operation: HistoryOperation, status: HistoryEvent["status"]): boolean {
  if (operation.operation.name === "update") return operation.operation.args.length >= 2;
  return status === "ok" && (!mutates(operation) || operation.operation.name === "compareAndSet");
}

const isRight = (result: unknown, { operation, result: expected }: HistoryOperation): boolean =>
  equalValues(result, operation.name === "update" ? true : expected);

/** What others apply of an update or a compare-and-set is the write that it made. */
function asApplied(operation: Mutation["operation"]): Mutation["operation"] {
  const { name, args } = operation;
  if (name === "update" && args.length === 3) return { name: "put", args: [args[0], args[2]] };
  if (name === "update" || name === "compareAndSet") return { name: "write", args: [args[1]] };
  return operation;
}

function precedes(a: HistoryEvent, b: HistoryEvent, order: ReturnType<typeof orderOf>): boolean {
  if (a === b || a.session !== b.session || a.status === "info") return false;
  return order(a).completed < order(b).invoked || (a.process === b.process && a.id < b.id);
}
