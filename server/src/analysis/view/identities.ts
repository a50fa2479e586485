import { ts } from "ts-morph";
import { calledIn, givenTo } from "../extract/call-nodes.js";
import type { Extraction } from "../extract/extraction.js";
import type { Item } from "../extract/functions.js";
import { enclosingFunction, isFunctionNode, lookUp, skipOuter } from "../extract/scopes.js";

/**
 * Text that is equal for operations on the same cell of the same object, by the names that the code uses: `this.stock`
 * here and `stock` in a helper that is given `this.stock`. Undefined where names do not tell.
 */
export function cellIdentity(x: Extraction, path: readonly Item[]): string | undefined {
  const last = path.at(-1);
  const called = last && calledIn(last.node);
  if (called === undefined || !ts.isPropertyAccessExpression(called)) return undefined;
  return identify(x, withoutLevel(called.expression), path, path.length - 1);
}

/** The same for the first argument: the key of a map, the member of a set. */
export function keyIdentity(x: Extraction, path: readonly Item[]): string | undefined {
  const last = path.at(-1);
  const key = last && givenTo(last.node)[0];
  return key === undefined ? undefined : identify(x, key, path, path.length - 1);
}

/** `for (const [key, value] of await scores.entries()) await scores.put(key, value + 1);` */
export function isKeyOfEntry(read: readonly Item[], write: readonly Item[]): boolean {
  const last = write.at(-1);
  const key = last && givenTo(last.node)[0];
  const entry = key && ts.isIdentifier(key) ? lookUp(key.text, key) : undefined;
  if (entry === undefined || !ts.isBindingElement(entry) || entry.parent.elements[0] !== entry) return false;
  const loop = entry.parent.parent.parent.parent;
  return ts.isForOfStatement(loop) && skipOuter(loop.expression) === read.at(-1)?.node;
}

/** `cell.at("eventual")` */
function withoutLevel(node: ts.Expression): ts.Expression {
  const call = skipOuter(node);
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return node;
  return call.expression.name.text === "at" ? call.expression.expression : node;
}

/** `index` is the step of the path in whose function the expression stands. */
function identify(x: Extraction, expression: ts.Expression, path: readonly Item[], index: number): string | undefined {
  const node = skipOuter(expression);
  if (node.kind === ts.SyntaxKind.ThisKeyword) return identifyThis(x, path, index);
  if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
  if (ts.isNumericLiteral(node)) return node.text;
  if (ts.isIdentifier(node)) return identifyName(x, node, path, index);
  if (ts.isPropertyAccessExpression(node)) {
    const owner = identify(x, node.expression, path, index);
    return owner && `${owner}.${node.name.text}`;
  }
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => identify(x, span.expression, path, index));
    return parts.includes(undefined)
      ? undefined
      : `${node.head.text}${parts.map((part, at) => `${part}${node.templateSpans[at]?.literal.text}`).join("")}`;
  }
  if (ts.isElementAccessExpression(node)) {
    const parts = [node.expression, node.argumentExpression].map((each) => identify(x, each, path, index));
    return parts.includes(undefined) ? undefined : `${parts[0]}[${parts[1]}]`;
  }
  return ts.isCallExpression(node) ? identifyCall(x, node, path, index) : undefined;
}

/**
 * `open(Account, id)` gives the same replica each time, `name.toLowerCase()` the same text, and `keyOf(name)` the same key.
 * Of other methods, and of functions that are given nothing, nobody knows.
 */
function identifyCall(
  x: Extraction,
  node: ts.CallExpression,
  path: readonly Item[],
  index: number,
): string | undefined {
  if (isTextOf(node)) {
    const text = identify(x, node.expression.expression, path, index);
    return text && `${text}.${node.expression.name.text}()`;
  }
  const isFunction = ts.isIdentifier(node.expression) && node.arguments.length > 0;
  if (!isFunction && x.evaluate(node).kind !== "instance") return undefined;
  const parts = [...node.arguments].map((each) => identify(x, each, path, index));
  return parts.includes(undefined) ? undefined : `${node.expression.getText()}(${parts.join()})`;
}

const textMethods = new Set(["toLowerCase", "toUpperCase", "trim", "normalize", "toString"]);

function isTextOf(
  node: ts.CallExpression,
): node is ts.CallExpression & { readonly expression: ts.PropertyAccessExpression } {
  const { expression } = node;
  return (
    ts.isPropertyAccessExpression(expression) && node.arguments.length === 0 && textMethods.has(expression.name.text)
  );
}

function identifyThis(x: Extraction, path: readonly Item[], index: number): string | undefined {
  const call = path[index - 1];
  if (call === undefined || call.inline) return "this";
  const expression = calledIn(call.node);
  if (!ts.isPropertyAccessExpression(expression)) return "this";
  if (expression.expression.kind === ts.SyntaxKind.SuperKeyword) return identifyThis(x, path, index - 1);
  return identify(x, expression.expression, path, index - 1);
}

function identifyName(x: Extraction, node: ts.Identifier, path: readonly Item[], index: number): string | undefined {
  const declaration = lookUp(node.text, node);
  if (declaration === undefined) return node.text;
  if (ts.isParameter(declaration) && isFunctionNode(declaration.parent)) {
    const call = path[index - 1];
    const passed = call && givenTo(call.node)[declaration.parent.parameters.indexOf(declaration)];
    const isCalled =
      call !== undefined && call.callee.kind === "function" && x.functionNode(call.callee.id) === declaration.parent;
    return isCalled && passed !== undefined && !call.inline
      ? identify(x, passed, path, index - 1)
      : `${node.text}@${declaration.pos}`;
  }
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined && isConstant(declaration)) {
    const value = skipOuter(declaration.initializer);
    return (isReference(value) ? identify(x, value, path, index) : undefined) ?? `${node.text}@${declaration.pos}`;
  }
  if (ts.isBindingElement(declaration))
    return identifyBinding(x, declaration, path, index) ?? `${node.text}@${declaration.pos}`;
  return ts.isImportSpecifier(declaration) || ts.isClassLike(declaration)
    ? node.text
    : `${node.text}@${declaration.pos}`;
}

function isReference(node: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(node) ||
    ts.isIdentifier(node) ||
    node.kind === ts.SyntaxKind.ThisKeyword ||
    ts.isCallExpression(node)
  );
}

function isConstant(node: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0 && enclosingFunction(node) !== undefined;
}

/** `const { stock } = this` */
function identifyBinding(
  x: Extraction,
  node: ts.BindingElement,
  path: readonly Item[],
  index: number,
): string | undefined {
  const holder = node.parent.parent;
  const name = node.propertyName ?? node.name;
  if (!ts.isObjectBindingPattern(node.parent) || !ts.isIdentifier(name)) return undefined;
  if (!ts.isVariableDeclaration(holder) || holder.initializer === undefined || !isConstant(holder)) return undefined;
  const owner = identify(x, holder.initializer, path, index);
  return owner && `${owner}.${name.text}`;
}
