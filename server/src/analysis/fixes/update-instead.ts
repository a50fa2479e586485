import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { isFunctionNode, lookUp, skipOuter } from "../extract/scopes.js";
import type { Cell, CellEffect } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import { contains } from "../view/succession.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { isDiscarded, rewriteRegister } from "./eventual-counter.js";
import { decorators, writeLevel } from "./levels.js";

/** A read whose only use is the value of a write. */
export interface ReadThenWrite {
  readonly read: CellEffect;
  readonly write: CellEffect;
}

/** `update((balance) => balance + 1)` in place of a read and a write. Below sequential the cell has to be raised as well. */
export function updateInstead(view: View, { read, write }: ReadThenWrite, raiseTo: "linearizable" | undefined) {
  const edits = new Edits(view.sources.x);
  const plan = planOf(read, write);
  if (plan === undefined) return undefined;
  const { call, method, value, parameter, removed } = plan;
  const tree = call.getSourceFile();
  const key = call.arguments.length > 1 ? `${call.arguments[0]?.getText(tree)}, ` : "";
  const body = ts.isObjectLiteralExpression(value) ? `(${plan.body})` : plan.body;
  edits.splice(tree, method.getStart(tree), call.getEnd(), `update(${key}(${parameter}) => ${body})`);
  for (const statement of removed) edits.remove(statement);
  if (raiseTo !== undefined && !writeLevel(view, edits, write.cell, raiseTo)) return undefined;
  const name = `\`${write.cell.name}\``;
  const raise = raiseTo === undefined ? "" : `Raise ${name} to \`@${decorators[raiseTo]}()\` and use`;
  return edits.toFix(`${raise === "" ? `Use \`update\` on ${name}` : `${raise} \`update\``}`, "suggested");
}

/** A counter at the register's own level, where every write adds to what was read. */
export function countInstead(view: View, cell: Cell, pairs: readonly ReadThenWrite[]): Fix | undefined {
  const field = nodeOf(cell.site)?.parent;
  if (cell.dataType !== "register" || cell.initial !== 0 || cell.annotation?.hasDefaultMerge === false)
    return undefined;
  if (field === undefined || !ts.isPropertyDeclaration(field)) return undefined;
  if (cell.operations.some(({ name, access }) => access === "read" && name !== "read")) return undefined;
  const edits = new Edits(view.sources.x);
  const count = (node: ts.CallExpression): boolean => {
    const pair = pairs.find(({ write }) => nodeOf(write.site) === node);
    const plan = pair && planOf(pair.read, pair.write);
    const step = plan && stepOf(plan);
    if (plan === undefined || step === undefined) return false;
    const tree = node.getSourceFile();
    const by = step.by === "1" ? "" : step.by;
    edits.splice(tree, plan.method.getStart(tree), node.getEnd(), `${step.name}(${by})`);
    for (const statement of plan.removed) edits.remove(statement);
    return true;
  };
  if (!rewriteRegister(view, edits, cell, field, count)) return undefined;
  return edits.toFix(`Make \`${cell.name}\` a \`counter()\``, "suggested");
}

interface Plan {
  /** The write, and the name of what it calls. */
  readonly call: ts.CallExpression;
  readonly method: ts.Identifier;
  readonly value: ts.Expression;
  /** The read in the value: itself, or the variable that holds it. */
  readonly isRead: (node: ts.Node) => boolean;
  readonly parameter: string;
  /** The value, in terms of the parameter. */
  readonly body: string;
  /** Declarations that nothing needs any more. */
  readonly removed: readonly ts.Statement[];
}

function planOf(read: CellEffect, write: CellEffect): Plan | undefined {
  const call = nodeOf(write.site);
  const reading = nodeOf(read.site);
  if (call === undefined || reading === undefined || !ts.isCallExpression(call) || !isWhole(call)) return undefined;
  const { expression } = call;
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.name) || !isDiscarded(call))
    return undefined;
  const last = call.arguments.at(-1);
  const value = last && (ts.isArrowFunction(last) ? bodyOf(last) : last);
  if (value === undefined || ts.isSpreadElement(value)) return undefined;
  const found = contains(value, reading)
    ? inPlace(value, reading, write.cell.name)
    : throughVariable(value, reading, []);
  return found && { ...found, call, method: expression.name };
}

/** `() => value` */
function bodyOf({ parameters, body }: ts.ArrowFunction): ts.Expression | undefined {
  return parameters.length === 0 && !ts.isBlock(body) ? body : undefined;
}

type Found = Omit<Plan, "call" | "method">;

