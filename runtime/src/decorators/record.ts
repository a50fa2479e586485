import type { Level } from "../levels.js";
import type { MechanismOptions } from "../mechanisms/options.js";
import type { runSaga } from "../transactions/run-saga.js";
import type { runTransaction } from "../transactions/run-transaction.js";
import type { LastWriterWins, MergeFunction } from "./merge-policy.js";
import type { Target } from "./place.js";
import type { AnnotationProblem } from "./problem.js";

/** A level with its options as given: on a class, or on a field. */
export interface LevelMetadata {
  readonly level: Level;
  readonly mechanism?: MechanismOptions | undefined;
  readonly merge?: LastWriterWins | MergeFunction | undefined;
  readonly conflict?: "add-wins" | "remove-wins" | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface InvariantMetadata {
  readonly name: string;
  readonly when: "always" | "converged";
}

export interface WorkloadMetadata {
  /** How often the method is called in proportion to others; 1 unless told, 0 for never. */
  readonly weight?: number | undefined;
  readonly args?: WorkloadArguments | undefined;
}

/** Lists of arguments of which one is drawn for a call, or a function that makes them from a draw in [0, 1). */
export type WorkloadArguments = readonly (readonly unknown[])[] | ((random: () => number) => readonly unknown[]);

/** What the annotations of one method say together. */
export interface MethodMetadata {
  /** The level of the reads inside. */
  readonly level?: Level;
  /** What runs it: the annotation brings that along, so that applications without transactions do not carry it. */
  readonly transaction?: typeof runTransaction;
  readonly saga?: { readonly compensate: string; readonly run: typeof runSaga };
  readonly available?: true;
  /** Whether it changes state or answers: no method does both. */
  readonly responsibility?: "command" | "query";
  readonly deadlineMs?: number;
  readonly invariants?: readonly InvariantMetadata[];
  readonly workload?: WorkloadMetadata;
}

/** What was annotated on one class itself, without its bases. */
export interface AnnotationRecord {
  replicated: boolean;
  level: LevelMetadata | undefined;
  readonly fields: Map<string | symbol, LevelMetadata>;
  readonly methods: Map<string | symbol, MethodMetadata>;
  readonly staticMethods: Map<string | symbol, MethodMetadata>;
  readonly problems: AnnotationProblem[];
}

/** By owner: the metadata object of a class in the standard dialect, the class itself in the legacy one. */
const records = new WeakMap<object, AnnotationRecord>();

export function recordOf(owner: object): AnnotationRecord {
  let record = records.get(owner);
  if (record === undefined) {
    record = {
      replicated: false,
      level: undefined,
      fields: new Map(),
      methods: new Map(),
      staticMethods: new Map(),
      problems: [],
    };
    records.set(owner, record);
  }
  return record;
}

/** The records of a class and its bases, own class first, whichever dialect each of them was compiled in. */
export function recordsOf(type: object): readonly { readonly type: string; readonly record: AnnotationRecord }[] {
  const found: { type: string; record: AnnotationRecord }[] = [];
  const metadataKey = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for("Symbol.metadata");
  for (let c: object | null = type; typeof c === "function" && c !== Function.prototype; c = Object.getPrototypeOf(c)) {
    const metadata: unknown = Object.getOwnPropertyDescriptor(c, metadataKey)?.value;
    for (const owner of [c, metadata]) {
      const record = typeof owner === "object" || typeof owner === "function" ? owner && records.get(owner) : undefined;
      if (record) found.push({ type: c.name, record });
    }
  }
  return found;
}

/** Merges what one more annotation says of a method into its entry. */
export function noteMethod(record: AnnotationRecord, target: Target, more: MethodMetadata): void {
  if (target.place !== "method" && target.place !== "static method") return;
  const methods = target.place === "method" ? record.methods : record.staticMethods;
  const known = methods.get(target.name);
  const invariants = [...(more.invariants ?? []), ...(known?.invariants ?? [])];
  methods.set(target.name, { ...known, ...more, ...(invariants.length > 0 ? { invariants } : {}) });
}
