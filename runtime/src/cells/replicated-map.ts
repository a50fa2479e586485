import type { DataType } from "../data/data-type.js";
import { mapType } from "../data/map.js";
import type { Level } from "../levels.js";
import { Handle, weakened } from "./handle.js";
import { mutate, read, readModifyWrite } from "./operations.js";

/** Values by text keys. */
export class ReplicatedMap<K extends string, V> extends Handle {
  get(key: K): Promise<V | undefined> {
    return read(this, { name: "get", args: [key] });
  }

  has(key: K): Promise<boolean> {
    return read(this, { name: "has", args: [key] });
  }

  entries(): Promise<readonly [K, V][]> {
    return read(this, { name: "entries", args: [] });
  }

  put(key: K, value: V): Promise<void> {
    return mutate(this, { name: "put", args: [key, value] });
  }

  delete(key: K): Promise<void> {
    return mutate(this, { name: "delete", args: [key] });
  }

  /** Reads the value of a key, and puts what `change` makes of it: as `Register.update`, also in what it promises. */
  update(key: K, change: (current: V | undefined) => V): Promise<V> {
    return readModifyWrite(this, { name: "update", args: [key] }, (state, copy) => {
      const before = mapType.apply(state as ReadonlyMap<string, unknown>, { name: "get", args: [key] }).result;
      const after = copy(change(copy(before) as V | undefined));
      return {
        operation: { name: "put", args: [key, after] },
        recorded: { name: "update", args: [key, before, after] },
        result: after,
        before,
        after,
      };
    });
  }

  /** The same map, read at a weaker level. Changing it through this throws `LevelError`. */
  at(level: Level): ReplicatedMap<K, V> {
    return weakened(this, level);
  }
}

export const map = <K extends string, V>(): ReplicatedMap<K, V> =>
  Object.freeze(new ReplicatedMap<K, V>(mapType as DataType, undefined));
