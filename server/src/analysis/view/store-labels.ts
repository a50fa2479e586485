import { ts } from "ts-morph";
import { holdingOfExpression } from "../extract/holdings.js";
import { labels } from "../extract/stores.js";
import { unitsOf } from "../extract/units.js";
import type { StoreLabel } from "../model.js";
import { siteOf } from "../sites.js";
import type { View } from "./view.js";

export function storeLabelsOf(view: View, tree: ts.SourceFile): readonly StoreLabel[] {
  return labelCallsIn(view, tree).map(({ call, name, labelled }) => ({
    name,
    site: siteOf(call),
    holds: holdingOfExpression(view.sources.x, labelled),
  }));
}

interface LabelCall {
  readonly call: ts.CallExpression;
  readonly name: string;
  readonly labelled: ts.Expression;
}

/** Calls of the functions that label a store, in files that import them. */
export function labelCallsIn(view: View, tree: ts.SourceFile): readonly LabelCall[] {
  if (!tree.text.includes("/label")) return [];
  const { x } = view.sources;
  const found: LabelCall[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    const [labelled] = ts.isCallExpression(node) ? node.arguments : [];
    if (!ts.isCallExpression(node) || labelled === undefined) return;
    const callee = x.evaluate(node.expression);
    if (callee.kind === "runtime" && labels.has(callee.name)) found.push({ call: node, name: callee.name, labelled });
  };
  for (const { node } of unitsOf(tree)) visit(node);
  return found;
}
