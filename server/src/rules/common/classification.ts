import {
  type Category,
  type Classification,
  categoryOf,
  classify,
  type Evidence,
} from "../../../../runtime/src/advice/classification/index.js";
import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { Cell } from "../../analysis/model.js";

/** A cell of which it is clear what kind of data it holds. */
export interface ClassifiedCell {
  readonly category: Category;
  readonly classification: Classification;
  /** "by “balance” in its name": which word says so, and where it was seen. */
  readonly because: string;
}

export function classificationOf(cell: Cell): ClassifiedCell | undefined {
  const { name, owner, dataType, description } = cell;
  const classification = classify({ name, owner, dataType, ...description });
  const { category, evidence } = classification;
  if (category === "NEEDS_ANALYSIS" || evidence === undefined) return undefined;
  return { category: categoryOf(category), classification, because: because(evidence) };
}

function because({ place, text, word }: Evidence): string {
  switch (place) {
    case "name":
      return text.toLowerCase() === word ? "by its name" : `by “${word}” in its name`;
    case "type":
      return `by its type \`${text}\``;
    case "comment":
      return `by “${word}” in its comment`;
    case "owner":
      return `by its class \`${text}\``;
  }
}

/** A counter, or a register that is used as one, at a level that makes every increment wait. */
export function isStrongCounter(cell: Cell): boolean {
  if (cell.level === undefined || !isAtLeast(cell.level, "sequential")) return false;
  if (cell.dataType === "counter") return true;
  if (cell.dataType !== "register" || cell.initial !== 0) return false;
  const changes = cell.operations.filter((operation) => operation.access !== "read");
  return changes.length > 0 && changes.every((operation) => operation.increment !== undefined);
}
