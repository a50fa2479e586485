import { ts } from "ts-morph";
import { isAssignment } from "./assignments.js";
import type { Extraction } from "./extraction.js";
import { accessOf } from "./operation-names.js";
import { type Declaration, enclosingFunction, isFunctionNode, lookUp, skipOuter, unitOf } from "./scopes.js";
import { hasModifier } from "./skeleton.js";
import type { FunctionId } from "./values.js";

/** Where a value goes. What only shows it (a log line, a returned view) decides nothing. */
export type Use =
  | { readonly kind: "shown" }
  /**
   * A condition, an argument of a write or of something unknown: it may decide; of `unknown` that is all one knows. Of
   * what is returned where nobody calls, `caller`, not even that.
   */
  | { readonly kind: "decides"; readonly by: "condition" | "write" | "unknown" | "caller" }
  | { readonly kind: "returned"; readonly from: FunctionId }
  | { readonly kind: "argument"; readonly of: FunctionId; readonly index: number };

/** Where the result of `node` goes within its function, through variables, arithmetic and `await`. */
export function usesOf(x: Extraction, node: ts.Node): readonly Use[] {
  return climb(x, node, new Set());
}

/** Where a parameter of a function goes. */
export function usesOfParameter(x: Extraction, parameter: ts.ParameterDeclaration): readonly Use[] {
  const seen = new Set<ts.Node>();
  return boundNames(parameter).flatMap(([name, declaration]) => usesOfName(x, declaration, name, seen));
}

const decides: readonly Use[] = [{ kind: "decides", by: "unknown" }];
const writes: readonly Use[] = [{ kind: "decides", by: "write" }];
const condition: readonly Use[] = [{ kind: "decides", by: "condition" }];
const shown: readonly Use[] = [{ kind: "shown" }];
const nowhere: readonly Use[] = [];

function climb(x: Extraction, node: ts.Node, seen: Set<ts.Node>): readonly Use[] {
  const { parent } = node;
  if (parent === undefined || seen.has(node)) return nowhere;
  seen.add(node);
  if (isTransparent(parent, node)) return climb(x, parent, seen);
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return nowhere;
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node))
    return climbReturn(x, node, seen);
  if (ts.isVariableDeclaration(parent)) return climbBinding(x, parent, seen);
  if (ts.isBinaryExpression(parent)) return climbBinary(x, parent, node, seen);
  if (ts.isConditionalExpression(parent) && parent.condition !== node) return climb(x, parent, seen);
  if (ts.isConditionalExpression(parent))
    return [...(actsIn(x, [parent.whenTrue, parent.whenFalse]) ? condition : decides), ...climb(x, parent, seen)];
  if (ts.isCallExpression(parent)) return climbCall(x, parent, node, seen);
  return ts.isStatement(parent) ? climbStatement(x, parent, seen) : decides;
}

function climbBinding(x: Extraction, parent: ts.VariableDeclaration, seen: Set<ts.Node>): readonly Use[] {
  const item = itemOf(parent.initializer, seen);
  const pattern = parent.name;
  const one = item !== undefined && ts.isArrayBindingPattern(pattern) ? pattern.elements[item] : undefined;
  const bound = one !== undefined && ts.isBindingElement(one) && one.dotDotDotToken === undefined ? one : parent;
  return boundNames(bound).flatMap(([name, declaration]) => usesOfName(x, declaration, name, seen));
}

/** Which item of `[a, b]` or `await Promise.all([a, b])` the value came from. */
function itemOf(initializer: ts.Expression | undefined, seen: ReadonlySet<ts.Node>): number | undefined {
  const whole = initializer && skipOuter(initializer);
  const list = whole !== undefined && ts.isCallExpression(whole) ? whole.arguments[0] : whole;
  if (list === undefined || !ts.isArrayLiteralExpression(list) || list.elements.some(ts.isSpreadElement))
    return undefined;
  const item = list.elements.findIndex((each) => seen.has(each));
  return item < 0 ? undefined : item;
}

