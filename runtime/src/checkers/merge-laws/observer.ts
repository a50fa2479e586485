import { encodeValue } from "../../data/values.js";
import type { History, HistoryCell, HistoryOperation } from "../../history/history.js";
import { checkMergeLaws, type MergeFunction, type MergeLawViolation } from "./checker.js";

export interface FieldViolation extends MergeLawViolation {
  /** `Cart.lines`: a merge belongs to a field, whatever object it is of. */
  readonly field: string;
  /** The cells of it that were seen, as people know them: `alice.lines`. */
  readonly labels: readonly string[];
}

interface MergedField {
  readonly merge: MergeFunction;
  readonly labels: Set<string>;
  /** By canonical text. */
  readonly values: Map<string, unknown>;
}

/** Enough to tell what the values of a field look like, and no more over a hundred thousand schedules. */
const maxValues = 64;

/**
 * Gathers over many histories what was written to fields that merge by a function of the application, and judges each of
 * these functions once: whether it is lawful depends on no schedule.
 */
export class MergeObserver {
  private readonly fields = new Map<string, MergedField>();

  observe({ cells, events }: History): void {
    const observed = new Map<string, MergedField>();
    for (const cell of cells) {
      const field = this.fieldOf(cell);
      if (field !== undefined) observed.set(cell.key, field);
    }
    if (observed.size === 0) return;
    for (const { operations } of events) {
      for (const operation of operations) {
        const field = observed.get(operation.cell);
        if (field !== undefined) for (const value of writtenBy(operation)) note(field, value);
      }
    }
  }

  /** The same seed and the same histories give the same violations. A merge of which too little was seen has none. */
  judge({ seed, cases }: { readonly seed: number; readonly cases?: number }): readonly FieldViolation[] {
    return [...this.fields].flatMap(([field, { merge, labels, values }]) => {
      const given = { label: field, merge, values: [...values.values()], seed };
      const verdict = checkMergeLaws(cases === undefined ? given : { ...given, cases });
      if (verdict.outcome !== "invalid") return [];
      return verdict.violations.map((violation) => ({ ...violation, field, labels: [...labels] }));
    });
  }

  private fieldOf(cell: HistoryCell): MergedField | undefined {
    const merge = cell.options?.merge;
    if (typeof merge !== "function" || (cell.type !== "register" && cell.type !== "map")) return undefined;
    const name = fieldNameOf(cell);
    let field = this.fields.get(name);
    if (field === undefined) {
      field = { merge, labels: new Set(), values: new Map() };
      this.fields.set(name, field);
    }
    if (field.labels.size < maxValues) field.labels.add(cell.label);
    // The merge of a map is that of its values, of which there is none at first.
    if (cell.type === "register") note(field, cell.initial);
    return field;
  }
}

function note({ values }: MergedField, value: unknown): void {
  if (values.size >= maxValues) return;
  const text = encodeValue(value);
  if (!values.has(text)) values.set(text, value);
}

/** `Cart.lines` of the cell `Cart:alice.lines`. */
function fieldNameOf({ key, label }: HistoryCell): string {
  const type = key.endsWith(`:${label}`) ? key.slice(0, -label.length - 1) : key;
  return `${type}.${label.slice(label.lastIndexOf(".") + 1)}`;
}

/** The values of a register, or of a key of a map, that an operation wrote, and of an update the one that it read. */
function writtenBy({ operation: { name, args } }: HistoryOperation): readonly unknown[] {
  if (name === "write") return args;
  if (name === "put") return args.slice(1);
  if (name === "compareAndSet") return args.slice(1);
  if (name === "update") return args.slice(-1);
  return [];
}
