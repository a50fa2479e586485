import { ts } from "ts-morph";
import { type CallNode, calledIn, givenTo } from "./call-nodes.js";
import { argumentsOf } from "./calls.js";
import type { Extraction } from "./extraction.js";
import { operationNames } from "./operation-names.js";
import { isFunctionNode, skipOuter } from "./scopes.js";
import { storeOperation } from "./store-operations.js";
import { calledMark, opensScope, plain, scopeOf, type Value } from "./values.js";

/** What one function does, in the order in which it does it. Knows nothing of what its callees do. */
export interface FunctionFacts {
  /** A function, or a top-level statement or field that runs code itself. */
  readonly node: ts.Node;
  readonly items: readonly Item[];
}

/** A call that may reach a cell: an operation, a call of a known function, or of something that the caller passes. */
export interface Item {
  readonly node: CallNode;
  readonly callee: Value & { readonly kind: "operation" | "function" | "parameter" };
  readonly args: readonly Value[];
  /** A failure does not reach the caller: a `catch` that does not throw again, `allSettled`. */
  readonly handled: boolean;
  /** The callee is a function written as an argument here: its body belongs to this one's. */
  readonly inline: boolean;
}

const runsCallback = new Set([
  "map",
  "forEach",
  "filter",
  "find",
  "findLast",
  "findIndex",
  "some",
  "every",
  "flatMap",
  "reduce",
  "reduceRight",
  "sort",
  "toSorted",
  "then",
  "catch",
  "finally",
  "from",
]);
const runsLater = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "process.nextTick"]);
export function factsOf(x: Extraction, node: ts.Node): FunctionFacts {
  const items: Item[] = [];
  const visit = (child: ts.Node): void => {
    if (isFunctionNode(child) || ts.isClassLike(child)) return;
    ts.forEachChild(child, visit);
    if (ts.isCallExpression(child)) readCall(x, child, items);
    else if (ts.isTaggedTemplateExpression(child)) readTemplate(x, child, items);
    else if (ts.isNewExpression(child)) readNew(x, child, items);
  };
  if (isFunctionNode(node)) {
    for (const { name, initializer } of node.parameters) {
      if (!ts.isIdentifier(name)) visit(name);
      if (initializer !== undefined) visit(initializer);
    }
    if (node.body !== undefined) visit(node.body);
  } else visit(node);
  return { node, items };
}

function readCall(x: Extraction, node: ts.CallExpression, items: Item[]): void {
  const callee = calleeOf(x, node);
  const args = argumentsOf(x, node);
  const handled = isHandled(node);
  if (callee.kind === "operation") {
    if (operationNames.has(callee.name)) {
      for (const [index, each] of args.entries()) pushCallback(node, index, each, [plain], handled, items);
      items.push({ node, callee, args, handled, inline: false });
    }
    return;
  }
  if (callee.kind === "store") {
    const inside = opensScope(callee) ? scopeOf(callee) : plain;
    if (isAwaited(node) || opensScope(callee))
      for (const [index, each] of args.entries()) pushCallback(node, index, each, [inside], handled, items);
    const operation = storeOperation(x, callee, node);
    if (operation !== undefined) items.push({ node, callee: operation, args, handled, inline: false });
    return;
  }
  if (callee.kind === "function") {
    const inline = isFunctionNode(skipOuter(node.expression));
    items.push({ node, callee, args, handled, inline });
    return;
  }
  if (callee.kind === "parameter") {
    items.push({ node, callee, args, handled, inline: false });
    if (!runsNow(callee, node)) return;
    for (const [index, each] of args.entries()) pushCallback(node, index, each, [], handled, items);
    return;
  }
  if (callee.kind === "runtime" && callee.name === "replicated") {
    // Not now, but whoever opens one runs it.
    const options = args[1];
    const create = options?.kind === "object" ? options.members.get("create") : undefined;
    if (create?.kind === "function") items.push({ node, callee: create, args: [plain], handled, inline: false });
    return;
  }
  if (!runsNow(callee, node)) return;
  const element = callee.kind === "builtin" ? (callee.of.kind === "collection" ? callee.of.element : callee.of) : plain;
  for (const [index, each] of args.entries()) pushCallback(node, index, each, [element], handled, items);
}

