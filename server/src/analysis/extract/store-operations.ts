import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { enclosingFunction, type FunctionNode, lookUp, unitOf } from "./scopes.js";
import { hasModifier } from "./skeleton.js";
import { calledMark, givesHandle, type StoreValue, type Value } from "./values.js";

/** Calls of these run what they are given within a transaction, a connection or a part of the store. */
const scopes =
  /^\$?(?:(?:run)?(?:with|in)?_?(?:transaction|tx|connection|session|client)|begin|tx|manager\.transaction)$/i;

/** `db.transaction(async (tx) => …)`: the callback is given the store itself. */
export function opensScope({ chain }: StoreValue): boolean {
  return scopes.test(chain.at(-1) ?? "");
}

/** What the callback of such a call is given. */
export function scopeOf(value: StoreValue): StoreValue {
  return { ...value, chain: value.chain.slice(0, -1) };
}

/**
 * The operation that a call on a store is: the last call of a chain, such as `db.from("orders").insert(order)`, if its
 * result is waited for or known to be a promise. What is called for something else (`on`, `release`, a step of a
 * builder) is none.
 */
export function storeOperation(
  x: Extraction,
  value: StoreValue,
  node: ts.CallExpression,
): (Value & { readonly kind: "operation" }) | undefined {
  const { id, chain } = value;
  const name = chain.at(-1);
  if (name === undefined || name.endsWith(calledMark) || givesHandle(value)) return undefined;
  if (isContinued(node) || isScope(x, name, node) || !isWaitedFor(x, node)) return undefined;
  return { kind: "operation", cell: { kind: "store", id, chain: chain.slice(0, -1) }, name };
}

/** What happens in the scope are operations; opening it is none. */
function isScope(x: Extraction, name: string, node: ts.CallExpression): boolean {
  return (
    scopes.test(name) &&
    node.arguments.some((each) => {
      const { kind } = x.evaluate(each);
      return kind === "function" || kind === "parameter" || kind === "collection";
    })
  );
}

const promiseMethods = new Set(["then", "catch", "finally"]);

/** The next call of the chain is the one that counts. */
function isContinued(node: ts.Node): boolean {
  let holder = node;
  while (ts.isNonNullExpression(holder.parent) || ts.isParenthesizedExpression(holder.parent)) holder = holder.parent;
  const member = holder.parent;
  if (!ts.isPropertyAccessExpression(member) || member.expression !== holder || promiseMethods.has(member.name.text))
    return false;
  let outer: ts.Node = member;
  while (ts.isPropertyAccessExpression(outer.parent) && outer.parent.expression === outer) outer = outer.parent;
  return ts.isCallExpression(outer.parent) && outer.parent.expression === outer;
}

const combinators = /^Promise\.(?:all|allSettled|race|any|resolve)$/;

/** Somebody waits for what the call gives, here or, through a variable, further down. */
function isWaitedFor(x: Extraction, node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isAwaitExpression(parent) || ts.isVoidExpression(parent)) return true;
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node))
    return givesPromise(x, enclosingFunction(node));
  if (ts.isPropertyAccessExpression(parent)) return promiseMethods.has(parent.name.text);
  if (ts.isCallExpression(parent)) return parent.expression !== node && waitsForArguments(x, parent);
  if (ts.isVariableDeclaration(parent))
    return ts.isIdentifier(parent.name) && isWaitedForLater(x, parent, parent.name.text);
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isWaitedFor(x, parent);
  if (ts.isBinaryExpression(parent)) return parent.right === node && isWaitedFor(x, parent);
  const passesOn =
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent);
  return passesOn && isWaitedFor(x, parent as ts.Expression);
}

function givesPromise(x: Extraction, from: FunctionNode | undefined): boolean {
  if (from === undefined) return false;
  if (hasModifier(from, ts.SyntaxKind.AsyncKeyword)) return true;
  if (from.type !== undefined) return /^(?:Promise|PromiseLike)\b/.test(from.type.getText());
  // A callback of `Promise.all(items.map((item) => store.put(item)))`, or of another store's call.
  const call = from.parent;
  return ts.isCallExpression(call) && (call.arguments as readonly ts.Node[]).includes(from) && isWaitedFor(x, call);
}

/** `Promise.all([…])`, and calls such as `prisma.$transaction([…])`. */
function waitsForArguments(x: Extraction, call: ts.CallExpression): boolean {
  const callee = x.evaluate(call.expression);
  if (callee.kind === "global" && combinators.test(callee.name)) return true;
  if (callee.kind === "store") return opensScope(callee) && isWaitedFor(x, call);
  return callee.kind === "builtin" && callee.name === "push";
}

function isWaitedForLater(x: Extraction, declaration: ts.VariableDeclaration, name: string): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node.text === name && node !== declaration.name && isRead(node)) {
      if (lookUp(name, node) === declaration && isWaitedFor(x, node)) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(unitOf(declaration));
}

function isRead({ parent }: ts.Identifier): boolean {
  return !ts.isPropertyAssignment(parent) && !ts.isVariableDeclaration(parent);
}
