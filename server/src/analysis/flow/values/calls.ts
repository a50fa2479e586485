import { ts } from "ts-morph";
import { type CallNode, calledIn, givenTo } from "../../extract/call-nodes.js";
import { argumentsOf } from "../../extract/calls.js";
import { accessOf, type Item } from "../../extract/functions.js";
import { isFunctionNode, skipOuter } from "../../extract/scopes.js";
import { keyOf, type Value } from "../../extract/values.js";
import { builtinCall } from "./builtins.js";
import { choose } from "./choices.js";
import { identifying, isOpening, openObject } from "./identity.js";
import { applyFunction, instantiate, isOperationName } from "./instantiation.js";
import type { Run } from "./run.js";
import {
  elementOf,
  type Flowing,
  flowingOf,
  nothing,
  originKey,
  sourceOf,
  unite,
  uniteSources,
  wholeOf,
} from "./sources.js";

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
  if (item?.callee.kind === "operation") return performOperation(run, item, receiver, args);
  if (item?.callee.kind === "parameter") return callPassed(run, item, args);
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
  if (item.callee.kind === "operation" || (item.callee.kind === "parameter" && isOperationName(item.callee.path)))
    return performOperation(run, item, receiver, args);
  if (item.callee.kind === "parameter") return callPassed(run, item, args);
  const target = run.x.functionNode(item.callee.id);
  if (target !== undefined && run.isWrittenHere(target)) {
    const isInPlace = isFunctionNode(skipOuter(node.expression));
    return run.runFunction(target, args, { meeting: isInPlace ? undefined : node });
  }
  const value = instantiate(run, item.callee.id, item, args);
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

type Target = Value & { readonly kind: "operation" | "parameter" };

function performOperation(run: Run, item: Item, receiver: Flowing, args: readonly Flowing[]): Flowing {
  const target = item.callee as Target;
  const name = target.kind === "operation" ? target.name : (target.path.at(-1) ?? "");
  const access = accessOf(name);
  const parts = [
    receiver,
    ...identifying(name, args),
    ...item.args.map((value, index) => written(run, item, value, index)),
  ];
  const origin = originOf(item, target);
  // Of a store only the view knows what a call of it does.
  const isStore = target.kind === "operation" && target.cell.kind === "store";
  if (access === "read" && !isStore)
    return {
      sources: uniteSources([flowingOf(sourceOf(origin)).sources, wholeOf(unite(...parts))]),
      members: undefined,
    };
  if (run.state === undefined) return nothing;
  const [expected] = args;
  const validated = name === "compareAndSet" && expected !== undefined ? [...wholeOf(expected).values()] : [];
  run.record({
    target,
    node: item.node,
    cap: undefined,
    handled: item.handled,
    args: item.args,
    path: [item],
    values: wholeOf(unite(...parts)),
    guards: run.state.guards,
    passed: args,
    validated: new Set(validated.map((source) => originKey(source.origin))),
  });
  return access === "update" || isStore ? flowingOf(sourceOf(origin)) : nothing;
}

function originOf(item: Item, target: Target) {
  const { args, handled } = item;
  return { kind: "operation", target, args, cap: undefined, handled, path: [item] } as const;
}

/** What `update(fn)` writes: `fn` is given the cell's own current value, which is no read of its own. */
function written(run: Run, item: Item, value: Value, index: number): Flowing {
  const argument = givenTo(item.node)[index];
  if (argument === undefined) return nothing;
  return applyFunction(run, value, [nothing], item, argument, {}) ?? nothing;
}

/** Calls what the caller passes. */
function callPassed(run: Run, item: Item, args: readonly Flowing[]): Flowing {
  const target = item.callee as Target;
  if (run.state === undefined) return nothing;
  run.record({
    target,
    node: item.node,
    cap: undefined,
    handled: item.handled,
    args: item.args,
    path: [item],
    values: wholeOf(unite(...args)),
    guards: run.state.guards,
    passed: args,
    validated: new Set(),
  });
  const given = item.args.map((value, index) => {
    const argument = givenTo(item.node)[index];
    return argument === undefined ? undefined : applyFunction(run, value, args, item, argument, { isOptional: true });
  });
  const origin = originOf(item, target);
  return unite(flowingOf(sourceOf(origin)), ...args, ...given.filter((each) => each !== undefined));
}