/** `sql\`update …\``: a query, if the tag is a store's, or a caller's who may pass one. */
function readTemplate(x: Extraction, node: ts.TaggedTemplateExpression, items: Item[]): void {
  const tag = x.evaluate(node.tag);
  const callee = tag.kind === "store" ? storeOperation(x, tag, node) : tag;
  if (callee?.kind !== "operation" && callee?.kind !== "parameter") return;
  const args = givenTo(node).map((each) => x.evaluate(each));
  items.push({ node, callee, args, handled: isHandled(node), inline: false });
}

/** The function, cell operation or parameter that is called; the type checker is asked where names do not tell. */
function calleeOf(x: Extraction, node: ts.CallExpression): Value {
  const callee = x.evaluate(node.expression);
  if (callee.kind !== "unknown" || !ts.isPropertyAccessExpression(node.expression)) return callee;
  const { name } = node.expression;
  const receiver = x.types.valueOf(node.expression.expression, name.text);
  return receiver.kind === "unknown" ? (chainedParameter(x, node.expression) ?? callee) : x.member(receiver, name.text);
}

/** `db.from("orders").insert`, where the caller passes `db`. */
function chainedParameter(x: Extraction, node: ts.Expression): (Value & { readonly kind: "parameter" }) | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const of = chainedParameter(x, node.expression);
    return of && { ...of, path: [...of.path, node.name.text] };
  }
  if (ts.isCallExpression(node)) {
    const of = chainedParameter(x, node.expression);
    return of === undefined || of.path.length >= longestChain ? undefined : { ...of, path: [...of.path, calledMark] };
  }
  const value = ts.isIdentifier(node) ? x.evaluate(node) : plain;
  return value.kind === "parameter" ? value : undefined;
}

/** Query builders are seldom longer, and each call of what a parameter gives is a thing that callers are asked for. */
const longestChain = 12;

function pushCallback(
  node: ts.CallExpression,
  index: number,
  value: Value,
  args: readonly Value[],
  handled: boolean,
  items: Item[],
): void {
  if (value.kind !== "function" && value.kind !== "parameter") return;
  const argument = node.arguments[index];
  const inline = argument !== undefined && isFunctionNode(skipOuter(argument));
  items.push({ node, callee: value, args, handled, inline });
}

function runsNow(callee: Value, node: ts.CallExpression): boolean {
  if (callee.kind === "global" && runsLater.has(callee.name)) return false;
  if (callee.kind === "runtime" || callee.kind === "result") return false;
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : "";
  return runsCallback.has(name) || isAwaited(node);
}

/** The call's promise is waited for where it stands, or handed to the caller. */
function isAwaited(node: ts.Node): boolean {
  for (let child = node, { parent } = node; parent !== undefined; child = parent, { parent } = parent) {
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) return true;
    if (ts.isArrowFunction(parent)) return parent.body === child;
    if (!ts.isExpression(parent) || isFunctionNode(parent)) return false;
  }
  return false;
}

function readNew(x: Extraction, node: ts.NewExpression, items: Item[]): void {
  const type = x.evaluate(node.expression);
  if (type.kind !== "class") return;
  const made = x
    .classNode(type.of)
    ?.members.find(
      (member): member is ts.ConstructorDeclaration => ts.isConstructorDeclaration(member) && member.body !== undefined,
    );
  if (made !== undefined) {
    items.push({
      node,
      callee: { kind: "function", id: x.functionId(made) },
      args: argumentsOf(x, node),
      handled: isHandled(node),
      inline: false,
    });
  }
}

function isHandled(node: ts.Node): boolean {
  for (
    let child = node, { parent } = node;
    parent !== undefined && !isFunctionNode(parent);
    child = parent, { parent } = parent
  ) {
    if (
      ts.isTryStatement(parent) &&
      parent.tryBlock === child &&
      parent.catchClause !== undefined &&
      !alwaysThrows(parent.catchClause.block)
    )
      return true;
    if (!ts.isPropertyAccessExpression(parent) || parent.expression !== child) {
      if (
        ts.isCallExpression(parent) &&
        ts.isPropertyAccessExpression(parent.expression) &&
        parent.expression.name.text === "allSettled" &&
        parent.arguments.includes(child as ts.Expression)
      )
        return true;
      continue;
    }
    if (parent.name.text === "catch" && ts.isCallExpression(parent.parent) && parent.parent.expression === parent)
      return true;
  }
  return false;
}

function alwaysThrows(block: ts.Block): boolean {
  const last = block.statements.at(-1);
  return last !== undefined && (ts.isThrowStatement(last) || (ts.isBlock(last) && alwaysThrows(last)));
}

/** What is called, as the source has it. */
export function calleeName(item: Item): string {
  const expression = calledIn(item.node);
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : "the call";
}