/** The condition of a statement, or what a loop goes through. */
function climbStatement(x: Extraction, parent: ts.Statement, seen: Set<ts.Node>): readonly Use[] {
  const controlled = controlledBy(parent);
  if (controlled.length === 0) return decides;
  const loops = ts.isForOfStatement(parent) && ts.isVariableDeclarationList(parent.initializer);
  const bound = loops ? parent.initializer.declarations.flatMap(boundNames) : [];
  const assigned = controlled.flatMap((each) => assignedIn(each));
  return [
    ...(actsIn(x, controlled) || controlled.some((each) => skipsActs(x, parent, each)) ? condition : decides),
    ...bound.flatMap(([name, declaration]) => usesOfName(x, declaration, name, seen)),
    ...assigned.flatMap(([name, declaration]) => usesOfName(x, declaration, name, seen)),
  ];
}

function controlledBy(node: ts.Statement): readonly ts.Node[] {
  if (ts.isIfStatement(node)) return [node.thenStatement, ...(node.elseStatement ? [node.elseStatement] : [])];
  if (ts.isSwitchStatement(node)) return [node.caseBlock];
  return ts.isIterationStatement(node, false) ? [node.statement] : [];
}

/** Something is refused there, or done that others notice: what only shows or computes does not count. */
function actsIn(x: Extraction, nodes: readonly ts.Node[]): boolean {
  return nodes.some((node) => ts.isThrowStatement(node) || acts(x, node) || actsIn(x, childrenOf(node)));
}

function acts(x: Extraction, node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return !isShown(node.expression);
  if (!ts.isCallExpression(node)) return false;
  const callee = x.evaluate(node.expression);
  if (callee.kind === "operation") return true;
  const run = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
  return run !== undefined && hasModifier(run, ts.SyntaxKind.AsyncKeyword);
}

function isShown(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && /\b(?:log(?:ger)?|console)\b.*\.\w+$/i.test(node.expression.getText());
}

/** Leaves before something that the function does later, or its loop in the next round. */
function skipsActs(x: Extraction, statement: ts.Statement, controlled: ts.Node): boolean {
  const leaves = (node: ts.Node): boolean =>
    ts.isReturnStatement(node) ||
    ts.isBreakOrContinueStatement(node) ||
    (!isFunctionNode(node) && childrenOf(node).some(leaves));
  if (!leaves(controlled)) return false;
  for (let node: ts.Node = statement; node.parent !== undefined && !isFunctionNode(node); node = node.parent) {
    const { parent } = node;
    if (ts.isIterationStatement(parent, false) && actsIn(x, [parent.statement])) return true;
    if (
      ts.isBlock(parent) &&
      actsIn(
        x,
        parent.statements.filter((each) => each.pos >= node.end),
      )
    )
      return true;
  }
  return false;
}

/** Local names that get a value there. */
function assignedIn(node: ts.Node): readonly (readonly [string, Declaration])[] {
  const isAssigning = isAssignment(node) && ts.isIdentifier(node.left);
  const declaration = isAssigning ? lookUp(node.left.text, node.left) : undefined;
  const own = declaration === undefined || !isAssigning ? [] : [[node.left.text, declaration] as const];
  return isFunctionNode(node) ? [] : [...own, ...childrenOf(node).flatMap(assignedIn)];
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

function climbBinary(x: Extraction, parent: ts.BinaryExpression, node: ts.Node, seen: Set<ts.Node>): readonly Use[] {
  const operator = parent.operatorToken.kind;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
    if (parent.left !== node) return climb(x, parent, seen);
    return [...(actsIn(x, [parent.right]) ? condition : decides), ...climb(x, parent, seen)];
  }
  if (isComparison(operator)) return [...decides, ...climb(x, parent, seen)]; // Whatever becomes of the answer.
  if (!isAssignment(parent)) return climb(x, parent, seen);
  const { left } = parent;
  const declaration = ts.isIdentifier(left) ? lookUp(left.text, left) : undefined;
  if (parent.right !== node || declaration === undefined || !ts.isIdentifier(left)) return decides;
  return usesOfName(x, declaration, left.text, seen);
}

