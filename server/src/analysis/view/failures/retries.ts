import { ts } from "ts-morph";
import { calledIn, givenTo } from "../../extract/call-nodes.js";
import { calleeName, type Item } from "../../extract/functions.js";
import { originOf } from "../../extract/origins.js";
import { type FunctionNode, isFunctionNode, skipOuter } from "../../extract/scopes.js";
import { skeletonOf } from "../../extract/skeleton.js";
import type { FunctionId } from "../../extract/values.js";
import type { Effect } from "../../flow/summaries.js";
import { cellKey } from "../../flow/usages.js";
import type { CellEffect, Site } from "../../model.js";
import { siteOf } from "../../sites.js";
import { functionRead, KeptByUnit } from "../kept.js";
import type { View } from "../view.js";
import { escapes, itemsIn, runAround, uncertainOf } from "./guarded.js";
import { flowOfHandler, foundHandlers, guardedItems, isInsideTransaction, nameOf } from "./handlers.js";
import { carriesKey, isIdempotent } from "./idempotence.js";
import { isCompared } from "./reading-again.js";
import { retriesByCall, retryLoopOf } from "./retry-loops.js";

/** An operation, or a call that performs some, which is done again when nobody knows whether it has happened. */
export interface Retry {
  /** A loop round a handler; a function that its handler calls again; a function that calls what it is given again. */
  readonly kind: "loop" | "recursion" | "helper";
  /** The function that repeats, for the latter two. */
  readonly by: string | undefined;
  /** What makes it happen again. */
  readonly repeater: Site;
  readonly step: "operation" | "call";
  /** `update`, or the callee's name. */
  readonly name: string;
  /** The operation, or the call that leads to it. */
  readonly site: Site;
  readonly within: string | undefined;
  readonly effects: readonly RepeatedEffect[];
  /** A value made before the first attempt goes into each, or each looks first whether an earlier one has succeeded. */
  readonly hasKey: boolean;
}

export interface RepeatedEffect {
  readonly effect: CellEffect;
  /** To do it twice is the same as to do it once. */
  readonly isIdempotent: boolean;
}

interface Repetition {
  readonly kind: Retry["kind"];
  readonly by: string | undefined;
  readonly repeater: ts.Node;
  /** The code that runs anew with each attempt. */
  readonly scope: ts.Node;
  readonly run: ts.Node;
}

export function retriesOf(view: View, tree: ts.SourceFile): readonly Retry[] {
  return [...byHandlers(view, tree), ...byHelpers(view, tree)];
}

function byHandlers(view: View, tree: ts.SourceFile): readonly Retry[] {
  return foundHandlers(view, tree).flatMap((found) => {
    const loop = retryLoopOf(view, found)?.loop;
    const call = loop === undefined ? retriesByCall(view, found) : undefined;
    const repeater = loop ?? call;
    if (repeater === undefined || found.flow.endings.every(({ isAsked }) => isAsked)) return [];
    const body = isFunctionNode(found.run) ? found.run.body : undefined;
    const repetition: Repetition = {
      kind: loop === undefined ? "recursion" : "loop",
      by: loop === undefined ? nameOf(found.run) : undefined,
      repeater,
      scope: loop ?? body ?? found.run,
      run: found.run,
    };
    return retriesAmong(view, repetition, [...new Set(found.uncertain.map(({ item }) => item))].filter(isOwn));
  });
}

/** What a helper is given to run is reported where it is given. */
function isOwn({ callee }: Item): boolean {
  return callee.kind !== "parameter" || callee.path.length > 0;
}

function retriesAmong(view: View, repetition: Repetition, items: readonly Item[]): readonly Retry[] {
  const { scope, run } = repetition;
  const looks = looksFirst(view, itemsIn(view, run, [scope]));
  return items
    .flatMap((item) => inPlace(view, item))
    .map((item) => ({
      ...repetition,
      repeater: siteOf(repetition.repeater),
      step: item.callee.kind === "operation" ? "operation" : "call",
      name: calleeName(item),
      site: siteOf(item.node),
      within: nameOf(run),
      effects: uncertainOf(view, item).map(({ effect, source }) => ({
        effect,
        isIdempotent: isIdempotent(view.sources, source, scope),
      })),
      hasKey: looks || carriesKey(item.node, scope),
    }));
}

