import { ts } from "ts-morph";
import { compareLevels } from "../../../../../runtime/src/levels.js";
import { decoratorsOf } from "../../extract/annotations.js";
import type { Item } from "../../extract/functions.js";
import {
  enclosingFunction,
  type FunctionNode,
  isFunctionNode,
  isInside,
  lookUp,
  skipOuter,
  unitOf,
} from "../../extract/scopes.js";
import type { Effect } from "../../flow/summaries.js";
import type { CellEffect } from "../../model.js";
import { functionRead } from "../kept.js";
import type { View } from "../view.js";
import { type ErrorFlow, flowOf, flowThrough } from "./error-flow.js";

/** A change whose failure may leave open whether it has happened, as seen from where that failure arrives. */
export interface Uncertain {
  /** The operation or the call in the function that is looked at. */
  readonly item: Item;
  readonly effect: CellEffect;
  readonly source: Effect;
}

/** Mechanisms in which a write may be on its way when the answer fails to come, whatever level they give. */
const remote = new Set(["quorum", "primaryReplica", "raft", "orderedLog", "trueTime"]);

/** Below sequential a write is taken by the replica at hand, unless the mechanism sends it elsewhere. */
export function mayBeIndeterminate(effect: CellEffect): boolean {
  if (effect.access === "read") return false;
  if (compareLevels(effect.cellLevel, "sequential") >= 0) return true;
  return remote.has(effect.cell.annotation?.mechanism?.name ?? "");
}

/** Calls in these pieces of one function. */
export function itemsIn(view: View, run: ts.Node, pieces: readonly ts.Node[]): readonly Item[] {
  return view.sources.summaries.factsOf(run).items.filter(({ node }) => pieces.some((each) => isInside(node, each)));
}

/** The code that is looked at as one: a function, or what runs when the file is loaded. */
export function runAround(node: ts.Node): ts.Node {
  return enclosingFunction(node) ?? unitOf(node);
}

/** What may fail with an `IndeterminateError` that leaves the call `item`. */
export function uncertainOf(view: View, item: Item): readonly Uncertain[] {
  const found: Uncertain[] = [];
  for (const source of effectsThrough(view, item)) {
    // Stores that users bring throw errors of their own.
    if (source.target.kind !== "operation" || source.target.cell.kind !== "cell") continue;
    const effect = view.cellEffect(source);
    if (effect === undefined || !mayBeIndeterminate(effect) || !leaves(view, source)) continue;
    found.push({ item, effect, source });
  }
  return found;
}

/** Where the call is of something that callers pass, what they pass is done here. */
function effectsThrough(view: View, item: Item): readonly Effect[] {
  const { summaries, usages, x } = view.sources;
  const effects = summaries.effectsOfItem(item);
  if (!effects.some(({ target }) => target.kind === "parameter")) return effects;
  const run = runAround(item.node);
  const callers = isFunctionNode(run) ? usages.ofFunction(x.functionId(run)) : [];
  const passed = callers.flatMap((usage) =>
    summaries.effectsOfItem(usage.item).flatMap((effect) => {
      const at = effect.path.indexOf(item);
      return at < 1 ? [] : [{ ...effect, path: effect.path.slice(at) }];
    }),
  );
  return [...effects, ...passed];
}

/** The failure passes every handler between the operation and the call that leads to it. */
function leaves(view: View, { path }: Effect): boolean {
  for (const [index, item] of path.entries()) {
    if (index > 0 && item.handled && !escapes(view, item.node, undefined)) return false;
    const run = item.callee.kind === "function" ? view.sources.x.functionNode(item.callee.id) : undefined;
    // A transaction fails at its commit, whatever its body caught.
    if (run !== undefined && isTransaction(view, run)) return true;
  }
  return true;
}

/** An `IndeterminateError` of this call gets out of `outer`, or of the function where no piece is given. */
export function escapes(view: View, node: ts.Node, outer: ts.Node | undefined): boolean {
  for (
    let child = node, { parent } = node;
    parent !== undefined && child !== outer;
    child = parent, { parent } = parent
  ) {
    if (isFunctionNode(parent)) return true;
    if (ts.isTryStatement(parent) && parent.tryBlock === child && parent.catchClause !== undefined) {
      if (!passesOn(view, parent.catchClause)) return false;
    }
    if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) continue;
    const name = parent.expression.name.text;
    if (name === "allSettled" && parent.arguments.includes(child as ts.Expression)) return false;
    if (parent.expression === child && handlerArgument(parent) !== undefined && !passesOn(view, parent)) return false;
  }
  return true;
}

