import { type LevelAnnotation, levelAnnotation, type MergingLevelOptions } from "./level.js";

/**
 * Eventual, and nobody sees an effect before its cause; a session sees its own writes and never goes back. Answers a
 * session that stays at its replica; one that moved waits for what it has seen, then throws `UnavailableError`.
 */
export const Causal = (options?: MergingLevelOptions): LevelAnnotation => levelAnnotation("Causal", "causal", options);
