import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { enclosingFunction, isFunctionNode, lookUp, unitOf } from "../extract/scopes.js";

/** What becomes of a promise: somebody waits for it or may do so, or why nobody does. */
export type Fate =
  | { readonly kind: "kept" }
  | {
      readonly kind: Neglect;
      /** The outermost expression that still holds the promise. */
      readonly expression: ts.Expression;
      /** It is an array of promises: `await` alone would wait for none of them. */
      readonly isMany: boolean;
    };

/**
 * `dropped`: a statement of its own, or a callback whose result is thrown away. `voided`: on purpose. `caught`: only its
 * failure is looked at. `unused`: in a variable that nobody reads. `collected`: `await` on an array of promises. `tested`
 * and `used`: the promise itself, in place of its value.
 */
export type Neglect = "dropped" | "voided" | "caught" | "unused" | "collected" | "tested" | "used";

const kept: Fate = { kind: "kept" };
const combinators = new Set(["Promise.all", "Promise.allSettled", "Promise.race", "Promise.any"]);
const promiseMethods = new Set(["then", "catch", "finally"]);
const comparisons = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
]);

/** Where the promise that `node` gives goes within its function. Whatever is not understood may well wait for it. */
export function fateOf(x: Extraction, node: ts.Expression, isMany = false, isCaught = false): Fate {
  const { parent } = node;
  const neglect = (kind: Neglect): Fate => ({ kind: isCaught ? "caught" : kind, expression: node, isMany });
  const onward = (next: ts.Expression, many = isMany): Fate => fateOf(x, next, many, isCaught);
  if (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent)
  )
    return onward(parent);
  if (ts.isAwaitExpression(parent)) return isMany ? neglect("collected") : kept;
  if (ts.isExpressionStatement(parent)) return neglect("dropped");
  if (ts.isVoidExpression(parent)) return neglect("voided");
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node))
    return fateOfReturned(x, node, isMany, isCaught);
  if (ts.isArrayLiteralExpression(parent)) return onward(parent, true);
  if (ts.isSpreadElement(parent) && ts.isArrayLiteralExpression(parent.parent)) return onward(parent.parent, true);
  if (ts.isPropertyAccessExpression(parent)) return fateOfMember(x, parent, node, isMany, isCaught);
  if (ts.isCallExpression(parent)) return fateOfArgument(x, parent, node, isCaught);
  if (ts.isVariableDeclaration(parent)) return isRead(parent) ? kept : neglect("unused");
  if (ts.isTemplateSpan(parent)) return neglect("used");
  if (ts.isConditionalExpression(parent))
    return parent.condition === node ? neglect("tested") : alternative(node, onward(parent));
  if (ts.isBinaryExpression(parent)) return fateInBinary(x, parent, node, isMany, isCaught);
  return isCondition(parent, node) ? neglect("tested") : kept;
}

/** One of several expressions that may give the value: the promise is this one's alone. */
function alternative(node: ts.Expression, fate: Fate): Fate {
  return fate.kind === "kept" ? fate : { ...fate, expression: node };
}

function isCondition(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
    return parent.expression === node;
  return ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken;
}

function fateInBinary(
  x: Extraction,
  parent: ts.BinaryExpression,
  node: ts.Expression,
  isMany: boolean,
  isCaught: boolean,
): Fate {
  const neglect = (kind: Neglect): Fate => ({ kind: isCaught ? "caught" : kind, expression: node, isMany });
  const operator = parent.operatorToken.kind;
  if (operator === ts.SyntaxKind.EqualsToken) return fateOfAssigned(parent, neglect);
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken)
    return parent.left === node ? neglect("tested") : alternative(node, fateOf(x, parent, isMany, isCaught));
  if (operator === ts.SyntaxKind.CommaToken)
    return parent.left === node ? neglect("dropped") : alternative(node, fateOf(x, parent, isMany, isCaught));
  if (operator === ts.SyntaxKind.QuestionQuestionToken) return alternative(node, fateOf(x, parent, isMany, isCaught));
  return comparisons.has(operator) ? neglect("used") : kept;
}

function fateOfAssigned(parent: ts.BinaryExpression, neglect: (kind: Neglect) => Fate): Fate {
  const { left } = parent;
  const declaration = ts.isIdentifier(left) ? lookUp(left.text, left) : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return kept;
  return isRead(declaration) ? kept : neglect("unused");
}

