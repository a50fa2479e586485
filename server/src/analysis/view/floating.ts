import { ts } from "ts-morph";
import { decoratorsOf } from "../extract/annotations.js";
import { type CallNode, calledIn } from "../extract/call-nodes.js";
import { returnedExpressions } from "../extract/evaluate.js";
import type { Extraction } from "../extract/extraction.js";
import { calleeName, type Item } from "../extract/functions.js";
import { operationNames } from "../extract/operation-names.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, memberName, skipOuter } from "../extract/scopes.js";
import { isSentAtOnce, storeOperation } from "../extract/store-operations.js";
import { unitsOf } from "../extract/units.js";
import type { Usage } from "../flow/usages.js";
import type { FloatingOperation } from "../model.js";
import { remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import { type Fate, fateOf, fateOfCallback, isAsync } from "./fates.js";
import type { View } from "./view.js";

/** Operations, and calls that perform operations, whose promise nobody waits for. */
export function floatingOf(view: View, tree: ts.SourceFile): readonly FloatingOperation[] {
  return unitsOf(tree).flatMap((unit) => {
    const found = doubtfulItems(view.sources.usages.ofUnit(tree.fileName, unit)).flatMap(
      (item) => floatingAt(view, item) ?? [],
    );
    // Of `a().then(() => b())` the promise is one, and is told once: of `a`.
    const heads = new Set(found.flatMap(({ chain, isHead }) => (isHead ? [chain] : [])));
    return found.flatMap(({ floating, chain, isHead }) => (isHead || !heads.has(chain) ? [floating] : []));
  });
}

interface Found {
  readonly floating: FloatingOperation;
  /** The outermost expression that holds the promise. */
  readonly chain: ts.Expression;
  /** The operation stands in it, and not in a callback that it is given. */
  readonly isHead: boolean;
}

const doubtful = new WeakMap<readonly Usage[], readonly Item[]>();

/** Most calls have an `await` right before them, and are not looked at again with each key stroke. */
function doubtfulItems(usages: readonly Usage[]): readonly Item[] {
  return remembered(doubtful, usages, () =>
    usages.map(({ item }) => item).filter(({ node }) => !isPlainlyAwaited(node)),
  );
}

function isPlainlyAwaited(node: CallNode): boolean {
  if (!ts.isAwaitExpression(node.parent)) return false;
  const expression = calledIn(node);
  return !(ts.isPropertyAccessExpression(expression) && collectors.has(expression.name.text));
}

/** They give an array of promises, or nothing. */
const collectors = new Set(["map", "flatMap", "forEach"]);

function floatingAt(view: View, item: Item): Found | undefined {
  const fate = fateOfItem(view, item);
  if (fate === undefined || fate.kind === "kept") return undefined;
  const insideTransaction = isInsideTransaction(view, item.node);
  // Outside transactions `void` says that nobody waits on purpose, and a handler looks at the failure.
  if ((fate.kind === "voided" || fate.kind === "caught") && !insideTransaction) return undefined;
  const effects = view.sources.summaries.effectsOfItem(item).flatMap((effect) => view.stateEffect(effect) ?? []);
  if (effects.length === 0) return undefined;
  return {
    floating: {
      kind: item.callee.kind === "operation" ? "operation" : "call",
      name: calleeName(item),
      site: siteOf(item.node),
      fate: fate.kind,
      effects,
      insideTransaction,
      within: nameAround(item.node),
    },
    chain: fate.expression,
    isHead: enclosingFunction(item.node) === enclosingFunction(fate.expression),
  };
}

/** Undefined where the item gives no promise of its own: a callback that the call runs, a function that is not async. */
export function fateOfItem(view: View, item: Item): Fate | undefined {
  const { x } = view.sources;
  const { node, callee } = item;
  if (!ts.isCallExpression(node)) return undefined;
  if (callee.kind === "operation") return isBuffered(x, item) ? undefined : fateOf(x, node);
  if (callee.kind !== "function") return undefined;
  const target = x.functionNode(callee.id);
  if (target === undefined || !givesPromise(view, target, 0)) return undefined;
  const called = x.evaluate(node.expression);
  if (called.kind === "function" && called.id === callee.id) return fateOf(x, node);
  // A callback: what an arrow function without `async` returns is judged where it stands.
  return item.inline && !isAsync(target) ? undefined : fateOfCallback(x, node);
}

/** It gives no promise: the message is on its way when the call returns. */
export function isBuffered(x: Extraction, { callee }: Item): boolean {
  if (callee.kind !== "operation" || callee.cell.kind !== "store") return false;
  return isSentAtOnce(x, { ...callee.cell, chain: [...callee.cell.chain, callee.name] });
}

function givesPromise(view: View, node: FunctionNode, depth: number): boolean {
  if (node.asteriskToken !== undefined || depth > mostSteps) return false;
  if (isAsync(node)) return true;
  if (node.type !== undefined)
    return ts.isTypeReferenceNode(node.type) && /^Promise(Like)?$/.test(node.type.typeName.getText());
  if (node.body === undefined) return false;
  const returned = ts.isBlock(node.body) ? returnedExpressions(node.body) : [node.body];
  return returned.some((each) => {
    const call = ts.isAwaitExpression(each) ? each : skipOuter(each);
    if (!ts.isCallExpression(call)) return false;
    const callee = view.sources.x.evaluate(call.expression);
    if (callee.kind === "operation") return operationNames.has(callee.name);
    if (callee.kind === "store") return storeOperation(view.sources.x, callee, call) !== undefined;
    if (callee.kind === "global") return callee.name.startsWith("Promise.");
    const target = callee.kind === "function" ? view.sources.x.functionNode(callee.id) : undefined;
    return target !== undefined && givesPromise(view, target, depth + 1);
  });
}

/** Functions that return what others return; further than this nobody follows them by eye either. */
const mostSteps = 5;

function isInsideTransaction(view: View, node: ts.Node): boolean {
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around)) {
    const member = ts.isPropertyDeclaration(around.parent) ? around.parent : around;
    if (decoratorsOf(view.sources.x, member).some((each) => each.name === "Transaction")) return true;
  }
  return false;
}

/** The name of the nearest function that has one. */
function nameAround(node: ts.Node): string | undefined {
  for (let around = node.parent; around !== undefined; around = around.parent) {
    if (!isFunctionNode(around)) continue;
    if (ts.isConstructorDeclaration(around)) return "constructor";
    const holder = around.name === undefined ? around.parent : around;
    const isHolder = ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) || isFunctionNode(holder);
    const name = isHolder ? memberName(holder) : undefined;
    if (name !== undefined) return name;
  }
  return undefined;
}