/** `items.map((item) => this.take(item))`: what the callback does, in its place. */
function inPlace(view: View, item: Item): readonly Item[] {
  const run = item.inline && item.callee.kind === "function" ? view.sources.x.functionNode(item.callee.id) : undefined;
  if (run?.body === undefined) return [item];
  const inside = itemsIn(view, run, [run.body]).filter((each) => escapes(view, each.node, undefined));
  return inside.flatMap((each) => inPlace(view, each));
}

/** `if (await this.done.has(id)) return; … await this.done.add(id);`: an attempt finds what an earlier one has left. */
function looksFirst(view: View, items: readonly Item[]): boolean {
  const read = new Set<string>();
  const written = new Set<string>();
  for (const effect of items.flatMap((item) => view.sources.summaries.effectsOfItem(item))) {
    const key = cellKey(effect.target);
    const seen = key === undefined ? undefined : view.cellEffect(effect);
    if (key === undefined || seen === undefined) continue;
    if (seen.access === "read") {
      if (isLook(effect)) read.add(key);
    } else written.add(key);
  }
  return [...read].some((key) => written.has(key));
}

function isLook({ path }: Effect): boolean {
  const node = path.at(-1)?.node;
  return node !== undefined && isCompared(node);
}

/** Functions of other packages that call again what they are given. */
const retryPackages: ReadonlyMap<string, RegExp> = new Map([
  ["p-retry", /^default$/],
  ["async-retry", /^default$/],
  ["promise-retry", /^default$/],
  ["retry-as-promised", /^(?:default|retryAsPromised)$/],
  ["exponential-backoff", /^backOff$/],
  ["ts-retry-promise", /^(?:retry|default)$/],
  ["ts-retry", /^retry/],
  ["@lifeomic/attempt", /^retry$/],
  ["es-toolkit", /^retry$/],
  ["es-toolkit/function", /^retry$/],
  ["radash", /^retry$/],
  ["async", /^retry$/],
  ["cockatiel", /^retry\.execute$/],
]);

function byHelpers(view: View, tree: ts.SourceFile): readonly Retry[] {
  const imports = [...skeletonOf(tree).imports.values()];
  const hasPackage = imports.some(({ specifier }) => retryPackages.has(specifier) || specifier.startsWith("."));
  return kept.of(view.sources, tree, (_, { usages }) => {
    const seen = new Set<ts.Node>();
    return usages.flatMap(({ item }) => {
      if (seen.has(item.node)) return [];
      const repeated = repeatedBy(view, item, hasPackage);
      if (repeated === undefined) return [];
      seen.add(item.node);
      return asksFirst(view, item.node) || isInsideTransaction(view, item.node) ? [] : byHelper(view, item, repeated);
    });
  });
}

const kept = new KeptByUnit<Retry>();

/** Most calls: of operations, and of functions that are given none. An item is made anew when that may have changed. */
const repeatsNothing = new WeakSet<Item>();

/** Which arguments of a call are called again when they fail. */
function repeatedBy(view: View, item: Item, hasPackage: boolean): ReadonlySet<number> | undefined {
  if (repeatsNothing.has(item)) return undefined;
  const { x } = view.sources;
  const called = x.evaluate(calledIn(item.node));
  const isGivenNone = called.kind === "function" && !item.args.some(({ kind }) => kind === "function");
  if (isGivenNone || called.kind === "operation") {
    repeatsNothing.add(item);
    return undefined;
  }
  if (called.kind === "function") {
    const indices = repeatedParameters(view, called.id, 0);
    return indices.size === 0 ? undefined : indices;
  }
  if (!hasPackage) return undefined;
  const origin = originOf(x, calledIn(item.node));
  const pattern = origin && retryPackages.get(origin.module);
  return origin !== undefined && pattern?.test(origin.name) === true ? new Set([0, 1]) : undefined;
}

const mostSteps = 4;

