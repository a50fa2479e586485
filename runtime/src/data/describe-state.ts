import type { DataType } from "./data-type.js";
import { describeItems, describeValue, renderKey } from "./values.js";

/**
 * A short rendering of a state for people: `100`, `{book, pen}`. Apart from the types, which every application carries: who
 * tells of states is the simulator.
 */
export function describeState(type: DataType, state: unknown): string {
  const listed = <Item>(operation: string) =>
    type.apply(state, { name: operation, args: [] }).result as readonly Item[];
  switch (type.name) {
    case "counter":
      return String(state);
    case "register":
      return describeValue(state);
    case "log":
      return describeItems(["[", "]"], listed("entries"), (entry) => describeValue(entry));
    case "set":
      return describeItems(["{", "}"], listed("values"), describeElement);
    case "map":
      return describeItems(
        ["{", "}"],
        listed<readonly [string, unknown]>("entries"),
        ([key, value]) => `${renderKey(key)}: ${describeValue(value)}`,
      );
  }
}

function describeElement(value: unknown): string {
  return typeof value === "string" ? renderKey(value) : describeValue(value);
}
