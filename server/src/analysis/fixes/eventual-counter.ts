import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { levelDecorator } from "../extract/annotations.js";
import { fieldValue } from "../extract/members.js";
import type { Cell, CellOperation } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/**
 * `@Eventual() counter()`. Safe for a counter that nothing decides by; a register changes its type as well, so a person
 * should look whether something outside the analysed files updates it.
 */
export function eventualCounter(view: View, cell: Cell): Fix | undefined {
  const field = nodeOf(cell.site)?.parent;
  if (field === undefined || !ts.isPropertyDeclaration(field)) return undefined;
  const edits = new Edits(view.sources.x);
  const tree = field.getSourceFile();
  if (cell.dataType === "register" && !rewriteRegister(view, edits, cell, field)) return undefined;
  const own = levelDecorator(view.sources.x, field)?.node;
  if (own === undefined) edits.insert(tree, field.getStart(tree), `@${edits.name(tree, "Eventual")}() `);
  else {
    const expression = ts.isCallExpression(own.expression) ? own.expression.expression : own.expression;
    edits.replace(own, `@${edits.name(tree, "Eventual", { like: expression })}()`);
  }
  return edits.toFix(
    `Make \`${cell.name}\` \`@Eventual() counter()\``,
    cell.dataType === "counter" ? "safe" : "suggested",
  );
}

/** Makes a register a counter; `count` rewrites a write that is no increment by itself. */
export function rewriteRegister(
  view: View,
  edits: Edits,
  cell: Cell,
  field: ts.PropertyDeclaration,
  count: (write: ts.CallExpression) => boolean = () => false,
): boolean {
  const handle = fieldValue(view.sources.x, field);
  // A declared type, or a constructor that makes the cell elsewhere, would have to change as well.
  if (handle.kind !== "handle" || field.type !== undefined || field.initializer !== handle.call) return false;
  const tree = field.getSourceFile();
  edits.replace(handle.call, `${edits.name(tree, "counter", { like: handle.call.expression })}()`);
  for (const operation of cell.operations) {
    if (operation.access === "read") continue;
    const node = nodeOf(operation.site);
    // `update` gives the new value, `increment` nothing.
    if (node !== undefined && increments(operation) && isDiscarded(node)) writeIncrement(edits, operation);
    else if (node === undefined || !ts.isCallExpression(node) || !count(node)) return false;
  }
  return true;
}

/** An update that can be written as an increment. */
export function increments({ increment, site }: CellOperation): boolean {
  const node = nodeOf(site);
  return (
    increment !== undefined &&
    node !== undefined &&
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression)
  );
}

export function writeIncrement(edits: Edits, { increment, site }: CellOperation): void {
  const node = nodeOf(site) as ts.CallExpression & { readonly expression: ts.PropertyAccessExpression };
  if (increment === undefined) return;
  const { sign, by } = increment;
  const tree = node.getSourceFile();
  const call = `${sign === 1 ? "increment" : "decrement"}(${by === "1" ? "" : by})`;
  edits.splice(tree, node.expression.name.getStart(tree), node.getEnd(), call);
}

export function isDiscarded(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isVoidExpression(parent))
    return isDiscarded(parent);
  return ts.isExpressionStatement(parent);
}
