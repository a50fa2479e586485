import { ts } from "ts-morph";
import { evaluate } from "./evaluate.js";
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
  const uses: Use[] = [];
  climb(x, node, uses, new Set());
  return uses;
}

/** Where a parameter of a function goes. */
export function usesOfParameter(x: Extraction, parameter: ts.ParameterDeclaration): readonly Use[] {
  if (!ts.isIdentifier(parameter.name)) return [{ kind: "decides" }];
  const uses: Use[] = [];
  climbReferences(x, parameter, parameter.name.text, uses, new Set());
  return uses;
}

function climb(x: Extraction, node: ts.Node, uses: Use[], seen: Set<ts.Node>): void {
  const { parent } = node;
  if (parent === undefined || seen.has(node)) return;
  seen.add(node);
  const decides = (): void => void uses.push({ kind: "decides" });
  if (isTransparent(parent, node)) return climb(x, parent, uses, seen);
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return;
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) return climbReturn(x, node, uses, seen);
  if (ts.isVariableDeclaration(parent)) {
    for (const [name, declaration] of boundNames(parent)) climbReferences(x, declaration, name, uses, seen);
    return;
  }
  if (ts.isBinaryExpression(parent)) {
    if (parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken) {
      return parent.left === node ? decides() : climb(x, parent, uses, seen);
    }
    if (!isAssignment(parent.operatorToken.kind)) return climb(x, parent, uses, seen);
    const declaration = ts.isIdentifier(parent.left) ? lookUp(parent.left.text, parent.left) : undefined;
    if (parent.right !== node || declaration === undefined) return decides();
    return climbReferences(x, declaration, (parent.left as ts.Identifier).text, uses, seen);
  }
  if (ts.isConditionalExpression(parent)) return parent.condition === node ? decides() : climb(x, parent, uses, seen);
  if (ts.isCallExpression(parent)) return climbCall(x, parent, node, uses, seen);
  decides();
}

/** The parent's value is the child's, or computed from nothing else that could decide. */
function isTransparent(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return (
    ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) || ts.isSatisfiesExpression(parent) ||
    ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent) || ts.isTemplateSpan(parent) || ts.isTemplateExpression(parent) ||
    ts.isPrefixUnaryExpression(parent) || ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isObjectLiteralExpression(parent)
  );
}

function climbReturn(x: Extraction, node: ts.Node, uses: Use[], seen: Set<ts.Node>): void {
  const from = enclosingFunction(node);
  if (from === undefined) return;
  const call = from.parent;
  if (call !== undefined && ts.isCallExpression(call) && call.arguments.includes(from as ts.Expression)) {
    const callee = evaluate(x, call.expression);
    if (callee.kind === "builtin" && (callee.name === "map" || callee.name === "then" || callee.name === "flatMap")) return climb(x, call, uses, seen);
    uses.push({ kind: "decides" });
  } else uses.push({ kind: "returned", from: x.functionId(from) });
}

function climbCall(x: Extraction, call: ts.CallExpression, node: ts.Node, uses: Use[], seen: Set<ts.Node>): void {
  if (call.expression === node) return climb(x, call, uses, seen); // `value.toFixed(2)`
  const callee = evaluate(x, call.expression);
  if (callee.kind === "global") {
    if (callee.name.startsWith("console.")) return void uses.push({ kind: "shown" });
    if (/^(?:Promise\.|Math\.|JSON\.stringify$|String$|Number$|BigInt$)/.test(callee.name)) return climb(x, call, uses, seen);
  }
  if (callee.kind === "function") uses.push({ kind: "argument", of: callee.id, index: call.arguments.indexOf(node as ts.Expression) });
  else uses.push({ kind: "decides" });
  if (callee.kind === "function") climb(x, call, uses, seen); // It may come back as the result.
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

function climbReferences(x: Extraction, declaration: Declaration, name: string, uses: Use[], seen: Set<ts.Node>): void {
  if (seen.has(declaration)) return;
  seen.add(declaration);
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name && isReference(node) && lookUp(name, node) === declaration) climb(x, node, uses, seen);
    ts.forEachChild(node, visit);
  };
  visit(unitOf(declaration));
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) return false;
  return !((ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent) || isFunctionNode(parent)) && parent.name === node);
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
