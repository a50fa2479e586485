import type { DataType } from "../data/data-type.js";
import { setType } from "../data/set.js";
import type { Level } from "../levels.js";
import { Handle, weakened } from "./handle.js";
import { mutate, read } from "./operations.js";

/** A set of values, equal by structure. */
export class ReplicatedSet<T> extends Handle {
  has(value: T): Promise<boolean> {
    return read(this, { name: "has", args: [value] });
  }

  add(value: T): Promise<void> {
    return mutate(this, { name: "add", args: [value] });
  }

  delete(value: T): Promise<void> {
    return mutate(this, { name: "delete", args: [value] });
  }

  values(): Promise<readonly T[]> {
    return read(this, { name: "values", args: [] });
  }

  size(): Promise<number> {
    return read(this, { name: "size", args: [] });
  }

  /** The same set, read at a weaker level. Changing it through this throws `LevelError`. */
  at(level: Level): ReplicatedSet<T> {
    return weakened(this, level);
  }
}

export const set = <T>(): ReplicatedSet<T> => Object.freeze(new ReplicatedSet<T>(setType as DataType, undefined));
