import { counterType } from "../data/counter.js";
import type { DataType } from "../data/data-type.js";
import { AnnotationError } from "../errors.js";
import type { Level } from "../levels.js";
import { bindingOf, Handle, weakened } from "./handle.js";
import { mutate, read } from "./operations.js";

/** A number that is added to. Concurrent increments all count, at every level from eventual up. */
export class Counter extends Handle {
  read(): Promise<number> {
    return read(this, { name: "read", args: [] });
  }

  async increment(by = 1): Promise<void> {
    return mutate(this, { name: "increment", args: [number(this, by)] });
  }

  async decrement(by = 1): Promise<void> {
    return mutate(this, { name: "decrement", args: [number(this, by)] });
  }

  /** The same counter, read at a weaker level. Changing it through this throws `LevelError`. */
  at(level: Level): Counter {
    return weakened(this, level);
  }
}

export const counter = (initial = 0): Counter => {
  if (!Number.isFinite(initial)) {
    throw new AnnotationError(`counter() starts at a number, and ${shown(initial)} is none.`);
  }
  return Object.freeze(new Counter(counterType as DataType, initial));
};

function number(handle: Handle, by: unknown): number {
  if (typeof by === "number" && Number.isFinite(by)) return by;
  const { label } = bindingOf(handle).cell;
  throw new AnnotationError(`\`${label}\` counts by numbers, and ${shown(by)} is none.`, { cell: label });
}

/** Not as JSON, in which NaN and Infinity are null. */
const shown = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value));
