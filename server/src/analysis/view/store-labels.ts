import { ts } from "ts-morph";
import { holdingOfExpression } from "../extract/holdings.js";
import { unitsOf } from "../extract/units.js";
import type { StoreLabel } from "../model.js";
import { siteOf } from "../sites.js";
import type { View } from "./view.js";

/** What `@faultline/runtime/label` exports. */
const labels: ReadonlySet<string> = new Set(["none", "eventual", "causal", "sequential", "linearizable"]);

/** Calls of the functions that label a store, in files that import them. */
export function storeLabelsOf(view: View, tree: ts.SourceFile): readonly StoreLabel[] {
  if (!tree.text.includes("/label")) return [];
  const { x } = view.sources;
  const found: StoreLabel[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    const [labelled] = ts.isCallExpression(node) ? node.arguments : [];
    if (!ts.isCallExpression(node) || labelled === undefined) return;
    const callee = x.evaluate(node.expression);
    if (callee.kind === "runtime" && labels.has(callee.name))
      found.push({ name: callee.name, site: siteOf(node), holds: holdingOfExpression(x, labelled) });
  };
  for (const { node } of unitsOf(tree)) visit(node);
  return found;
}
