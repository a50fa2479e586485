import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { levelDecorator } from "../extract/annotations.js";
import { fieldValue } from "../extract/members.js";
import type { Cell } from "../model.js";
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

function rewriteRegister(view: View, edits: Edits, cell: Cell, field: ts.PropertyDeclaration): boolean {
  const handle = fieldValue(view.sources.x, field);
  // A declared type, or a constructor that makes the cell elsewhere, would have to change as well.
  if (handle.kind !== "handle" || field.type !== undefined || field.initializer !== handle.call) return false;
  const tree = field.getSourceFile();
  edits.replace(handle.call, `${edits.name(tree, "counter", { like: handle.call.expression })}()`);
  for (const operation of cell.operations) {
    if (operation.access === "read") continue;
    const node = nodeOf(operation.site);
    if (
      operation.increment === undefined ||
      node === undefined ||
      !ts.isCallExpression(node) ||
      !ts.isPropertyAccessExpression(node.expression)
    )
      return false;
    if (!isDiscarded(node)) return false; // `update` gives the new value, `increment` nothing.
    const { sign, by } = operation.increment;
    const call = node.getSourceFile();
    edits.splice(
      call,
      node.expression.name.getStart(call),
      node.getEnd(),
      `${sign === 1 ? "increment" : "decrement"}(${by === "1" ? "" : by})`,
    );
  }
  return true;
}

function isDiscarded(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isVoidExpression(parent))
    return isDiscarded(parent);
  return ts.isExpressionStatement(parent);
}
