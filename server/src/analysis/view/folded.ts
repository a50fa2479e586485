import { ts } from "ts-morph";
import { isAssignment } from "../extract/assignments.js";
import { type Declaration, enclosingFunction, lookUp, unitOf } from "../extract/scopes.js";
import { consult } from "./consulted.js";
import type { Sources } from "./view.js";

const folds = new Set(["reduce", "reduceRight", "at", "pop", "shift", "find", "findLast"]);
const passingOn = new Set(["slice", "filter", "reverse", "toReversed", "map", "flatMap", "concat", "values"]);

/**
 * The order of an array decides what comes of it: it is folded, one end of it is taken, or a loop over it assigns. An
 * array that is only shown may have whatever order it is shown in.
 */
export function isFolded(sources: Sources, node: ts.Expression, depth = 6): boolean {
  const { parent } = node;
  if (depth === 0 || parent === undefined) return false;
  consult(sources, node);
  const again = (each: ts.Expression): boolean => isFolded(sources, each, depth - 1);
  if (ts.isParenthesizedExpression(parent) || ts.isAwaitExpression(parent) || ts.isAsExpression(parent))
    return again(parent);
  if (ts.isNonNullExpression(parent)) return again(parent);
  if (ts.isElementAccessExpression(parent)) return parent.expression === node;
  if (ts.isSpreadElement(parent) && ts.isArrayLiteralExpression(parent.parent)) return again(parent.parent);
  if (ts.isPropertyAccessExpression(parent)) {
    const call = parent.parent;
    if (!ts.isCallExpression(call) || call.expression !== parent) return false;
    if (folds.has(parent.name.text)) return true;
    if (parent.name.text === "forEach") return call.arguments.some(assigns);
    return passingOn.has(parent.name.text) && again(call);
  }
  if (ts.isForOfStatement(parent)) return parent.expression === node && assigns(parent.statement);
  if (ts.isVariableDeclaration(parent)) {
    if (ts.isArrayBindingPattern(parent.name)) return true;
    return usesOf(parent).some(again);
  }
  if (ts.isExpressionStatement(parent)) return isFoldedLater(sources, node, depth);
  if (ts.isCallExpression(parent)) return isFoldedByCallee(sources, parent, node, depth);
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) {
    const from = enclosingFunction(node);
    if (from === undefined) return false;
    return sources.usages
      .ofFunction(sources.x.functionId(from))
      .some(({ item }) => ts.isCallExpression(item.node) && !item.inline && again(item.node));
  }
  return false;
}

/** `events.sort(byTime);` and then something with `events`. */
function isFoldedLater(sources: Sources, node: ts.Expression, depth: number): boolean {
  const receiver =
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
      ? node.expression.expression
      : undefined;
  if (receiver === undefined || !ts.isIdentifier(receiver)) return false;
  const declaration = lookUp(receiver.text, receiver);
  return (
    declaration !== undefined &&
    usesOf(declaration).some((each) => each.pos > node.end && isFolded(sources, each, depth - 1))
  );
}

function isFoldedByCallee(sources: Sources, call: ts.CallExpression, node: ts.Expression, depth: number): boolean {
  const callee = sources.x.evaluate(call.expression);
  const target = callee.kind === "function" ? sources.x.functionNode(callee.id) : undefined;
  const parameter = target?.parameters[call.arguments.indexOf(node)];
  return parameter !== undefined && usesOf(parameter).some((each) => isFolded(sources, each, depth - 1));
}

function usesOf(declaration: Declaration): readonly ts.Identifier[] {
  const { name } = declaration;
  if (name === undefined || !ts.isIdentifier(name)) return [];
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && lookUp(name.text, node) === declaration)
      found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(unitOf(declaration));
  return found;
}

/** The body makes something of what it had before. */
function assigns(node: ts.Node): boolean {
  if (isAssignment(node)) return true;
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const name = node.expression.name.text;
    if (name === "set" || name === "delete" || name === "apply") return true;
  }
  return ts.forEachChild(node, (child) => assigns(child) || undefined) ?? false;
}