function inPlace(value: ts.Expression, reading: ts.Node, cellName: string): Found | undefined {
  let read = reading;
  while (ts.isAwaitExpression(read.parent) || ts.isParenthesizedExpression(read.parent)) {
    if (read === value) break;
    read = read.parent;
  }
  if (waits(value, reading) || isInFunction(reading, value)) return undefined;
  const tree = value.getSourceFile();
  const parameter = mentions(value, cellName) || lookUp(cellName, value) !== undefined ? "current" : cellName;
  if (mentions(value, parameter)) return undefined;
  const start = value.getStart(tree);
  const text = value.getText(tree);
  const body = text.slice(0, read.getStart(tree) - start) + parameter + text.slice(read.getEnd() - start);
  return { value: skipOuter(value), isRead: (node) => node === read, parameter, body, removed: [] };
}

function throughVariable(value: ts.Expression, reading: ts.Node, removed: readonly ts.Statement[]): Found | undefined {
  const names = identifiersIn(value);
  for (const name of names) {
    const declaration = lookUp(name.text, name);
    const statement = declaration && soleStatement(declaration, value);
    if (declaration === undefined || statement === undefined || !ts.isVariableDeclaration(declaration)) continue;
    if (!isUsedOnlyIn(value, name.text, declaration, statement.parent) || waits(value, undefined)) continue;
    const initializer = declaration.initializer && skipOuter(declaration.initializer);
    if (initializer === reading)
      return {
        value: skipOuter(value),
        isRead: (node) => ts.isIdentifier(node) && lookUp(node.text, node) === declaration,
        parameter: name.text,
        body: value.getText(),
        removed: [...removed, statement],
      };
    // `const next = seen + 1; await cell.write(next);`
    if (skipOuter(value) === name && declaration.initializer !== undefined)
      return throughVariable(declaration.initializer, reading, [...removed, statement]);
  }
  return undefined;
}

/** `const seen = …;` in a block that the value stands in too, and not in a loop or a function in it. */
function soleStatement(declaration: ts.Node, value: ts.Node): ts.VariableStatement | undefined {
  const list = declaration.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  if (!ts.isVariableDeclarationList(list) || list.declarations.length !== 1) return undefined;
  if (!ts.isVariableStatement(list.parent) || !ts.isBlock(list.parent.parent)) return undefined;
  const block = list.parent.parent;
  for (let node = value.parent; node !== block; node = node.parent) {
    if (node === undefined || ts.isIterationStatement(node, false)) return undefined;
    // The function of `update(() => …)` is what is rewritten.
    if (isFunctionNode(node) && node.body !== value) return undefined;
  }
  return list.parent;
}

function isUsedOnlyIn(value: ts.Node, name: string, declaration: ts.Node, scope: ts.Node): boolean {
  return identifiersIn(scope).every(
    (each) =>
      each.text !== name || each.parent === declaration || lookUp(name, each) !== declaration || contains(value, each),
  );
}

function identifiersIn(node: ts.Node): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isIdentifier(each)) {
      if (!isMemberName(each)) found.push(each);
    } else ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

function mentions(node: ts.Node, name: string): boolean {
  return identifiersIn(node).some((each) => each.text === name);
}

/** It waits for something other than the read: a function for `update` cannot. */
function waits(node: ts.Node, reading: ts.Node | undefined): boolean {
  if (ts.isYieldExpression(node)) return true;
  if (ts.isAwaitExpression(node) && (reading === undefined || skipOuter(node) !== reading)) return true;
  return ts.forEachChild(node, (child) => waits(child, reading) || undefined) ?? false;
}

function isInFunction(node: ts.Node, outer: ts.Node): boolean {
  for (let each = node; each !== outer; each = each.parent) if (isFunctionNode(each)) return true;
  return isFunctionNode(outer);
}

/** `seen + 1`, `1 + seen`, `seen - price` */
function stepOf({ value, isRead }: Plan): { readonly name: string; readonly by: string } | undefined {
  if (!ts.isBinaryExpression(value)) return undefined;
  const { left, right, operatorToken } = value;
  const isPlus = operatorToken.kind === ts.SyntaxKind.PlusToken;
  if (!isPlus && operatorToken.kind !== ts.SyntaxKind.MinusToken) return undefined;
  const readIn = (node: ts.Node): boolean =>
    isRead(node) || (ts.forEachChild(node, (child) => readIn(child) || undefined) ?? false);
  const isReadItself = (node: ts.Expression): boolean => isRead(node) || isRead(skipOuter(node));
  if (isReadItself(left) && !readIn(right)) return { name: isPlus ? "increment" : "decrement", by: right.getText() };
  return isPlus && isReadItself(right) && !readIn(left) ? { name: "increment", by: left.getText() } : undefined;
}
