import { ts } from "ts-morph";
import { type CallNode, calledIn, givenTo } from "../../extract/call-nodes.js";
import { argumentsOf } from "../../extract/calls.js";
import type { Item } from "../../extract/functions.js";
import { isFunctionNode, skipOuter } from "../../extract/scopes.js";
import { keyOf, type Value } from "../../extract/values.js";
import { builtinCall } from "./builtins.js";
import { choose } from "./choices.js";
import { isOpening, openObject } from "./identity.js";
import { instantiate, isOperationName } from "./instantiation.js";
import { byDefault, type Located, locate } from "./located.js";
import { callPassed, performOperation } from "./operations.js";
import type { Run } from "./run.js";
import { elementOf, type Flowing, joinFlowing, nothing, unite, wholeOf } from "./sources.js";

type Call = ts.CallExpression | ts.NewExpression;

/** What a call gives, and all that it does. */
export function evaluateCall(run: Run, node: Call): Flowing {
  const callee = run.x.evaluate(node.expression);
  if (callee.kind === "runtime" && callee.name === "endorse") {
    for (const each of node.arguments ?? []) run.evaluate(each);
    return nothing;
  }
  const receiver = receiverOf(run, node);
  const isOptional = ts.isCallExpression(node) && ts.isOptionalChain(node) && wholeOf(receiver).size > 0;
  if (!isOptional) return dispatch(run, node, callee, receiver);
  const guards = [...wholeOf(receiver).values()].map((source) => ({
    source,
    test: "present" as const,
    node: node.expression,
    exits: 0,
  }));
  const [value = nothing] = choose(run, [
    { entering: guards, body: () => dispatch(run, node, callee, receiver) },
    { entering: [], body: () => nothing },
  ]);
  return value;
}

/** `sql\`update … set balance = ${balance}\``: an operation, if its tag is that of a store, else text. */
export function evaluateTemplate(run: Run, node: ts.TaggedTemplateExpression): Flowing {
  const receiver = receiverOf(run, node);
  const args = givenTo(node).map((each) => run.evaluate(each));
  const [item] = run.itemsAt(node);
  if (run.state === undefined) return nothing;
  const found = item && locate(run, item);
  if (found?.item.callee.kind === "operation") return performOperation(run, found, receiver, args);
  if (found?.item.callee.kind === "parameter") return callPassed(run, found, args);
  return unite(receiver, ...args);
}

function receiverOf(run: Run, node: CallNode): Flowing {
  const called = skipOuter(calledIn(node));
  if (ts.isPropertyAccessExpression(called) || ts.isElementAccessExpression(called))
    return run.evaluate(called.expression);
  return isFunctionNode(called) || ts.isIdentifier(called) ? nothing : run.evaluate(called);
}

function dispatch(run: Run, node: Call, callee: Value, receiver: Flowing): Flowing {
  const args = (node.arguments ?? []).map((each) =>
    ts.isSpreadElement(each) ? elementOf(run.evaluate(each.expression)) : run.evaluate(each),
  );
  if (run.state === undefined) return nothing;
  if (isOpening(node, callee)) return openObject(run, node, receiver, args);
  const items = run.itemsAt(node);
  const item = mainItem(run, node, callee, items);
  if (item === undefined) return builtinCall(run, { node, callee, receiver, args, items });
  const found = locate(run, item);
  const value = perform(run, node, found, receiver, args);
  const otherwise = byDefault(run.x, found);
  return otherwise === undefined ? value : joinFlowing(value, perform(run, node, otherwise, receiver, args));
}

function perform(run: Run, node: Call, found: Located, receiver: Flowing, args: readonly Flowing[]): Flowing {
  const { item } = found;
  const { callee } = item;
  if (callee.kind === "operation" || (callee.kind === "parameter" && isOperationName(callee.path)))
    return performOperation(run, found, receiver, args);
  if (callee.kind === "parameter") return callPassed(run, found, args);
  const target = run.x.functionNode(callee.id);
  if (target !== undefined && run.isWrittenHere(target)) {
    const isInPlace = isFunctionNode(skipOuter(node.expression));
    return run.runFunction(target, args, { meeting: isInPlace ? undefined : node, call: found.written });
  }
  const value = instantiate(run, callee.id, item, args);
  return ts.isNewExpression(node) ? unite(value, ...args) : value;
}

/** The item of the call itself; the others are functions passed to it. */
function mainItem(run: Run, node: Call, callee: Value, items: readonly Item[]): Item | undefined {
  if (items.length === 0 || callee.kind === "runtime") return undefined;
  const operation = items.find((each) => each.callee.kind === "operation");
  if (operation !== undefined) return operation;
  const passed = new Set(argumentsOf(run.x, node).map(keyOf));
  return items.find((each) => !passed.has(keyOf(each.callee)));
}
