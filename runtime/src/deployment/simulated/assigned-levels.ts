import type { AssignLevel } from "../../cells/open.js";
import { type FieldChange, isAtLeast, type Level, type LevelAssignment } from "../../levels.js";
import type { MechanismOptions } from "../../mechanisms/options.js";
import { countedRegister } from "./counted-register.js";

/**
 * The annotation as it would stand after an edit of its level: a mechanism was chosen for a level and goes with it, a merge
 * settles what exists only below sequential, a timeout is the caller's patience and stays. `onMisfit` is told of fields
 * that cannot run as what they are to be.
 */
export function assigning(assigned: LevelAssignment, onMisfit: (field: string) => void): AssignLevel {
  return (annotation, field, definition) => {
    const isCopy = annotation.mechanism?.mechanism === "cache";
    const {
      level = annotation.level,
      kind,
      options,
    } = changeOf(assigned[field] ?? (isCopy ? undefined : assigned["*"]));
    const type = kind === undefined ? undefined : countedRegister(definition, () => onMisfit(field));
    if (options !== undefined)
      return {
        ...annotation,
        level,
        annotated: annotation.level,
        mechanism: withOptions(annotation.mechanism, options),
      };
    if (level === annotation.level) return type === undefined ? annotation : { ...annotation, type };
    const { merge, conflict, timeoutMs } = annotation;
    const kept = isAtLeast(level, "sequential") ? { timeoutMs } : { timeoutMs, merge, conflict };
    return { ...kept, level, annotated: annotation.level, type };
  };
}

const withOptions = (given: MechanismOptions | undefined, options: MechanismOptions["options"]) =>
  given && { ...given, options: { ...given.options, ...options } };

const changeOf = (given: Level | FieldChange | undefined): FieldChange =>
  typeof given === "object" ? given : given === undefined ? {} : { level: given };
