import { problemOf } from "./problem.js";
import { type LevelMetadata, type MethodMetadata, recordsOf } from "./record.js";

export type {
  InvariantMetadata,
  LevelMetadata,
  MethodMetadata,
  WorkloadArguments,
  WorkloadMetadata,
} from "./record.js";

/** All that the annotations of a class and its bases say. The nearest class wins, member by member. */
export interface ClassMetadata {
  readonly replicated: boolean;
  /** The level of cells that have none of their own. */
  readonly level: LevelMetadata | undefined;
  readonly fields: ReadonlyMap<string | symbol, LevelMetadata>;
  readonly methods: ReadonlyMap<string | symbol, MethodMetadata>;
  readonly staticMethods: ReadonlyMap<string | symbol, MethodMetadata>;
}

/** Throws `AnnotationError` for the first annotation that is wrong. */
export function metadataOf(type: abstract new (...args: never) => unknown): ClassMetadata {
  const records = recordsOf(type);
  const fields = new Map<string | symbol, LevelMetadata>();
  const methods = new Map<string | symbol, MethodMetadata>();
  const staticMethods = new Map<string | symbol, MethodMetadata>();
  for (const { type: owner, record } of [...records].reverse()) {
    for (const problem of record.problems) throw problemOf(owner, problem);
    for (const [name, level] of record.fields) fields.set(name, level);
    for (const [name, method] of record.methods) methods.set(name, { ...methods.get(name), ...method });
    for (const [name, method] of record.staticMethods) {
      staticMethods.set(name, { ...staticMethods.get(name), ...method });
    }
  }
  return {
    replicated: records.some(({ record }) => record.replicated),
    level: records.find(({ record }) => record.level !== undefined)?.record.level,
    fields,
    methods,
    staticMethods,
  };
}
