import type { Level } from "../levels.js";
import { isMechanism, type MechanismOptions, mechanismProblem } from "../mechanisms/options.js";
import { checkOptions, choice, milliseconds, type OptionTable, suchThat } from "../validation/options.js";
import { isMerge, type LastWriterWins, type MergeFunction } from "./merge-policy.js";
import type { Target } from "./place.js";
import { type AnnotationRecord, noteMethod } from "./record.js";
import {
  annotation,
  type ClassAnnotation,
  type FieldAnnotation,
  type MethodAnnotation,
  type ParameterAnnotation,
} from "./target.js";

/** On a class (the level of its cells), a field, a method (the level of the reads inside), or a store's parameter. */
export interface LevelAnnotation extends FieldAnnotation, MethodAnnotation, ClassAnnotation, ParameterAnnotation {}

export interface LevelOptions {
  /** How the level is provided: `raft()`, `gossip({ intervalMs: 500 })` … The level's own default unless told. */
  readonly mechanism?: MechanismOptions;
  /** How long an operation may wait for other replicas before it fails, in milliseconds; 2,000 unless told. */
  readonly timeoutMs?: number;
}

/** At the levels where replicas take writes that have not seen each other. */
export interface MergingLevelOptions extends LevelOptions {
  /** What becomes of concurrent values of a register, or of one key of a map; `lastWriterWins` unless told. */
  readonly merge?: LastWriterWins | MergeFunction;
  /** What becomes of an element of a set, or a key of a map, added and removed concurrently; `add-wins` unless told. */
  readonly conflict?: "add-wins" | "remove-wins";
}

const orderedOptions: OptionTable = {
  mechanism: suchThat("what raft(), gossip() and the like return", isMechanism),
  timeoutMs: milliseconds(),
};
const mergingOptions: OptionTable = {
  ...orderedOptions,
  merge: suchThat("lastWriterWins, lastWriterWins.wallClock, a function (a, b) => c", isMerge),
  conflict: choice("add-wins", "remove-wins"),
};

/** The one implementation of the five level decorators. */
export function levelAnnotation(decorator: string, level: Level, options: LevelOptions = {}): LevelAnnotation {
  const table = level === "sequential" || level === "linearizable" ? orderedOptions : mergingOptions;
  return annotation<LevelAnnotation>({
    decorator,
    places: ["class", "field", "method", "parameter"],
    given: options,
    note(record, target) {
      // A level on a method says how its reads are read, not how a cell is replicated.
      const problem =
        checkOptions(target.place === "method" ? {} : table, options) ?? mechanismProblem(options.mechanism);
      if (problem !== undefined || target.place === "parameter") return problem;
      const other = levelOf(record, target);
      if (other !== undefined) {
        return `@${decorator}() is a second level, it already has ${other}. Accepted: one level.`;
      }
      if (target.place === "class") record.level = { ...options, level };
      else if (target.place === "field") record.fields.set(target.name, { ...options, level });
      else noteMethod(record, target, { level });
      return undefined;
    },
  });
}

function levelOf(record: AnnotationRecord, target: Target): Level | undefined {
  if (target.place === "class") return record.level?.level;
  if (target.place === "field") return record.fields.get(target.name)?.level;
  return target.place === "method" ? record.methods.get(target.name)?.level : undefined;
}
