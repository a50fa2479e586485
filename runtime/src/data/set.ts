import type { CellOptions, DataType, Mutation, Operation, ReplicatedState } from "./data-type.js";
import { Presence } from "./presence.js";
import { compareText, compareValues, encodeValue } from "./values.js";

/** Elements by their canonical text, so that elements are compared by structure. */
type SetState = ReadonlyMap<string, unknown>;

const empty: SetState = new Map();

/** A set of values, compared by structure and listed in their own order, not in that of insertion: that differs by replica. */
export const setType: DataType<SetState> = {
  name: "set",
  mutations: new Set(["add", "delete"]),
  initial: () => empty,
  apply,
  encode: (state) => `{${[...state.keys()].sort(compareText).join()}}`,
};

function apply(state: SetState, { name, args }: Operation): { state: SetState; result: unknown } {
  switch (name) {
    case "values":
      return { state, result: valuesOf(state) };
    case "size":
      return { state, result: state.size };
    case "has":
      return { state, result: state.has(encodeValue(args[0])) };
    case "add":
      return { state: withElement(state, args[0]), result: undefined };
    case "delete":
      return { state: withoutElement(state, args[0]), result: undefined };
    default:
      throw new TypeError(`A set has no operation "${name}".`);
  }
}

function withElement(state: SetState, value: unknown): SetState {
  const text = encodeValue(value);
  return state.has(text) ? state : new Map(state).set(text, value);
}

function withoutElement(state: SetState, value: unknown): SetState {
  const text = encodeValue(value);
  if (!state.has(text)) return state;
  const next = new Map(state);
  next.delete(text);
  return next;
}

function valuesOf(state: SetState): unknown[] {
  return [...state.values()].sort(compareValues);
}

interface Element {
  readonly value: unknown;
  readonly presence: Presence;
}

export class ObservedSet implements ReplicatedState<SetState> {
  private readonly elements = new Map<string, Element>();
  private cached: SetState | undefined = empty;

  constructor(private readonly options: CellOptions) {}

  apply(mutation: Mutation): void {
    const { presence } = this.elementOf(mutation.operation.args[0]);
    const before = presence.present;
    if (mutation.operation.name === "add") presence.add(mutation);
    else presence.remove(mutation);
    if (presence.present !== before) this.cached = undefined;
  }

  view(): SetState {
    this.cached ??= this.compute();
    return this.cached;
  }

  siblings(): readonly unknown[] {
    return [this.view()];
  }

  liveMutations(): readonly Mutation[] {
    return [];
  }

  keptMutation(): undefined {
    return undefined;
  }

  private elementOf(value: unknown): Element {
    const text = encodeValue(value);
    let element = this.elements.get(text);
    if (element === undefined) {
      element = { value, presence: new Presence(this.options.conflict) };
      this.elements.set(text, element);
    }
    return element;
  }

  private compute(): SetState {
    const state = new Map<string, unknown>();
    for (const [text, { value, presence }] of this.elements) if (presence.present) state.set(text, value);
    return state;
  }
}
