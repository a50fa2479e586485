import type { AssignLevel } from "../../cells/open.js";
import { isAtLeast } from "../../levels.js";
import type { LevelAssignment } from "../deployment.js";

/**
 * The annotation as it would stand after an edit of its level: a mechanism was chosen for a level and goes with it, a merge
 * settles what exists only below sequential, a timeout is the caller's patience and stays.
 */
export function assigning(assigned: LevelAssignment): AssignLevel {
  return (annotation, field) => {
    const isCopy = annotation.mechanism?.mechanism === "cache";
    const level = assigned[field] ?? (isCopy ? undefined : assigned["*"]);
    if (level === undefined || level === annotation.level) return annotation;
    const { merge, conflict, timeoutMs } = annotation;
    const kept = isAtLeast(level, "sequential") ? { timeoutMs } : { timeoutMs, merge, conflict };
    return { ...kept, level, annotated: annotation.level };
  };
}
