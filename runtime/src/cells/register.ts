import { registerType } from "../data/register.js";
import { equalValues } from "../data/values.js";
import type { Level } from "../levels.js";
import { Handle, weakened } from "./handle.js";
import { conditional, mutate, read, readModifyWrite, siblings } from "./operations.js";

/** One value that is written as a whole. */
export class Register<T> extends Handle {
  read(): Promise<T> {
    return read(this, { name: "read", args: [] });
  }

  write(value: T): Promise<void> {
    return mutate(this, { name: "write", args: [value] });
  }

  /**
   * Reads, and writes what `change` makes of it. From sequential up nothing comes in between: `change` runs again when
   * something did, a bounded number of times, then `ConflictError`. Below, two updates may both succeed and are merged.
   */
  update(change: (current: T) => T): Promise<T> {
    return readModifyWrite(this, { name: "update", args: [] }, (state, copy, _asked, type) => {
      const before = state;
      const after = copy(change(copy(before) as T));
      const translated = type.changed?.(before, after);
      return {
        operation: translated ?? { name: "write", args: [after] },
        recorded: translated ?? { name: "update", args: [before, after] },
        result: after,
        before,
        after,
      };
    });
  }

  /** Writes `next` if the value equals `expected` by structure; tells whether it did. */
  compareAndSet(expected: T, next: T): Promise<boolean> {
    const operation = { name: "compareAndSet", args: [expected, next] };
    return conditional(this, operation, (state, _copy, asked) => {
      const equal = equalValues(state, asked.args[0]);
      return { operation: equal ? asked : undefined, recorded: asked, result: equal };
    });
  }

  /** Every concurrent value that is not merged yet; one from sequential up. */
  siblings(): Promise<readonly T[]> {
    return siblings(this);
  }

  /** The same register, read at a weaker level. Writing through it throws `LevelError`. */
  at(level: Level): Register<T> {
    return weakened(this, level);
  }
}

export const register = <T>(initial: T): Register<T> => Object.freeze(new Register<T>(registerType, initial));
