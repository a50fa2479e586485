import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { skipOuter } from "../extract/scopes.js";
import type { CellEffect, Site } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/**
 * One operation in place of a check and an insert: `update(key, (current) => current ?? value)` of a map, `compareAndSet`
 * of a register that is compared with null. Only for an `if` that holds the insert and nothing else.
 */
export function insertIfAbsent(view: View, condition: Site, read: CellEffect, write: CellEffect): Fix | undefined {
  const checked = nodeOf(condition);
  const call = nodeOf(write.site);
  const statement = checked && ifAround(checked);
  if (statement === undefined || call === undefined || !ts.isCallExpression(call) || !isWhole(statement))
    return undefined;
  if (call.getSourceFile() !== statement.getSourceFile() || !isOnly(statement, call)) return undefined;
  const reading = nodeOf(read.site);
  const operation = reading && operationFor(statement.expression, reading, write, call);
  if (operation === undefined || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const edits = new Edits(view.sources.x);
  edits.replace(statement, `await ${call.expression.expression.getText()}.${operation};`);
  return edits.toFix(`Insert into \`${write.cell.name}\` by one operation`, "suggested");
}

function ifAround(condition: ts.Node): ts.IfStatement | undefined {
  let node = condition.parent;
  while (ts.isParenthesizedExpression(node) || ts.isPrefixUnaryExpression(node)) node = node.parent;
  return ts.isIfStatement(node) && node.elseStatement === undefined ? node : undefined;
}

function isOnly({ thenStatement }: ts.IfStatement, call: ts.CallExpression): boolean {
  const [only, ...others] = ts.isBlock(thenStatement) ? thenStatement.statements : [thenStatement];
  if (only === undefined || others.length > 0 || !ts.isExpressionStatement(only)) return false;
  return skipOuter(only.expression) === call;
}

function operationFor(
  condition: ts.Expression,
  reading: ts.Node,
  { cell, operation }: CellEffect,
  call: ts.CallExpression,
): string | undefined {
  const value = call.arguments.at(-1);
  if (value === undefined || waits(value)) return undefined;
  const nothing = nothingIn(condition, reading);
  if (cell.dataType === "map" && operation === "put" && nothing !== undefined) {
    const text =
      ts.isObjectLiteralExpression(value) || !ts.isBinaryExpression(value) ? value.getText() : `(${value.getText()})`;
    return `update(${call.arguments[0]?.getText()}, (current) => current ?? ${text})`;
  }
  const isCompared = nothing === "null" || nothing === "undefined";
  return cell.dataType === "register" && operation === "write" && isCompared
    ? `compareAndSet(${nothing}, ${value.getText()})`
    : undefined;
}

/** What the condition compares with, of `!(await …)` nothing in particular; undefined when it asks for more. */
function nothingIn(given: ts.Expression, reading: ts.Node): string | undefined {
  const node = skipOuter(given);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return skipOuter(node.operand) === reading ? "" : undefined;
  if (!ts.isBinaryExpression(node) || skipOuter(node.left) !== reading) return undefined;
  const { kind } = node.operatorToken;
  const isEqual = kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
  const text = node.right.getText();
  return isEqual && (text === "null" || text === "undefined") ? text : undefined;
}

function waits(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.forEachChild(node, (child) => waits(child) || undefined) ?? false);
}