/** The parent's value is the child's, or computed from nothing else that could decide. */
function isTransparent(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return (
    ts.isAwaitExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isTemplateExpression(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isObjectLiteralExpression(parent)
  );
}

function climbReturn(x: Extraction, node: ts.Node, seen: Set<ts.Node>): readonly Use[] {
  const from = enclosingFunction(node);
  if (from === undefined) return nowhere;
  const call = from.parent;
  if (call === undefined || !ts.isCallExpression(call) || !call.arguments.includes(from as ts.Expression))
    return [{ kind: "returned", from: x.functionId(from) }];
  const callee = x.evaluate(call.expression);
  const passesOn =
    callee.kind === "builtin" && (callee.name === "map" || callee.name === "then" || callee.name === "flatMap");
  if (callee.kind === "operation") return accessOf(callee.name) === "read" ? decides : writes;
  return passesOn ? climb(x, call, seen) : decides;
}

function climbCall(x: Extraction, call: ts.CallExpression, node: ts.Node, seen: Set<ts.Node>): readonly Use[] {
  // `value.toFixed(2)`, and what `values.filter((each) => …)` hands out.
  if (call.expression === node)
    return [...climb(x, call, seen), ...call.arguments.flatMap((each) => usesInside(x, each, seen))];
  const callee = x.evaluate(call.expression);
  if (callee.kind === "operation") return accessOf(callee.name) === "read" ? decides : writes;
  if (callee.kind === "function") {
    const use: Use = { kind: "argument", of: callee.id, index: call.arguments.indexOf(node as ts.Expression) };
    return [use, ...climb(x, call, seen)]; // It may come back as the result.
  }
  if (callee.kind !== "global") return decides;
  if (callee.name.startsWith("console.")) return shown;
  return /^(?:Promise\.|Math\.|JSON\.stringify$|String$|Number$|BigInt$)/.test(callee.name)
    ? climb(x, call, seen)
    : decides;
}

/** Where a function written as an argument puts what it is given. */
function usesInside(x: Extraction, argument: ts.Expression, seen: Set<ts.Node>): readonly Use[] {
  const run = skipOuter(argument);
  if (!isFunctionNode(run)) return nowhere;
  return run.parameters
    .flatMap((each) => boundNames(each))
    .flatMap(([name, declaration]) => usesOfName(x, declaration, name, seen));
}

function boundNames(
  declaration: ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement,
): readonly (readonly [string, Declaration])[] {
  const names: [string, Declaration][] = [];
  const bind = (each: ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement): void => {
    if (ts.isIdentifier(each.name)) names.push([each.name.text, each]);
    else for (const element of each.name.elements) if (!ts.isOmittedExpression(element)) bind(element);
  };
  bind(declaration);
  return names;
}

function usesOfName(x: Extraction, declaration: Declaration, name: string, seen: Set<ts.Node>): readonly Use[] {
  if (seen.has(declaration)) return nowhere;
  seen.add(declaration);
  const uses: Use[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name && isReference(node) && lookUp(name, node) === declaration) {
      uses.push(...climb(x, node, seen));
    }
    ts.forEachChild(node, visit);
  };
  visit(unitOf(declaration));
  return uses;
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return false;
  return !(
    (ts.isVariableDeclaration(parent) ||
      ts.isBindingElement(parent) ||
      ts.isParameter(parent) ||
      isFunctionNode(parent)) &&
    parent.name === node
  );
}

/** Of two values, by an operator. */
export function isComparison(kind: ts.SyntaxKind): boolean {
  switch (kind) {
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return true;
    default:
      return false;
  }
}
