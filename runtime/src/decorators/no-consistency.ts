import { type LevelAnnotation, levelAnnotation, type MergingLevelOptions } from "./level.js";

/**
 * Promises nothing: a write lives on the node that took it, a read shows whatever that node has. Always answers.
 */
export const NoConsistency = (options?: MergingLevelOptions): LevelAnnotation =>
  levelAnnotation("NoConsistency", "none", options);
