import type { ts } from "ts-morph";
import type { Range } from "../../documents/finding.js";
import type { Refactor } from "../analysis.js";
import type { View } from "../view/view.js";
import { changeLevel } from "./change-level.js";
import { fieldToCell } from "./field-to-cell.js";
import { invariant } from "./invariant.js";
import type { Refactoring } from "./refactor.js";
import { registerToCounter } from "./register-to-counter.js";
import { splitByLevel } from "./split-by-level.js";
import type { Spot } from "./spot.js";
import { transactionToSaga } from "./transaction-to-saga.js";
import { wrapInTransaction } from "./wrap-in-transaction.js";

export const refactorings: readonly Refactoring[] = [
  changeLevel,
  fieldToCell,
  registerToCounter,
  wrapInTransaction,
  transactionToSaga,
  splitByLevel,
  invariant,
];

/** All that can be rewritten at a place. One refactoring that fails is left out, and `note` is told why. */
export function refactorsAt(
  view: View,
  tree: ts.SourceFile,
  range: Range,
  note: (text: string) => void,
): readonly Refactor[] {
  const spot: Spot = { view, tree, start: offsetOf(tree, range.start), end: offsetOf(tree, range.end) };
  return refactorings.flatMap(({ id, kind, offersAt }) => {
    try {
      return offersAt(spot).map((offer) => ({ id, kind, title: offer.title, edits: () => offer.write()?.edits ?? [] }));
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      note(`Refactoring ${id} failed on ${tree.fileName}: ${problem}`);
      return [];
    }
  });
}

/** A client may be ahead of or behind the text: what lies outside it means its nearest end. */
function offsetOf(tree: ts.SourceFile, { line, column }: Range["start"]): number {
  const starts = tree.getLineStarts();
  if (line > starts.length) return tree.text.length;
  return Math.min((starts[line - 1] ?? 0) + column - 1, (starts[line] ?? tree.text.length + 1) - 1);
}
