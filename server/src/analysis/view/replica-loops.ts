import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { accessOf } from "../extract/operation-names.js";
import { enclosingFunction, isFunctionNode, lookUp, skipOuter } from "../extract/scopes.js";
import { unitsOf } from "../extract/units.js";
import type { ReplicaLoop } from "../model.js";
import { siteOf } from "../sites.js";
import type { View } from "./view.js";

interface Loop {
  /** Where it is reported. */
  readonly node: ts.Node;
  readonly over: ts.Expression;
  readonly variable: ts.Node | undefined;
  readonly body: ts.Node;
}

/**
 * Loops that write through a session of each region in turn and need every write to succeed: any region cut off fails
 * the whole. A loop that catches failures demands all only if it later compares a count with the number of regions. A
 * scenario plays what clients of several regions do, each its own.
 */
export function replicaLoopsOf(view: View, tree: ts.SourceFile): readonly ReplicaLoop[] {
  const found: ReplicaLoop[] = [];
  if (!tree.text.includes("session")) return found;
  const visit = (node: ts.Node): void => {
    const loop = loopAt(node);
    const written = loop && writtenThroughSessions(view, loop);
    if (loop !== undefined && written !== undefined && !isInScenario(view.sources.x, loop.node))
      found.push({ site: siteOf(loop.node), cell: written });
    ts.forEachChild(node, visit);
  };
  for (const unit of unitsOf(tree)) visit(unit.node);
  return found;
}

function isInScenario(x: Extraction, node: ts.Node): boolean {
  for (let around = node.parent; around !== undefined; around = around.parent) {
    if (!ts.isCallExpression(around)) continue;
    const callee = x.evaluate(around.expression);
    if (callee.kind === "runtime" && callee.name === "scenario") return true;
  }
  return false;
}

function loopAt(node: ts.Node): Loop | undefined {
  if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
    return { node, over: node.expression, variable: node.initializer.declarations[0], body: node.statement };
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const callback = node.arguments[0];
  if (
    node.expression.name.text !== "map" ||
    callback === undefined ||
    !isFunctionNode(callback) ||
    callback.body === undefined
  )
    return undefined;
  const all = node.parent;
  const demandsAll =
    ts.isCallExpression(all) &&
    ts.isPropertyAccessExpression(all.expression) &&
    all.expression.getText() === "Promise.all";
  return demandsAll
    ? { node: all, over: node.expression.expression, variable: callback.parameters[0], body: callback.body }
    : undefined;
}

function writtenThroughSessions(view: View, loop: Loop): ReplicaLoop["cell"] | undefined {
  const { x } = view.sources;
  let cell: ReplicaLoop["cell"] | undefined;
  const visit = (node: ts.Node): void => {
    if (cell !== undefined) return;
    ts.forEachChild(node, visit);
    if (cell !== undefined || !ts.isCallExpression(node)) return;
    const callee = x.evaluate(node.expression);
    if (callee.kind !== "operation" || callee.cell.kind !== "cell" || accessOf(callee.name) === "read") return;
    if (!goesThroughSession(x, node.expression, loop, new Set())) return;
    if (node.arguments.some((argument) => comesFromVariable(argument, loop, new Set()))) return;
    if (isCaught(node, loop.body) && !comparesWithCount(loop)) return;
    cell = view.cell(callee.cell.receiver, callee.cell.declaredIn, callee.cell.field);
  };
  visit(loop.body);
  return cell;
}

/** The object was opened in a session that the loop's variable picks. */
function goesThroughSession(x: Extraction, node: ts.Node, loop: Loop, seen: Set<ts.Node>): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const callee = x.evaluate(node.expression);
    if (callee.kind === "runtime" && callee.name === "session.open")
      return comesFromVariable(node.expression.expression, loop, new Set()) && !opensAnother(node, loop);
  }
  if (ts.isIdentifier(node)) {
    const declaration = lookUp(node.text, node);
    if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
      return goesThroughSession(x, declaration.initializer, loop, seen);
    }
  }
  return ts.forEachChild(node, (child) => goesThroughSession(x, child, loop, seen) || undefined) ?? false;
}

/** Each region's own object: nothing is written to all of them. */
function opensAnother({ arguments: [, id] }: ts.CallExpression, loop: Loop): boolean {
  return id !== undefined && comesFromVariable(id, loop, new Set());
}

function comesFromVariable(node: ts.Node, loop: Loop, seen: Set<ts.Node>): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  if (ts.isIdentifier(node)) {
    const declaration = lookUp(node.text, node);
    if (declaration === undefined) return false;
    if (declaration === loop.variable) return true;
    for (let parent: ts.Node = declaration; parent !== undefined; parent = parent.parent)
      if (parent === loop.variable) return true;
    if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined)
      return comesFromVariable(declaration.initializer, loop, seen);
  }
  return ts.forEachChild(node, (child) => comesFromVariable(child, loop, seen) || undefined) ?? false;
}

function isCaught(node: ts.Node, until: ts.Node): boolean {
  for (let child = node; child !== until && child.parent !== undefined; child = child.parent) {
    if (ts.isTryStatement(child.parent) && child.parent.tryBlock === child && child.parent.catchClause !== undefined) {
      return !child.parent.catchClause.block.statements.some(ts.isThrowStatement);
    }
    if (ts.isPropertyAccessExpression(child.parent) && child.parent.name.text === "catch") return true;
  }
  return false;
}

/** `count === regions.length`, in whatever order, after the loop. */
function comparesWithCount(loop: Loop): boolean {
  const around = enclosingFunction(loop.node);
  const length = `${skipOuter(loop.over).getText()}.length`;
  const visit = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && (node.left.getText() === length || node.right.getText() === length)) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return around?.body !== undefined && visit(around.body);
}
