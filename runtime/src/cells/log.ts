import type { DataType } from "../data/data-type.js";
import { logType } from "../data/log.js";
import type { Level } from "../levels.js";
import { Handle, weakened } from "./handle.js";
import { mutate, read } from "./operations.js";

/** Entries that are only ever appended. Below sequential, one that arrives late may appear in the middle. */
export class Log<T> extends Handle {
  append(entry: T): Promise<void> {
    return mutate(this, { name: "append", args: [entry] });
  }

  entries(): Promise<readonly T[]> {
    return read(this, { name: "entries", args: [] });
  }

  /** The same log, read at a weaker level. Appending through it throws `LevelError`. */
  at(level: Level): Log<T> {
    return weakened(this, level);
  }
}

export const log = <T>(): Log<T> => Object.freeze(new Log<T>(logType as DataType, undefined));
