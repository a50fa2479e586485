import { ts } from "ts-morph";
import type { Item } from "../../extract/functions.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, skipOuter } from "../../extract/scopes.js";
import type { Unit } from "../../extract/units.js";
import { cellKey } from "../../flow/usages.js";
import type { CellEffect, Site } from "../../model.js";
import { remembered } from "../../remembered.js";
import { siteOf } from "../../sites.js";
import { fateOfItem } from "../floating.js";
import { functionRead, KeptByUnit } from "../kept.js";
import type { View } from "../view.js";
import { assignedIn, type Ending, type ErrorFlow, flowOf, flowThrough } from "./error-flow.js";
import {
  escapes,
  guardedPieces,
  handlerArgument,
  isReturnedUnawaited,
  isTransaction,
  itemsIn,
  namesOf,
  runAround,
  type Uncertain,
  uncertainOf,
} from "./guarded.js";
import { readsIn } from "./reading-again.js";
import { retriesByCall, retryLoopOf } from "./retry-loops.js";

/** A `catch` clause, or a function given to `.catch`, around changes that may end without an answer. */
export interface Handler {
  /** The clause, or `.catch(…)`. */
  readonly site: Site;
  readonly kind: "clause" | "callback";
  /** The function that it stands in, undefined in code that runs at load. */
  readonly within: string | undefined;
  /** What may or may not have happened when the handler runs; never empty. */
  readonly uncertain: readonly CellEffect[];
  /** What it does with an `IndeterminateError`. */
  readonly fate: HandlerFate;
}

/**
 * `thrown`: throws it, or another. `examined`: asks for it by name. `passed`: gives it to somebody who may. `read again`:
 * the cell is read to find out. `repeated`: the code goes round again until it succeeds. The others go on as if it told
 * that nothing has happened.
 */
export type HandlerFate =
  | { readonly kind: "thrown" | "examined" | "passed" | "read again" | "repeated" }
  /** `logs`: it does something, but nothing about the failure. */
  | { readonly kind: "ignored"; readonly logs: boolean }
  /** What it answers with, where that is short enough to show. */
  | { readonly kind: "answered"; readonly value: string | undefined }
  /** It changes something in return, or tries the same again. */
  | { readonly kind: "compensated" | "tried again"; readonly effect: CellEffect };

/** A handler as the analysis sees it. */
export interface FoundHandler {
  readonly node: ts.CatchClause | ts.CallExpression;
  readonly run: ts.Node;
  /** The code that the handler runs. */
  readonly body: ts.Node;
  readonly uncertain: readonly Uncertain[];
  readonly flow: ErrorFlow;
}

export function handlersOf(view: View, tree: ts.SourceFile): readonly Handler[] {
  return foundHandlers(view, tree).map((found) => ({
    site: siteOfHandler(found.node),
    kind: ts.isCatchClause(found.node) ? "clause" : "callback",
    within: nameOf(found.run),
    uncertain: found.uncertain.map(({ effect }) => effect),
    fate: fateOf(view, found),
  }));
}

function siteOfHandler(node: ts.CatchClause | ts.CallExpression): Site {
  if (ts.isCatchClause(node)) return siteOf(node);
  return siteOf((node.expression as ts.PropertyAccessExpression).name, node);
}

/** Only those around something uncertain; an unannotated file has none, and costs a look for the word. */
export function foundHandlers(view: View, tree: ts.SourceFile): readonly FoundHandler[] {
  return kept.of(view.sources, tree, (unit, { usages }) => {
    const nodes = candidatesIn(unit);
    return nodes.length === 0 || usages.length === 0 ? [] : nodes.flatMap((node) => foundAt(view, node) ?? []);
  });
}

const kept = new KeptByUnit<FoundHandler>();

const candidates = new WeakMap<ts.Node, readonly (ts.CatchClause | ts.CallExpression)[]>();

function candidatesIn({ node }: Unit): readonly (ts.CatchClause | ts.CallExpression)[] {
  return remembered(candidates, node, () => {
    const found: (ts.CatchClause | ts.CallExpression)[] = [];
    const visit = (each: ts.Node): void => {
      if (ts.isCatchClause(each) || (ts.isCallExpression(each) && handlerArgument(each) !== undefined))
        found.push(each);
      ts.forEachChild(each, visit);
    };
    if (/\b(?:catch|then)\b/.test(node.getText())) visit(node);
    return found;
  });
}

