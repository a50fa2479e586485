import { type LevelAnnotation, type LevelOptions, levelAnnotation } from "./level.js";

/**
 * All agree on one order of all operations that keeps the order of each session; it may lag behind real time. Reads are
 * local. A write needs a majority: without one it throws `UnavailableError` or `IndeterminateError`.
 */
export const Sequential = (options?: LevelOptions): LevelAnnotation =>
  levelAnnotation("Sequential", "sequential", options);
