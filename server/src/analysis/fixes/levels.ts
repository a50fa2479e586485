import { ts } from "ts-morph";
import { isAtLeast, type Level } from "../../../../runtime/src/levels.js";
import { levelDecorator } from "../extract/annotations.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import type { Edits } from "./edits.js";

export const decorators: Readonly<Record<Level, string>> = {
  none: "NoConsistency",
  eventual: "Eventual",
  causal: "Causal",
  sequential: "Sequential",
  linearizable: "Linearizable",
};

/** Replaces the cell's own level, or puts one before a field that took its class's. */
export function writeLevel(view: View, edits: Edits, cell: Cell, level: Level): boolean {
  const field = nodeOf(cell.site)?.parent;
  if (field === undefined || !ts.isPropertyDeclaration(field)) return false;
  const tree = field.getSourceFile();
  const own = levelDecorator(view.sources.x, field)?.node;
  if (own === undefined) {
    edits.insert(tree, field.getStart(tree), `@${edits.name(tree, decorators[level])}() `);
    return true;
  }
  const expression = ts.isCallExpression(own.expression) ? own.expression.expression : own.expression;
  const name = edits.name(tree, decorators[level], { like: expression });
  edits.replace(own, `@${name}(${keptOptions(own, level)})`);
  return true;
}

/** Options that come from elsewhere cannot be sifted. */
export function hasPlainOptions({ expression }: ts.Decorator): boolean {
  const options = ts.isCallExpression(expression) ? expression.arguments[0] : undefined;
  if (options === undefined) return true;
  return ts.isObjectLiteralExpression(options) && !options.properties.some(ts.isSpreadAssignment);
}

/** A mechanism is chosen for a level and goes with it; a timeout is the caller's patience and stays. */
export function keptOptions(decorator: ts.Decorator, level: Level): string {
  const options = ts.isCallExpression(decorator.expression) ? decorator.expression.arguments[0] : undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return "";
  const names = isAtLeast(level, "sequential") ? ["timeoutMs"] : ["timeoutMs", "merge", "conflict"];
  const kept = options.properties.filter((each) => each.name !== undefined && names.includes(each.name.getText()));
  if (kept.length === options.properties.length) return options.getText();
  return kept.length === 0 ? "" : `{ ${kept.map((each) => each.getText()).join(", ")} }`;
}
