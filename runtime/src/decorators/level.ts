import type { Level } from "../levels.js";
import type { MechanismOptions } from "../mechanisms/options.js";
import { isMerge, type LastWriterWins, type MergeFunction } from "./merge-policy.js";
import {
  acceptedMechanisms,
  anything,
  checkMechanism,
  checkOptions,
  choice,
  milliseconds,
  type OptionProblem,
  type OptionTable,
  optionTable,
  suchThat,
} from "./options.js";
import { type LevelMetadata, noteMethod } from "./record.js";
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

const common = { mechanism: anything(acceptedMechanisms), timeoutMs: milliseconds };
const orderedOptions = optionTable(common);
const mergingOptions = optionTable({
  ...common,
  merge: suchThat("lastWriterWins, lastWriterWins.wallClock, a function (a, b) => c", isMerge),
  conflict: choice("add-wins", "remove-wins"),
});
const noOptions = optionTable({});

/** The one implementation of the five level decorators. */
export function levelAnnotation(decorator: string, level: Level, options: LevelOptions = {}): LevelAnnotation {
  const table = level === "sequential" || level === "linearizable" ? orderedOptions : mergingOptions;
  return annotation<LevelAnnotation>({
    decorator,
    places: ["class", "field", "method", "parameter"],
    given: options,
    note(record, target) {
      // A level on a method says how its reads are read, not how a cell is replicated.
      const problem = target.place === "method" ? checkOptions(noOptions, options) : checkLevelOptions(table, options);
      if (problem !== undefined) return problem;
      const metadata: LevelMetadata = { ...options, level };
      if (target.place === "parameter") return undefined;
      if (target.place === "class") {
        if (record.level !== undefined) return twice(decorator, record.level);
        record.level = metadata;
        return undefined;
      }
      if (target.place === "field") {
        const other = record.fields.get(target.name);
        if (other !== undefined) return twice(decorator, other);
        record.fields.set(target.name, metadata);
        return undefined;
      }
      const other = record.methods.get(target.name)?.level;
      if (other !== undefined) return twice(decorator, { level: other });
      noteMethod(record, "method", target.name, { level });
      return undefined;
    },
  });
}

function checkLevelOptions(
  table: Parameters<typeof checkOptions>[0],
  options: LevelOptions,
): OptionProblem | undefined {
  const problem = checkOptions(table, options);
  return problem ?? (options.mechanism === undefined ? undefined : checkMechanism(options.mechanism));
}

const twice = (decorator: string, other: { readonly level: Level }): string =>
  `@${decorator}() is a second level, it already has ${other.level}. Accepted: one level.`;
