import { type LevelAnnotation, levelAnnotation, type MergingLevelOptions } from "./level.js";

/**
 * Replicas that stop receiving writes become equal, and no acknowledged operation is lost. Always answers. In between, a
 * read may miss any write but those of its own replica, and concurrent writes to a register are merged.
 */
export const Eventual = (options?: MergingLevelOptions): LevelAnnotation =>
  levelAnnotation("Eventual", "eventual", options);
