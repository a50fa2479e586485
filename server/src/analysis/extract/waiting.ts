import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { enclosingFunction, lookUp, unitOf } from "./scopes.js";
import { hasModifier } from "./skeleton.js";
import { opensScope } from "./values.js";

/** `returned`: from a function that does not tell whether it gives a promise or something to go on with. */
export type Waiting = "waited for" | "returned" | "dropped";

/** Whether somebody waits for what an expression gives, here or, through a variable, further down. */
export function waitingFor(x: Extraction, node: ts.Expression): Waiting {
  const { parent } = node;
  if (ts.isAwaitExpression(parent) || ts.isVoidExpression(parent)) return "waited for";
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) return ofReturned(x, node);
  if (ts.isPropertyAccessExpression(parent)) return promiseMethods.has(parent.name.text) ? "waited for" : "dropped";
  if (ts.isCallExpression(parent)) return parent.expression === node ? "dropped" : ofArgument(x, parent);
  if (ts.isVariableDeclaration(parent)) return isWaitedForLater(x, parent) ? "waited for" : "dropped";
  return passesOn(parent, node) ? waitingFor(x, parent as ts.Expression) : "dropped";
}

const promiseMethods = new Set(["then", "catch", "finally"]);

function passesOn(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isConditionalExpression(parent)) return parent.condition !== node;
  if (ts.isBinaryExpression(parent)) return parent.right === node || isAlternative(parent.operatorToken.kind);
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent)
  );
}

function isAlternative(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken;
}

function ofReturned(x: Extraction, node: ts.Node): Waiting {
  const from = enclosingFunction(node);
  if (from === undefined) return "dropped";
  if (givesPromise(from)) return "waited for";
  if (from.type !== undefined) return "dropped";
  // A callback of `Promise.all(items.map((item) => store.put(item)))`, or of another store's call.
  const call = from.parent;
  const isCallback = ts.isCallExpression(call) && (call.arguments as readonly ts.Node[]).includes(from);
  return isCallback ? waitingFor(x, call) : "returned";
}

/** By its modifier or its declared type. */
export function givesPromise(node: ts.SignatureDeclaration): boolean {
  if (hasModifier(node, ts.SyntaxKind.AsyncKeyword)) return true;
  return node.type !== undefined && /^(?:Promise|PromiseLike)\b/.test(node.type.getText());
}

const combinators = /^Promise\.(?:all|allSettled|race|any|resolve)$/;

/** `Promise.all([…])`, `prisma.$transaction([…])`, `lastValueFrom(…)`: what they give is waited for in its place. */
function ofArgument(x: Extraction, call: ts.CallExpression): Waiting {
  const callee = x.evaluate(call.expression);
  if (callee.kind === "global") return combinators.test(callee.name) ? "waited for" : "dropped";
  if (callee.kind === "builtin") return callee.name === "push" ? "waited for" : "dropped";
  const isKept = callee.kind === "store" ? opensScope(callee) : callee.kind === "plain";
  return isKept ? waitingFor(x, call) : "dropped";
}

function isWaitedForLater(x: Extraction, declaration: ts.VariableDeclaration): boolean {
  const { name } = declaration;
  if (!ts.isIdentifier(name)) return false;
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && isRead(node)) {
      if (lookUp(name.text, node) === declaration && waitingFor(x, node) === "waited for") return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(unitOf(declaration));
}

function isRead({ parent }: ts.Identifier): boolean {
  return !ts.isPropertyAssignment(parent) && !ts.isVariableDeclaration(parent);
}
