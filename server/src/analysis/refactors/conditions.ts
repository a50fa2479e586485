import { ts } from "ts-morph";
import { accessOf } from "../extract/operation-names.js";
import { enclosingFunction, lookUp, skipOuter } from "../extract/scopes.js";
import type { View } from "../view/view.js";

/** An expression that is true or false, as far as its syntax and the cells in it tell. */
export function isCondition(view: View, given: ts.Expression): boolean {
  const node = skipOuter(given);
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken)
      return isCondition(view, node.left) && isCondition(view, node.right);
    return opposites.has(kind) || kind === ts.SyntaxKind.InKeyword || kind === ts.SyntaxKind.InstanceOfKeyword;
  }
  if (ts.isCallExpression(node)) return givesTruth(view, node);
  const held = ts.isIdentifier(node) ? constantOf(node) : undefined;
  return held !== undefined && isCondition(view, held);
}

function givesTruth(view: View, node: ts.CallExpression): boolean {
  const callee = view.sources.x.evaluate(node.expression);
  if (callee.kind === "operation" && callee.name === "read" && callee.cell.kind === "cell") {
    const { receiver, declaredIn, field } = callee.cell;
    return typeof view.cell(receiver, declaredIn, field)?.initial === "boolean";
  }
  return (
    ts.isPropertyAccessExpression(node.expression) &&
    /^(?:every|some|includes|has|startsWith|endsWith|test|is[A-Z]\w*)$/.test(node.expression.name.text)
  );
}

const opposites: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, ">="],
  [ts.SyntaxKind.LessThanEqualsToken, ">"],
  [ts.SyntaxKind.GreaterThanToken, "<="],
  [ts.SyntaxKind.GreaterThanEqualsToken, "<"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.EqualsEqualsToken, "!="],
  [ts.SyntaxKind.ExclamationEqualsToken, "=="],
]);

/** What has to hold for the condition not to; written anew only where it is one comparison. */
export function negated(given: ts.Expression, write: (node: ts.Node) => string): string {
  const node = ts.isParenthesizedExpression(given) ? given.expression : given;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const { operand } = node;
    return write(ts.isParenthesizedExpression(operand) ? operand.expression : operand);
  }
  const opposite = ts.isBinaryExpression(node) ? opposites.get(node.operatorToken.kind) : undefined;
  if (opposite === undefined || !ts.isBinaryExpression(node)) return `!(${write(node)})`;
  return `${write(node.left)} ${opposite} ${write(node.right)}`;
}

/** What a local constant is made of. */
export function constantOf(node: ts.Identifier): ts.Expression | undefined {
  const declaration = lookUp(node.text, node);
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0 && ts.isIdentifier(declaration.name);
  return isConstant && enclosingFunction(declaration) !== undefined ? declaration.initializer : undefined;
}

/** The operations directly in a node; undefined where one of them changes something. */
export function readsIn(view: View, node: ts.Node): readonly ts.CallExpression[] | undefined {
  const reads: ts.CallExpression[] = [];
  let onlyReads = true;
  const visit = (each: ts.Node): void => {
    if (ts.isCallExpression(each)) {
      const callee = view.sources.x.evaluate(each.expression);
      if (callee.kind === "operation" && accessOf(callee.name) === "read") reads.push(each);
      else if (callee.kind === "operation" || callee.kind === "store") onlyReads = false;
      else if (callee.kind === "function") onlyReads &&= readsOnly(view, callee.id);
    }
    if (ts.isBinaryExpression(each) && each.operatorToken.kind >= ts.SyntaxKind.FirstAssignment)
      onlyReads &&= each.operatorToken.kind > ts.SyntaxKind.LastAssignment;
    ts.forEachChild(each, visit);
  };
  visit(node);
  return onlyReads ? reads : undefined;
}

function readsOnly(view: View, id: string): boolean {
  const run = view.sources.x.functionNode(id);
  return run !== undefined && view.stateEffectsOf(run).every(({ access }) => access === "read");
}

/** The text of a node with parts of it written otherwise. */
export function textOf(node: ts.Node, rewrite: (part: ts.Node) => string | undefined): string {
  const tree = node.getSourceFile();
  const whole = rewrite(node);
  if (whole !== undefined) return whole;
  let text = "";
  let from = node.getStart(tree);
  ts.forEachChild(node, (child) => {
    text += tree.text.slice(from, child.getStart(tree)) + textOf(child, rewrite);
    from = child.getEnd();
  });
  return text + tree.text.slice(from, node.getEnd());
}
