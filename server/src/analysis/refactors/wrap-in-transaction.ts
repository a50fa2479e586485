import { ts } from "ts-morph";
import { isAtLeast } from "../../../../runtime/src/levels.js";
import { hasModifier } from "../extract/skeleton.js";
import { Edits } from "../fixes/edits.js";
import { indentOf } from "../fixes/move-after.js";
import { type StateEffect, stateOf } from "../states.js";
import { isAsync } from "../view/fates.js";
import { fateOfItem } from "../view/floating.js";
import type { Offer, Refactoring } from "./refactor.js";
import { isAnnotated, methodAt, type Spot } from "./spot.js";

/**
 * Only where a transaction would keep its promise: the method performs operations on cells of one level, and a level
 * that transactions mean something to. Below causal each operation stands alone whatever surrounds it.
 */
export const wrapInTransaction: Refactoring = { id: "wrapInTransaction", kind: "rewrite", offersAt };

function offersAt(spot: Spot): readonly Offer[] {
  const method = methodAt(spot);
  const { view, tree } = spot;
  if (method === undefined || !ts.isIdentifier(method.name) || !isAsync(method)) return [];
  if (method.asteriskToken !== undefined || hasModifier(method, ts.SyntaxKind.StaticKeyword)) return [];
  if (isAnnotated(view, method, "Transaction", "Saga", "Invariant", "Query") || !ts.isClassLike(method.parent))
    return [];
  const levels = new Set(
    view
      .stateEffectsOf(method)
      .filter(takesPart)
      .map((effect) => stateOf(effect).level),
  );
  const [level] = levels;
  if (level === undefined || levels.size > 1 || !isAtLeast(level, "causal") || view.effectsOf(method).length === 0)
    return [];
  // What nobody waits for would be refused once the transaction is over.
  const { items } = view.sources.summaries.factsOf(method);
  if (items.some((item) => (fateOfItem(view, item)?.kind ?? "kept") !== "kept")) return [];
  return [
    {
      title: `Wrap \`${method.name.text}\` in \`@Transaction()\``,
      write() {
        const edits = new Edits(view.sources.x);
        edits.insert(tree, method.getStart(tree), `@${edits.name(tree, "Transaction")}()\n${indentOf(tree, method)}`);
        return edits.toFix(this.title, "suggested");
      },
    },
  ];
}

/** A read that is weakened on purpose stays out of the transaction. */
function takesPart(effect: StateEffect): boolean {
  return effect.access !== "read" || effect.level === stateOf(effect).level;
}
