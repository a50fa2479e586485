import { type LevelAnnotation, type LevelOptions, levelAnnotation } from "./level.js";

/**
 * As if there were one copy: an operation takes effect between its call and its answer. Reads and writes need a majority
 * of the replicas: without one they throw `UnavailableError` or, for a write, `IndeterminateError`.
 */
export const Linearizable = (options?: LevelOptions): LevelAnnotation =>
  levelAnnotation("Linearizable", "linearizable", options);