export function foundAt(view: View, node: ts.CatchClause | ts.CallExpression): FoundHandler | undefined {
  const run = runAround(node);
  if (isDriver(view, node) || isInsideTransaction(view, node)) return undefined;
  const guarded = guardedItems(view, node, run);
  const uncertain = guarded.flatMap((item) => uncertainOf(view, item));
  if (uncertain.length === 0) return undefined;
  const flow = flowOfHandler(view, node);
  return flow && { node, run, uncertain, ...flow };
}

/** Calls whose failure the handler gets. */
export function guardedItems(view: View, node: ts.CatchClause | ts.CallExpression, run: ts.Node): readonly Item[] {
  const pieces = guardedPieces(node);
  return itemsIn(view, run, pieces).filter((item) => {
    const piece = pieces.find((each) => item.node.pos >= each.pos && item.node.end <= each.end);
    if (!escapes(view, item.node, piece)) return false;
    if (!ts.isCatchClause(node)) return true;
    if (isReturnedUnawaited(item.node, node.parent)) return false;
    const fate = fateOfItem(view, item)?.kind;
    return fate !== "dropped" && fate !== "voided";
  });
}

export function flowOfHandler(
  view: View,
  node: ts.CatchClause | ts.CallExpression,
): { readonly flow: ErrorFlow; readonly body: ts.Node } | undefined {
  const { x } = view.sources;
  if (ts.isCatchClause(node))
    return { flow: flowOf(view.sources, node.block.statements, namesOf(node)), body: node.block };
  const argument = handlerArgument(node);
  const value = argument === undefined ? undefined : x.evaluate(argument);
  if (value?.kind === "global" && value.name.startsWith("console.")) return { flow: logging, body: node };
  const handler = value?.kind === "function" ? functionRead(view.sources, value.id) : undefined;
  return handler?.body && { flow: flowThrough(view.sources, handler, 0), body: handler.body };
}

const onward = { isExplicit: false, isAsked: false, isHandedOn: false, isKept: false };
const logging: ErrorFlow = { endings: [{ ...onward, deed: "shown", kind: "falls", value: undefined }], visited: [] };

function fateOf(view: View, found: FoundHandler): HandlerFate {
  const { endings } = found.flow;
  if (endings.every(({ kind }) => kind === "throws")) return { kind: "thrown" };
  const open = endings.filter((ending) => !isSettled(ending));
  if (open.length === 0) return { kind: endings.some(({ isExplicit }) => isExplicit) ? "examined" : "passed" };
  if (open.every((ending) => readsIn(view, found, ending) || throwsLater(found, ending))) return { kind: "read again" };
  if (open.every((ending) => isRepeated(view, found, ending))) return { kind: "repeated" };
  return proceeding(view, found, open);
}

/**
 * Somebody has looked at the error, or may still do so. To answer `false` tells that nothing has happened, and who only
 * shows what he was told has learnt nothing.
 */
function isSettled({ kind, isExplicit, isAsked, isHandedOn, isKept, deed, value }: Ending): boolean {
  if (kind === "throws") return true;
  if (isExplicit && value === undefined) return deed !== "shown";
  if (isExplicit) return !(kind === "returns" && value?.kind === ts.SyntaxKind.FalseKeyword);
  return isAsked || isHandedOn || isKept;
}

/** A flag that the handler sets, and that the code behind it throws for. */
function throwsLater({ node, body }: FoundHandler, { kind }: Ending): boolean {
  if (kind !== "falls" || !ts.isCatchClause(node)) return false;
  const flags = assignedIn(body);
  const set = new Set([...flags, ...assignedIn(node.parent.tryBlock)]);
  if (set.size === 0) return false;
  return statementsAfter(node.parent).some(
    (each) =>
      ts.isIfStatement(each) &&
      [...identifiersIn(each.expression)].some((name) => set.has(name)) &&
      throws(each.thenStatement),
  );
}

function throws(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  return !isFunctionNode(node) && (ts.forEachChild(node, (each) => throws(each) || undefined) ?? false);
}

