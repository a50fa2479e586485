import { foreignCopyHelp } from "../copies.js";
import type { DataType } from "../data/data-type.js";
import type { Cell, SessionState } from "../deployment/deployment.js";
import { AnnotationError } from "../errors.js";
import type { Level } from "../levels.js";

/** A handle's cell in a deployment, and the session that opened it. */
export interface Binding {
  readonly cell: Cell;
  readonly session: SessionState;
}

/** What a cell was made as. */
export interface Definition {
  readonly type: DataType;
  readonly initial: unknown;
}

interface HandleState extends Definition {
  /** The handle that `at(level)` was called on; it is bound, this one looks through it. */
  source: Handle | undefined;
  level: Level | undefined;
  binding: Binding | undefined;
}

let stateIn: (value: object) => HandleState | undefined;

const brand = Symbol.for("faultline.cell");

class Stateful {
  // Private, so that users see nothing but methods, and handles can be frozen. A `WeakMap` would do that too, but until a
  // full collection it keeps alive what its values lead to: in a simulation, the worlds of all schedules since.
  readonly #state: HandleState;

  constructor(type: DataType, initial: unknown) {
    this.#state = { type, initial, source: undefined, level: undefined, binding: undefined };
  }

  static {
    stateIn = (value) => (#state in value ? value.#state : undefined);
  }
}

/** What a field of a replicated class holds: no value, only the way to it. Immutable. */
export type Handle = object;
// Without the private field in its type, which would make two copies of this package differ in types.
export const Handle: abstract new (type: DataType, initial: unknown) => Handle = Stateful;
Object.defineProperty(Handle.prototype, brand, { value: true });

/** The same cell, its reads at a weaker level. */
export function weakened<H extends Handle>(handle: H, level: Level): H {
  const { type, initial } = stateOf(handle);
  const view = new (handle.constructor as new (type: DataType, initial: unknown) => H)(type, initial);
  Object.assign(stateOf(view), { source: handle, level });
  return Object.freeze(view);
}

/** The type and the initial value of a cell that `open` has to bind; undefined for anything else. */
export function definitionOf(value: unknown): Definition | undefined {
  const state = typeof value === "object" && value !== null ? stateIn(value) : undefined;
  return state?.source === undefined ? state : undefined;
}

/** Whether the value is a cell of another copy of this package. */
export const isForeignCell = (value: unknown): boolean =>
  typeof value === "object" && value !== null && brand in value && stateIn(value) === undefined;

export function bind(handle: object, binding: Binding): void {
  const state = stateIn(handle) as HandleState;
  if (state.binding !== undefined && state.binding.cell.key !== binding.cell.key) {
    throw new AnnotationError(
      `\`${binding.cell.label}\` and \`${state.binding.cell.label}\` are one and the same cell object.`,
      { cell: binding.cell.label, help: "Make each cell in a field initializer or in the constructor." },
    );
  }
  state.binding = binding;
}

/** The binding of a handle and the level that `at` asked for. Throws where there is none: use `open()`. */
export function bindingOf(handle: Handle): Binding & { readonly at: Level | undefined } {
  const { binding, source, type, level } = stateOf(handle);
  if (source !== undefined) {
    const { cell, session } = bindingOf(source);
    return { cell, session, at: level };
  }
  if (binding === undefined) {
    throw new AnnotationError(`This ${type.name} belongs to no opened object.`, {
      help: "Use open(Class, id) instead of new, and keep cells in fields that are not #private.",
    });
  }
  return { cell: binding.cell, session: binding.session, at: undefined };
}

function stateOf(handle: Handle): HandleState {
  const state = stateIn(handle);
  if (state === undefined)
    throw new AnnotationError("This is not a cell of this package.", { help: foreignCopyHelp() });
  return state;
}