/** `promise.then(…)`, whose own promise goes on; any other member of a promise is somebody's mistake of another kind. */
function fateOfMember(
  x: Extraction,
  parent: ts.PropertyAccessExpression,
  node: ts.Expression,
  isMany: boolean,
  isCaught: boolean,
): Fate {
  const call = parent.parent;
  if (parent.expression !== node || !ts.isCallExpression(call) || call.expression !== parent) return kept;
  const name = parent.name.text;
  return promiseMethods.has(name) && !isMany ? fateOf(x, call, false, isCaught || takesFailure(name, call)) : kept;
}

/** `.catch(…)`, or the second function that `.then` is given: after the first alone a failure goes on. */
function takesFailure(name: string, call: ts.CallExpression): boolean {
  return name === "catch" || (name === "then" && call.arguments.length > 1);
}

function fateOfArgument(x: Extraction, call: ts.CallExpression, node: ts.Expression, isCaught: boolean): Fate {
  if (call.expression === node) return kept;
  const { expression } = call;
  if (ts.isPropertyAccessExpression(expression)) {
    const receiver = expression.expression;
    if (expression.name.text === "push" && ts.isIdentifier(receiver)) {
      const declaration = lookUp(receiver.text, receiver);
      if (declaration !== undefined && ts.isVariableDeclaration(declaration) && !isRead(declaration))
        return { kind: "unused", expression: node, isMany: false };
      return kept;
    }
    const callee = x.evaluate(expression);
    if (callee.kind === "global" && combinators.has(callee.name)) return fateOf(x, call, false, isCaught);
  }
  return kept;
}

/** A callback hands its promise to whoever calls it: `forEach` throws it away, `map` collects it. */
function fateOfReturned(x: Extraction, node: ts.Expression, isMany: boolean, isCaught: boolean): Fate {
  const from = enclosingFunction(node);
  const call = from?.parent;
  if (from === undefined || call === undefined || !ts.isCallExpression(call)) return kept;
  // What an async callback returns is part of the promise that the callback itself gives.
  if (isAsync(from) || !call.arguments.includes(from as ts.Expression)) return kept;
  return fateOfCallback(x, call, isMany, isCaught);
}

/** What becomes of the promises that a callback of this call gives. */
export function fateOfCallback(x: Extraction, call: ts.CallExpression, isMany = false, isCaught = false): Fate {
  const name = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : "";
  if (promiseMethods.has(name)) return fateOf(x, call, isMany, isCaught || takesFailure(name, call));
  if (!isOnCollection(x, call)) return kept; // Others may well wait for what their callbacks give.
  if (name === "forEach") return { kind: "dropped", expression: call, isMany: true };
  if (name === "map" || name === "flatMap") return fateOf(x, call, true, isCaught);
  return predicates.has(name) ? { kind: "tested", expression: call, isMany: true } : kept;
}

const predicates = new Set(["filter", "find", "findLast", "findIndex", "findLastIndex", "some", "every"]);

/** An array, set or map of the language itself. */
function isOnCollection(x: Extraction, { expression }: ts.CallExpression): boolean {
  const callee = x.evaluate(expression);
  if (callee.kind === "builtin") return callee.of.kind === "collection";
  const receiver = ts.isPropertyAccessExpression(expression) ? expression.expression : expression;
  return ts.isCallExpression(receiver) && /^Object\.(keys|values|entries)$/.test(receiver.expression.getText());
}

export function isAsync(node: ts.Node): boolean {
  return (
    isFunctionNode(node) &&
    ts.canHaveModifiers(node) &&
    (node.modifiers?.some((each) => each.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

/** Somebody reads the variable, other than to put more into it. What others can import may be read there. */
function isRead(declaration: ts.VariableDeclaration): boolean {
  const { name } = declaration;
  if (!ts.isIdentifier(name) || enclosingFunction(declaration) === undefined) return true;
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && reads(node)) {
      if (lookUp(node.text, node) === declaration) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(unitOf(declaration));
}

function reads(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return parent.left !== node;
  if (!ts.isPropertyAccessExpression(parent)) return !ts.isPropertyAssignment(parent) || parent.initializer === node;
  if (parent.expression !== node) return false;
  return !(parent.name.text === "push" && ts.isCallExpression(parent.parent)) && parent.name.text !== "length";
}