function identifiersIn(node: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (each: ts.Node): void => {
    if (ts.isIdentifier(each)) names.add(each.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return names;
}

/** Statements that run after this one in the blocks around it, up to the function's end. */
export function statementsAfter(node: ts.Node): readonly ts.Statement[] {
  const found: ts.Statement[] = [];
  for (let child = node; child.parent !== undefined && !isFunctionNode(child); child = child.parent) {
    const { parent } = child;
    if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseClause(parent) || ts.isDefaultClause(parent))
      found.push(...parent.statements.slice(parent.statements.indexOf(child as ts.Statement) + 1));
  }
  return found;
}

function isRepeated(view: View, found: FoundHandler, ending: Ending): boolean {
  if (retriesByCall(view, found)) return true;
  const retry = retryLoopOf(view, found);
  // What a callback returns goes on to the loop; a clause that returns leaves it.
  const leaves = ending.kind === "breaks" || (ending.kind === "returns" && ts.isCatchClause(found.node));
  if (retry === undefined || leaves) return false;
  // The last attempt throws, in the handler or after the loop.
  return (
    retry.isEndless ||
    found.flow.endings.some(({ kind }) => kind === "throws") ||
    statementsAfter(retry.loop).some(throws)
  );
}

function proceeding(view: View, found: FoundHandler, open: readonly Ending[]): HandlerFate {
  const run = ts.isCatchClause(found.node) ? found.run : (enclosingFunctionOf(found.body) ?? found.run);
  const keys = new Map(
    found.uncertain.map((each) => [`${cellKey(each.source.target)} ${each.effect.operation}`, each]),
  );
  for (const item of itemsIn(view, run, found.flow.visited)) {
    for (const source of view.sources.summaries.effectsOfItem(item)) {
      const effect = view.cellEffect(source);
      if (effect === undefined || effect.access === "read") continue;
      const same = keys.get(`${cellKey(source.target)} ${effect.operation}`);
      const isSame = same !== undefined && textOf(same.item) === textOf(item);
      return { kind: isSame ? "tried again" : "compensated", effect };
    }
  }
  const [first] = open.filter(({ kind }) => kind === "returns");
  if (first?.value !== undefined && !ts.isIdentifier(first.value))
    return { kind: "answered", value: shown(first.value) };
  if (first?.value !== undefined && first.value.getText() !== "undefined")
    return { kind: "answered", value: shown(first.value) };
  return { kind: "ignored", logs: found.node.kind !== ts.SyntaxKind.CatchClause || found.flow.visited.length > 0 };
}

function enclosingFunctionOf(body: ts.Node): FunctionNode | undefined {
  return isFunctionNode(body) ? body : enclosingFunction(body);
}

function textOf({ node }: Item): string {
  return node.getText().replace(/\s+/g, " ");
}

function shown(value: ts.Expression): string | undefined {
  const text = skipOuter(value).getText();
  return text.length <= 40 && !text.includes("\n") ? text : undefined;
}

/** The client in a scenario, whose checks judge what happened. */
function isDriver(view: View, node: ts.Node): boolean {
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around)) {
    const call = around.parent;
    if (call === undefined || !ts.isCallExpression(call)) continue;
    const callee = view.sources.x.evaluate(call.expression);
    if (callee.kind === "runtime" && callee.name.split(".").at(-1) === "scenario") return true;
  }
  return false;
}

/** A transaction whose operation failed is doomed, whatever its body caught. */
export function isInsideTransaction(view: View, node: ts.Node): boolean {
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around))
    if (isTransaction(view, around)) return true;
  return false;
}

/** The name of the nearest function that has one. */
export function nameOf(node: ts.Node): string | undefined {
  for (let around = node; around !== undefined; around = around.parent) {
    if (!isFunctionNode(around)) continue;
    if (ts.isConstructorDeclaration(around)) return "constructor";
    const holder = around.name === undefined ? around.parent : around;
    const isHolder = ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) || isFunctionNode(holder);
    const { name } = holder as ts.NamedDeclaration;
    if (isHolder && name !== undefined && !ts.isComputedPropertyName(name)) return name.getText();
  }
  return undefined;
}
