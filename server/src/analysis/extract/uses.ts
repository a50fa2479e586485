import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { type Declaration, enclosingFunction, isFunctionNode, lookUp, unitOf } from "./scopes.js";
import type { FunctionId } from "./values.js";

/** Where a value goes. What only shows it (a log line, a returned view) decides nothing. */
export type Use =
  | { readonly kind: "shown" }
  /** A condition, an argument of a write or of something unknown: it may decide. */
  | { readonly kind: "decides" }
  | { readonly kind: "returned"; readonly from: FunctionId }
  | { readonly kind: "argument"; readonly of: FunctionId; readonly index: number };

/** Where the result of `node` goes within its function, through variables, arithmetic and `await`. */
export function usesOf(x: Extraction, node: ts.Node): readonly Use[] {
  return climb(x, node, new Set());
}

/** Where a parameter of a function goes. */
export function usesOfParameter(x: Extraction, parameter: ts.ParameterDeclaration): readonly Use[] {
  return ts.isIdentifier(parameter.name) ? usesOfName(x, parameter, parameter.name.text, new Set()) : decides;
}

const decides: readonly Use[] = [{ kind: "decides" }];
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
  if (ts.isVariableDeclaration(parent))
    return boundNames(parent).flatMap(([name, declaration]) => usesOfName(x, declaration, name, seen));
  if (ts.isBinaryExpression(parent)) return climbBinary(x, parent, node, seen);
  if (ts.isConditionalExpression(parent)) return parent.condition === node ? decides : climb(x, parent, seen);
  return ts.isCallExpression(parent) ? climbCall(x, parent, node, seen) : decides;
}

function climbBinary(x: Extraction, parent: ts.BinaryExpression, node: ts.Node, seen: Set<ts.Node>): readonly Use[] {
  const operator = parent.operatorToken.kind;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
    return parent.left === node ? decides : climb(x, parent, seen);
  }
  if (!isAssignment(operator)) return climb(x, parent, seen);
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
  return passesOn ? climb(x, call, seen) : decides;
}

function climbCall(x: Extraction, call: ts.CallExpression, node: ts.Node, seen: Set<ts.Node>): readonly Use[] {
  if (call.expression === node) return climb(x, call, seen); // `value.toFixed(2)`
  const callee = x.evaluate(call.expression);
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

function boundNames(declaration: ts.VariableDeclaration): readonly (readonly [string, Declaration])[] {
  const names: [string, Declaration][] = [];
  const bind = (each: ts.VariableDeclaration | ts.BindingElement): void => {
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

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