/** Parameters of a function that it calls in a retry loop, itself or through another. */
function repeatedParameters(view: View, id: FunctionId, depth: number): ReadonlySet<number> {
  const { summaries } = view.sources;
  const run = functionRead(view.sources, id);
  const found = new Set<number>();
  if (run?.body === undefined || depth > mostSteps) return found;
  for (const item of summaries.factsOf(run).items) {
    const { callee } = item;
    if (callee.kind === "parameter" && callee.of === id) {
      if (isInRetry(view, run, item)) found.add(callee.index);
      continue;
    }
    if (callee.kind !== "function" || item.inline || callee.id === id) continue;
    const inner = repeatedParameters(view, callee.id, depth + 1);
    for (const [index, arg] of item.args.entries()) {
      if (!inner.has(index)) continue;
      if (arg.kind === "parameter" && arg.of === id) found.add(arg.index);
      for (const each of parametersCalledBy(view, arg.kind === "function" ? arg.id : undefined, id)) found.add(each);
    }
  }
  return found;
}

/** `retry(() => run())`, where `run` is what the function around was given. */
function parametersCalledBy(view: View, callback: FunctionId | undefined, id: FunctionId): readonly number[] {
  const run = callback === undefined ? undefined : view.sources.x.functionNode(callback);
  if (run === undefined) return [];
  return view.sources.summaries
    .factsOf(run)
    .items.flatMap(({ callee }) => (callee.kind === "parameter" && callee.of === id ? [callee.index] : []));
}

function isInRetry(view: View, run: FunctionNode, item: Item): boolean {
  for (let each: ts.Node = item.node; each !== run; each = each.parent) {
    const handler = ts.isTryStatement(each) ? each.catchClause : chainedHandler(each);
    if (handler === undefined || !guardedItems(view, handler, run).includes(item)) continue;
    const flow = flowOfHandler(view, handler);
    if (flow === undefined || flow.flow.endings.some(({ isAsked }) => isAsked)) return false;
    const found = { node: handler, run, uncertain: [], ...flow };
    return retryLoopOf(view, found) !== undefined || retriesByCall(view, found) !== undefined;
  }
  return false;
}

function chainedHandler(node: ts.Node): ts.CallExpression | undefined {
  const isChained =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "catch" &&
    node.arguments.length === 1;
  return isChained ? node : undefined;
}

const guards = /^(?:isIndeterminate|isUnavailable|isConflict|IndeterminateError|UnavailableError|ConflictError)$/;

/** What is given to the helper asks for the kind of failure, in a predicate or before it gives up. */
function asksFirst(view: View, node: ts.Node, depth = 0): boolean {
  const { x } = view.sources;
  const visit = (each: ts.Node): boolean => {
    if (ts.isStringLiteralLike(each) && /^FAULTLINE_/.test(each.text)) return true;
    if (ts.isIdentifier(each)) {
      const value = x.evaluate(each);
      if (value.kind === "runtime" && guards.test(value.name.split(".").at(-1) ?? "")) return true;
      const run = value.kind === "function" && depth < 2 ? functionRead(view.sources, value.id) : undefined;
      if (run?.body !== undefined && !ts.isClassElement(run) && asksFirst(view, run.body, depth + 1)) return true;
    }
    return ts.forEachChild(each, (child) => visit(child) || undefined) ?? false;
  };
  return ts.isCallExpression(node) || ts.isNewExpression(node) ? (node.arguments ?? []).some(visit) : visit(node);
}

function byHelper(view: View, item: Item, repeated: ReadonlySet<number>): readonly Retry[] {
  const { x } = view.sources;
  return [...repeated].flatMap((index) => {
    const argument = givenTo(item.node)[index];
    const value = argument === undefined ? undefined : x.evaluate(argument);
    const run = value?.kind === "function" ? functionRead(view.sources, value.id) : undefined;
    if (argument === undefined || run?.body === undefined) return [];
    const repetition = { kind: "helper", by: calleeName(item), repeater: item.node, scope: run.body, run } as const;
    if (isFunctionNode(skipOuter(argument))) {
      const inside = itemsIn(view, run, [run.body]).filter(({ node }) => escapes(view, node, undefined));
      return retriesAmong(view, repetition, inside);
    }
    // A function by name: the call that passes it is what leads to the operations.
    const passed: Item = { ...item, callee: { kind: "function", id: x.functionId(run) }, args: [] };
    const around = runAround(item.node);
    return retriesAmong(view, repetition, [passed]).map((each) => ({
      ...each,
      name: argument.getText(),
      within: nameOf(around),
    }));
  });
}
