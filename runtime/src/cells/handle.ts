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

interface HandleState {
  readonly type: DataType;
  readonly initial: unknown;
  /** The handle that `at(level)` was called on; it is bound, this one looks through it. */
  readonly source: Handle | undefined;
  readonly level: Level | undefined;
  binding: Binding | undefined;
}

// Outside of the handles, so that users' objects hold nothing but methods, and can be frozen.
const states = new WeakMap<object, HandleState>();

const brand = Symbol.for("faultline.cell");

/** What a field of a replicated class holds: no value, only the way to it. Immutable. */
export abstract class Handle {
  constructor(type: DataType, initial: unknown) {
    states.set(this, { type, initial, source: undefined, level: undefined, binding: undefined });
  }
}
Object.defineProperty(Handle.prototype, brand, { value: true });

/** The same cell, its reads at a weaker level. */
export function weakened<H extends Handle>(handle: H, level: Level): H {
  const view = Object.freeze(Object.create(Object.getPrototypeOf(handle) as object) as H);
  states.set(view, { ...stateOf(handle), source: handle, level });
  return view;
}

/** The type and the initial value of a cell that `open` has to bind; undefined for anything else. */
export function definitionOf(value: unknown): { readonly type: DataType; readonly initial: unknown } | undefined {
  const state = typeof value === "object" && value !== null ? states.get(value) : undefined;
  return state?.source === undefined ? state : undefined;
}

/** Whether the value is a cell of another copy of this package. */
export const isForeignCell = (value: unknown): boolean =>
  typeof value === "object" && value !== null && brand in value && !states.has(value);

export function bind(handle: object, binding: Binding): void {
  const state = states.get(handle) as HandleState;
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
  if (source !== undefined) return { ...bindingOf(source), at: level };
  if (binding === undefined) {
    throw new AnnotationError(`This ${type.name} belongs to no opened object.`, {
      help: "Use open(Class, id) instead of new, and keep cells in fields that are not #private.",
    });
  }
  return { ...binding, at: undefined };
}

function stateOf(handle: Handle): HandleState {
  const state = states.get(handle);
  if (state === undefined)
    throw new AnnotationError("This is not a cell of this package.", { help: foreignCopyHelp() });
  return state;
}
