import { registerType } from "../data/register.js";
import { equalValues } from "../data/values.js";
import type { Level } from "../levels.js";
import { Handle, weakened } from "./handle.js";
import { conditional, mutate, read, readModifyWrite, siblings } from "./operations.js";

/** One value that is written as a whole. */
export class Register<T> extends Handle {
  async read(): Promise<T> {
    return (await read(this, { name: "read", args: [] })) as T;
  }

  async write(value: T): Promise<void> {
    await mutate(this, { name: "write", args: [value] });
  }

  /**
   * Reads, and writes what `change` makes of it. From sequential up nothing comes in between: `change` runs again when
   * something did, a bounded number of times, then `ConflictError`. Below, two updates may both succeed and are merged.
   */
  async update(change: (current: T) => T): Promise<T> {
    return (await readModifyWrite(this, { name: "update", args: [] }, (state, copy) => {
      const before = state;
      const after = copy(change(copy(before) as T));
      return {
        operation: { name: "write", args: [after] },
        recorded: { name: "update", args: [before, after] },
        result: after,
        before,
        after,
      };
    })) as T;
  }

  /** Writes `next` if the value equals `expected` by structure; tells whether it did. */
  async compareAndSet(expected: T, next: T): Promise<boolean> {
    const operation = { name: "compareAndSet", args: [expected, next] };
    return (await conditional(this, operation, (state, _copy, asked) => {
      const equal = equalValues(state, asked.args[0]);
      return { operation: equal ? asked : undefined, recorded: asked, result: equal };
    })) as boolean;
  }

  /** Every concurrent value that is not merged yet; one from sequential up. */
  async siblings(): Promise<readonly T[]> {
    return (await siblings(this)) as readonly T[];
  }

  /** The same register, read at a weaker level. Writing through it throws `LevelError`. */
  at(level: Level): Register<T> {
    return weakened(this, level);
  }
}

export const register = <T>(initial: T): Register<T> => Object.freeze(new Register<T>(registerType, initial));
