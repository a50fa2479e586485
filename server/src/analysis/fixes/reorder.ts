import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { localsOf, lookUp } from "../extract/scopes.js";
import type { Site } from "../model.js";
import { nodeOf } from "../sites.js";
import { type StateAct, stateOf } from "../states.js";
import { isWhole } from "../syntax-errors.js";
import { contains } from "../view/succession.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { indentOf } from "./move-after.js";

/**
 * Moves a statement behind the one that it has to wait for. Only whole statements that declare nothing, to a place that
 * is reached whenever they were and where all that they name is still known.
 */
export function runAfter(view: View, moved: StateAct, awaited: StateAct, until: Site | undefined): Fix | undefined {
  const title = `Change \`${stateOf(moved.effect).name}\` after \`${stateOf(awaited.effect).name}\``;
  const node = nodeOf(moved.site);
  const anchor = nodeOf(until ?? awaited.site);
  if (node === undefined || anchor === undefined || !isWhole(node.getSourceFile())) return undefined;
  return splitCombination(view, node, anchor, title) ?? moveStatement(view, node, anchor, title);
}

function moveStatement(view: View, node: ts.Node, anchor: ts.Node, title: string): Fix | undefined {
  const statement = statementOf(node);
  const block = statement?.parent;
  if (statement === undefined || block === undefined || !ts.isBlock(block)) return undefined;
  const target = statementIn(anchor, contains(block, anchor) ? block : undefined);
  if (
    target === undefined ||
    target === statement ||
    !ts.isBlock(target.parent) ||
    leaves(target) ||
    !isWaitedFor(anchor)
  )
    return undefined;
  if (target.parent !== block && namesLocals(statement, target)) return undefined;
  if (target.parent !== block && !isDirectlyIn(block, anchor)) return undefined;
  const tree = statement.getSourceFile();
  const edits = new Edits(view.sources.x);
  edits.splice(tree, lineStart(tree, statement), lineEnd(tree, statement), "");
  edits.insert(tree, lineEnd(tree, target), `${indentOf(tree, target)}${statement.getText(tree)}\n`);
  return edits.toFix(title, "suggested");
}

/** `await Promise.all([save(), clear()])` becomes `await save(); await clear();`. */
function splitCombination(view: View, node: ts.Node, anchor: ts.Node, title: string): Fix | undefined {
  const list = combinationOf(node);
  const statement = list && statementOf(list);
  if (list === undefined || statement === undefined || !contains(list, anchor)) return undefined;
  const moved = list.elements.find((each) => contains(each, node));
  const others = list.elements.filter((each) => each !== moved);
  const call = list.parent;
  if (moved === undefined || others.length === 0 || !ts.isAwaitExpression(call.parent)) return undefined;
  if (call.parent.parent !== statement || others.some(ts.isSpreadElement) || ts.isSpreadElement(moved))
    return undefined;
  const tree = list.getSourceFile();
  const [only] = others;
  const rest =
    others.length === 1 && only !== undefined
      ? `await ${only.getText(tree)};`
      : `await Promise.all([${others.map((each) => each.getText(tree)).join(", ")}]);`;
  const edits = new Edits(view.sources.x);
  edits.replace(statement, `${rest}\n${indentOf(tree, statement)}await ${moved.getText(tree)};`);
  return edits.toFix(title, "suggested");
}

function combinationOf(node: ts.Node): ts.ArrayLiteralExpression | undefined {
  for (let each = node; each !== undefined && !ts.isStatement(each); each = each.parent) {
    if (!ts.isArrayLiteralExpression(each) || !ts.isCallExpression(each.parent)) continue;
    if (each.parent.expression.getText() === "Promise.all") return each;
  }
  return undefined;
}

function statementOf(node: ts.Node): ts.ExpressionStatement | undefined {
  let each = node;
  while (each.parent !== undefined && !ts.isStatement(each)) each = each.parent;
  return ts.isExpressionStatement(each) ? each : undefined;
}

/** The statement of the block that contains the node; without a block, the nearest. */
function statementIn(node: ts.Node, block: ts.Block | undefined): ts.Statement | undefined {
  let each = node;
  while (each.parent !== undefined && (block === undefined ? !ts.isStatement(each) : each.parent !== block))
    each = each.parent;
  return ts.isStatement(each) ? each : undefined;
}

/** The callback that the anchor runs: nothing else stands between the two. */
function isDirectlyIn(block: ts.Block, anchor: ts.Node): boolean {
  return ts.isCallExpression(anchor) && anchor.arguments.includes(block.parent as ts.Expression);
}

function leaves(node: ts.Statement): boolean {
  return ts.isReturnStatement(node) || ts.isThrowStatement(node);
}

/** When its statement is over, so is what it does. */
function isWaitedFor(node: ts.Node): boolean {
  for (let each = node; each !== undefined && !ts.isStatement(each); each = each.parent)
    if (ts.isAwaitExpression(each)) return true;
  return false;
}

function namesLocals(statement: ts.Node, target: ts.Node): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node)) {
      const declaration = lookUp(node.text, node);
      if (declaration !== undefined && declaration !== lookUp(node.text, target)) return true;
      return declaration !== undefined && localsOf(target).get(node.text) === declaration;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(statement);
}

function lineStart(tree: ts.SourceFile, node: ts.Node): number {
  return tree.text.lastIndexOf("\n", node.getStart(tree)) + 1;
}

function lineEnd(tree: ts.SourceFile, node: ts.Node): number {
  const end = tree.text.indexOf("\n", node.getEnd());
  return end < 0 ? tree.text.length : end + 1;
}
