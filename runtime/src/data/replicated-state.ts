import { initialOf, PositiveNegativeCounter } from "./counter.js";
import type { CellOptions, DataType, ReplicatedState } from "./data-type.js";
import { OrderedEntries } from "./log.js";
import { ObservedMap } from "./map.js";
import { MultiValueRegister } from "./register.js";
import { ObservedSet } from "./set.js";

type Make = (options: CellOptions) => ReplicatedState<never> | ReplicatedState<unknown>;

const conflictFreeForms: Readonly<Record<DataType["name"], Make>> = {
  register: (options) => new MultiValueRegister(options),
  counter: (options) => new PositiveNegativeCounter(initialOf(options)),
  set: (options) => new ObservedSet(options),
  map: (options) => new ObservedMap(options),
  log: () => new OrderedEntries(),
};

/**
 * A fresh replica of a cell in its type's conflict-free form. It is not a method of the type so that applications, which
 * have one copy of everything unless they are simulated, do not carry what only replicas need.
 */
export function replicatedState<State>(type: DataType<State>, options: CellOptions): ReplicatedState<State> {
  return conflictFreeForms[type.name](options) as ReplicatedState<State>;
}
