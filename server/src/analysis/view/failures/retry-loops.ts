import { ts } from "ts-morph";
import { enclosingFunction, isFunctionNode } from "../../extract/scopes.js";
import type { View } from "../view.js";
import { assignedIn, type Ending, flowOf } from "./error-flow.js";
import { loopAround } from "./guarded.js";
import type { FoundHandler } from "./handlers.js";

export interface RetryLoop {
  readonly loop: ts.IterationStatement;
  /** Nothing but success ends it. */
  readonly isEndless: boolean;
}

/** The loop that leaves when the guarded code succeeds, and goes round again when it fails. */
export function retryLoopOf(view: View, found: FoundHandler): RetryLoop | undefined {
  const { node, flow } = found;
  const guarded = ts.isCatchClause(node) ? node.parent : statementAround(node);
  const loop = loopAround(guarded);
  if (loop === undefined || !leavesOnSuccess(node, guarded, loop) || isAboutItem(found, loop)) return undefined;
  const rest = statementsUpTo(guarded, loop);
  const goesRound = flow.endings.some((ending) => isOnward(view, ending, node, rest));
  return goesRound ? { loop, isEndless: isEndless(loop) } : undefined;
}

function isOnward(
  view: View,
  { kind, isAsked }: Ending,
  node: ts.CatchClause | ts.CallExpression,
  rest: readonly ts.Statement[],
): boolean {
  if (isAsked) return false;
  if (kind === "continues") return true;
  if (kind !== "falls" && (kind !== "returns" || ts.isCatchClause(node))) return false;
  const { endings } = flowOf(view.sources, rest, new Set());
  return endings.some((each) => each.kind === "falls" || each.kind === "continues");
}

function leavesOnSuccess(
  node: ts.CatchClause | ts.CallExpression,
  guarded: ts.Statement,
  loop: ts.IterationStatement,
): boolean {
  const rest = statementsUpTo(guarded, loop);
  if (ts.isCatchClause(node)) {
    const { tryBlock } = node.parent;
    return leaves(tryBlock) || rest.some(leaves) || waitsFor(loop, assignedIn(tryBlock));
  }
  return leaves(guarded) || rest.some(leaves) || waitsFor(loop, assignedIn(guarded));
}

/** `while (!done)`, where the guarded code says when it is. */
function waitsFor(loop: ts.IterationStatement, names: ReadonlySet<string>): boolean {
  const condition = conditionOf(loop);
  if (condition === undefined || names.size === 0) return false;
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && names.has(node.text)) ||
    (ts.forEachChild(node, (each) => visit(each) || undefined) ?? false);
  return visit(condition);
}

function conditionOf(loop: ts.IterationStatement): ts.Expression | undefined {
  if (ts.isForStatement(loop)) return loop.condition;
  return ts.isWhileStatement(loop) || ts.isDoStatement(loop) ? loop.expression : undefined;
}

function isEndless(loop: ts.IterationStatement): boolean {
  if (ts.isForStatement(loop)) return loop.condition === undefined;
  const condition = conditionOf(loop);
  return condition !== undefined && (condition.kind === ts.SyntaxKind.TrueKeyword || !countsOnly(condition));
}

/** A bound on attempts ends the loop without success; a flag does not. */
function countsOnly(condition: ts.Expression): boolean {
  const visit = (node: ts.Node): boolean =>
    (ts.isBinaryExpression(node) && node.operatorToken.kind !== ts.SyntaxKind.EqualsEqualsEqualsToken) ||
    ts.isPostfixUnaryExpression(node) ||
    (ts.forEachChild(node, (each) => visit(each) || undefined) ?? false);
  return visit(condition);
}

/** `for (const order of orders)`: the next round is about something else. */
function isAboutItem({ uncertain }: FoundHandler, loop: ts.IterationStatement): boolean {
  if (!ts.isForOfStatement(loop) && !ts.isForInStatement(loop)) return false;
  if (!ts.isVariableDeclarationList(loop.initializer)) return false;
  const names = loop.initializer.declarations.map(({ name }) => name.getText());
  return uncertain.some(({ item }) => names.some((name) => new RegExp(`\\b${name}\\b`).test(item.node.getText())));
}

function leaves(node: ts.Node): boolean {
  if (ts.isReturnStatement(node) || ts.isBreakStatement(node)) return true;
  if (isFunctionNode(node) || ts.isSwitchStatement(node) || ts.isIterationStatement(node, false)) return false;
  return ts.forEachChild(node, (each) => leaves(each) || undefined) ?? false;
}

function statementsUpTo(node: ts.Node, loop: ts.IterationStatement): readonly ts.Statement[] {
  const found: ts.Statement[] = [];
  for (let child = node; child !== loop && child.parent !== undefined; child = child.parent) {
    const { parent } = child;
    if (ts.isBlock(parent))
      found.push(...parent.statements.slice(parent.statements.indexOf(child as ts.Statement) + 1));
  }
  return found;
}

function statementAround(node: ts.Node): ts.Statement {
  let each = node;
  while (!ts.isStatement(each) && each.parent !== undefined) each = each.parent;
  return each as ts.Statement;
}

/** The call by which the handler begins its own function again, perhaps after a pause. */
export function retriesByCall(view: View, { node, flow }: FoundHandler): ts.CallExpression | undefined {
  const { x } = view.sources;
  const ids = new Set<string>();
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around))
    ids.add(x.functionId(around));
  let found: ts.CallExpression | undefined;
  const visit = (each: ts.Node): void => {
    if (found !== undefined) return;
    if (ts.isCallExpression(each)) {
      const callee = x.evaluate(each.expression);
      if (callee.kind === "function" && ids.has(callee.id)) found = each;
    }
    ts.forEachChild(each, visit);
  };
  for (const each of flow.visited) visit(each);
  return found;
}