/** The handler throws what it caught, if that is an `IndeterminateError`, at once or when it has tried often enough. */
function passesOn(view: View, handler: ts.CatchClause | ts.CallExpression): boolean {
  const flow = flowOfCaught(view, handler);
  if (flow === undefined) return false;
  return flow.endings.every(({ kind }) => kind === "throws") || givesUp(view, handler, flow);
}

function flowOfCaught(view: View, handler: ts.CatchClause | ts.CallExpression): ErrorFlow | undefined {
  if (ts.isCatchClause(handler)) return flowOf(view.sources, handler.block.statements, namesOf(handler));
  const argument = handlerArgument(handler);
  const value = argument === undefined ? undefined : view.sources.x.evaluate(argument);
  const run = value?.kind === "function" ? functionRead(view.sources, value.id) : undefined;
  return run && flowThrough(view.sources, run, 0);
}

/** It goes round again, and the last attempt throws, in the handler or behind the loop. Who reads meanwhile finds out. */
function givesUp(view: View, handler: ts.CatchClause | ts.CallExpression, { endings, visited }: ErrorFlow): boolean {
  const guarded = ts.isCatchClause(handler) ? handler.parent : handler;
  const loop = loopAround(guarded);
  if (loop === undefined || endings.some(({ kind }) => kind === "returns" || kind === "breaks")) return false;
  if (!endings.some(({ kind }) => kind === "throws") && !followedBy(loop, ts.isThrowStatement)) return false;
  const reads = itemsIn(view, runAround(handler), [...visited, loop]).filter(
    ({ node }) => !isInside(node, ts.isCatchClause(handler) ? handler.parent.tryBlock : handler),
  );
  return reads.every((item) =>
    view.sources.summaries.effectsOfItem(item).every((effect) => view.cellEffect(effect)?.access !== "read"),
  );
}

function followedBy(node: ts.Node, test: (statement: ts.Statement) => boolean): boolean {
  const { parent } = node;
  return ts.isBlock(parent) && parent.statements.slice(parent.statements.indexOf(node as ts.Statement) + 1).some(test);
}

export function namesOf({ variableDeclaration }: ts.CatchClause): ReadonlySet<string> {
  const name = variableDeclaration?.name;
  return new Set(name !== undefined && ts.isIdentifier(name) ? [name.text] : []);
}

/** The function given to `.catch`, or as the second one to `.then`. */
export function handlerArgument({ expression, arguments: given }: ts.CallExpression): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  if (expression.name.text === "catch" && given.length === 1) return given[0];
  return expression.name.text === "then" && given.length === 2 ? given[1] : undefined;
}

export function isTransaction(view: View, run: FunctionNode): boolean {
  const member = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  return decoratorsOf(view.sources.x, member).some((each) => each.name === "Transaction");
}

/** The code that a handler guards, with the calls whose promises are made before it and awaited in it. */
export function guardedPieces(handler: ts.CatchClause | ts.CallExpression): readonly ts.Node[] {
  if (ts.isCatchClause(handler)) return [handler.parent.tryBlock, ...awaitedPromises(handler.parent.tryBlock)];
  const { expression } = handler.expression as ts.PropertyAccessExpression;
  const promise = promiseOf(skipOuter(expression));
  return promise === undefined ? [expression] : [promise];
}

function awaitedPromises(block: ts.Block): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node, isAwaited: boolean): void => {
    if (isFunctionNode(node)) return;
    if (isAwaited && ts.isIdentifier(node)) found.push(...[promiseOf(node)].filter((each) => each !== undefined));
    const goesOn = isAwaited && (ts.isCallExpression(node) || ts.isArrayLiteralExpression(node));
    ts.forEachChild(node, (child) => visit(child, goesOn || ts.isAwaitExpression(node)));
  };
  visit(block, false);
  return found.filter((each) => !isInside(each, block));
}

/** `const paid = this.pay();`, where `paid` is what is looked at. */
function promiseOf(node: ts.Expression): ts.Expression | undefined {
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const { initializer } = declaration;
  const isSame = enclosingFunction(declaration) === enclosingFunction(node);
  return isSame && initializer !== undefined && !ts.isAwaitExpression(initializer) ? initializer : undefined;
}

/** The innermost loop of the same function. */
export function loopAround(node: ts.Node): ts.IterationStatement | undefined {
  for (let each = node.parent; each !== undefined && !isFunctionNode(each); each = each.parent)
    if (ts.isIterationStatement(each, false)) return each;
  return undefined;
}

/** The function hands the promise to its caller: a `try` around it catches nothing. */
export function isReturnedUnawaited(node: ts.Node, outer: ts.Node): boolean {
  for (let each = node.parent; each !== undefined && each !== outer; each = each.parent) {
    if (ts.isAwaitExpression(each) || isFunctionNode(each)) return false;
    if (ts.isReturnStatement(each)) return true;
    if (ts.isStatement(each)) return false;
  }
  return false;
}
