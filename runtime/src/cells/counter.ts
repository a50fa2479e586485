import { counterType } from "../data/counter.js";
import type { DataType } from "../data/data-type.js";
import type { Level } from "../levels.js";
import { Handle, weakened } from "./handle.js";
import { mutate, read } from "./operations.js";

/** A number that is added to. Concurrent increments all count, at every level from eventual up. */
export class Counter extends Handle {
  async read(): Promise<number> {
    return (await read(this, { name: "read", args: [] })) as number;
  }

  async increment(by = 1): Promise<void> {
    await mutate(this, { name: "increment", args: [by] });
  }

  async decrement(by = 1): Promise<void> {
    await mutate(this, { name: "decrement", args: [by] });
  }

  /** The same counter, read at a weaker level. Changing it through this throws `LevelError`. */
  at(level: Level): Counter {
    return weakened(this, level);
  }
}

export const counter = (initial = 0): Counter => Object.freeze(new Counter(counterType as DataType, initial));
