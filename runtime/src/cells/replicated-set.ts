import type { DataType } from "../data/data-type.js";
import { setType } from "../data/set.js";
import type { Level } from "../levels.js";
import { Handle, weakened } from "./handle.js";
import { mutate, read } from "./operations.js";

/** A set of values, equal by structure. */
export class ReplicatedSet<T> extends Handle {
  async has(value: T): Promise<boolean> {
    return (await read(this, { name: "has", args: [value] })) as boolean;
  }

  async add(value: T): Promise<void> {
    await mutate(this, { name: "add", args: [value] });
  }

  async delete(value: T): Promise<void> {
    await mutate(this, { name: "delete", args: [value] });
  }

  async values(): Promise<readonly T[]> {
    return (await read(this, { name: "values", args: [] })) as readonly T[];
  }

  async size(): Promise<number> {
    return (await read(this, { name: "size", args: [] })) as number;
  }

  /** The same set, read at a weaker level. Changing it through this throws `LevelError`. */
  at(level: Level): ReplicatedSet<T> {
    return weakened(this, level);
  }
}

export const set = <T>(): ReplicatedSet<T> => Object.freeze(new ReplicatedSet<T>(setType as DataType, undefined));
