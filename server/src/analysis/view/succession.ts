import { ts } from "ts-morph";
import { isFunctionNode } from "../extract/scopes.js";

/** How two nodes of one function stand to one another when it runs, the first before the second in the source. */
export type Succession = "then" | "together" | "never both";

export function successionOf(first: ts.Node, second: ts.Node): Succession {
  const common = commonAncestor(first, second);
  if (common === undefined || common === first || common === second) return "then";
  const before = childTowards(common, first);
  const after = childTowards(common, second);
  if (areAlternatives(common, before, after) || leaves(first, common)) return "never both";
  if (ts.isArrayLiteralExpression(common) && areStarted(common, before)) return "together";
  return isUnderWay(first, second) ? "together" : "then";
}

function commonAncestor(a: ts.Node, b: ts.Node): ts.Node | undefined {
  const around = new Set<ts.Node>();
  for (let node: ts.Node | undefined = a; node !== undefined; node = node.parent) around.add(node);
  for (let node: ts.Node | undefined = b; node !== undefined; node = node.parent) if (around.has(node)) return node;
  return undefined;
}

function childTowards(ancestor: ts.Node, node: ts.Node): ts.Node {
  let child = node;
  while (child.parent !== ancestor) child = child.parent;
  return child;
}

function areAlternatives(common: ts.Node, a: ts.Node, b: ts.Node): boolean {
  if (ts.isIfStatement(common)) return a === common.thenStatement && b === common.elseStatement;
  if (ts.isConditionalExpression(common)) return a === common.whenTrue && b === common.whenFalse;
  if (ts.isTryStatement(common)) return a === common.tryBlock && b === common.catchClause;
  if (!ts.isCaseBlock(common)) return false;
  // A clause runs on into the next unless something ends it.
  return ts.isCaseOrDefaultClause(a) && a.statements.some(ends);
}

function ends(node: ts.Node): boolean {
  if (ts.isBlock(node)) return node.statements.some(ends);
  return ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node);
}

/** After the node its function returns or throws before it comes to anything else of `common`. */
function leaves(node: ts.Node, common: ts.Node): boolean {
  for (
    let child = node, { parent } = node;
    child !== common && parent !== undefined;
    child = parent, { parent } = parent
  ) {
    if (isFunctionNode(child)) return false; // It leaves the callback, and what calls it goes on.
    if (ts.isReturnStatement(child) || ts.isThrowStatement(child)) return true;
    if (parent === common || !ts.isBlock(parent)) continue;
    const rest = parent.statements.slice(parent.statements.indexOf(child as ts.Statement) + 1);
    if (rest.some((each) => ts.isReturnStatement(each) || ts.isThrowStatement(each))) return true;
  }
  return false;
}

/** The next element begins while this one is under way, whatever becomes of the array. Functions are for others to run. */
function areStarted({ parent }: ts.ArrayLiteralExpression, element: ts.Node): boolean {
  if (!isFunctionNode(element)) return !waits(element);
  return ts.isCallExpression(parent) && !/\bpush$/.test(parent.expression.getText());
}

function waits(node: ts.Node): boolean {
  if (isFunctionNode(node)) return false;
  return ts.isAwaitExpression(node) || (ts.forEachChild(node, (each) => waits(each) || undefined) ?? false);
}

/** Put into a variable, and not waited for before the second begins; or never waited for. */
function isUnderWay(node: ts.Node, second: ts.Node): boolean {
  let holder = node;
  while (ts.isParenthesizedExpression(holder.parent) || ts.isAsExpression(holder.parent)) holder = holder.parent;
  const { parent } = holder;
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const { text } = parent.name;
  const isMention = (each: ts.Node): boolean => ts.isIdentifier(each) && each.text === text && each !== parent.name;
  const visit = (each: ts.Node): boolean => {
    const isBefore = each.getEnd() <= second.getStart() && ts.isAwaitExpression(each);
    return (
      (isBefore && someNode(each, isMention)) || (ts.forEachChild(each, (child) => visit(child) || undefined) ?? false)
    );
  };
  return !visit(parent.parent.parent.parent);
}

function someNode(node: ts.Node, test: (node: ts.Node) => boolean): boolean {
  return test(node) || (ts.forEachChild(node, (child) => someNode(child, test) || undefined) ?? false);
}

/** The `catch` that runs when the node fails, the nearest first. */
export function handlersAround(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  for (let child = node, { parent } = node; parent !== undefined; child = parent, { parent } = parent) {
    if (ts.isTryStatement(parent) && parent.tryBlock === child && parent.catchClause !== undefined)
      found.push(parent.catchClause);
    const isCatch =
      ts.isPropertyAccessExpression(parent) && parent.expression === child && parent.name.text === "catch";
    if (isCatch && ts.isCallExpression(parent.parent)) found.push(...parent.parent.arguments);
    if (ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent)) break;
  }
  return found;
}

export function contains(outer: ts.Node, inner: ts.Node): boolean {
  for (let node: ts.Node | undefined = inner; node !== undefined; node = node.parent) if (node === outer) return true;
  return false;
}
