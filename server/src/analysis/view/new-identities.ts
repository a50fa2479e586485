import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { levelDecorator } from "../extract/annotations.js";
import { calleeName, type Item } from "../extract/functions.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, lookUp, skipOuter } from "../extract/scopes.js";
import type { Sink } from "../flow/values/run.js";
import { derivation, originKey, type Source } from "../flow/values/sources.js";
import type { Method, Site } from "../model.js";
import { siteOf } from "../sites.js";
import type { StateEffect } from "../states.js";
import type { FlowFunction } from "../value-flows.js";
import { nameOf } from "./failures/handlers.js";
import { KeptByUnit } from "./kept.js";
import { transactionAround } from "./transactions.js";
import type { View } from "./view.js";

/** A key or an id that is computed from what was read, for something that is inserted or opened. */
export interface NewIdentity {
  /** What uses it: the insertion, or the call that opens an object or leads there. */
  readonly site: Site;
  readonly call: string | undefined;
  /** What it is of: an entry under a key, a part of a value, an element, an object that is opened. */
  readonly of:
    | { readonly kind: "key" | "part"; readonly write: StateEffect }
    | { readonly kind: "object"; readonly type: string };
  readonly origins: readonly IdentityOrigin[];
  /** Something in it is different each time, or for each node. */
  readonly isDistinct: boolean;
  readonly within: string | undefined;
  readonly transaction: FlowFunction["transaction"];
  /** The method, where it stands in one. */
  readonly method: Method | undefined;
  /** The expression that could be replaced by a text, if it is known to be one and nothing else hangs on it. */
  readonly text: Site | undefined;
}

export interface IdentityOrigin {
  readonly read: StateEffect;
  readonly isCount: boolean;
  readonly isExtreme: boolean;
  readonly isArithmetic: boolean;
  /** The function also writes what it has read, counted on, back to where it came from. */
  readonly isSequence: boolean;
}

export function newIdentitiesOf(view: View, tree: ts.SourceFile): readonly NewIdentity[] {
  return kept.of(view.sources, tree, (unit, { usages }) =>
    usages.length === 0
      ? []
      : unit.runs.filter((run) => enclosingFunction(run) === undefined).flatMap((run) => identitiesIn(view, run)),
  );
}

const kept = new KeptByUnit<NewIdentity>();

function identitiesIn(view: View, run: ts.Node): readonly NewIdentity[] {
  const member = run.parent !== undefined && ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  const cap = isFunctionNode(run) ? levelDecorator(view.sources.x, member)?.level : undefined;
  const sinks = view.sources.flows.sinksOf(run);
  const found = new Map<ts.Node, NewIdentity>();
  for (const sink of sinks) {
    const marked = [...sink.values.values()].filter(isIdentity);
    if (marked.length === 0 || found.has(sink.node)) continue;
    const identity = identityAt(view, run, cap, sinks, sink, marked);
    if (identity !== undefined) found.set(sink.node, identity);
  }
  return [...found.values()];
}

function isIdentity({ derivation: how, test }: Source): boolean {
  return (how & derivation.identity) !== 0 && test === undefined;
}

function identityAt(
  view: View,
  run: ts.Node,
  cap: Level | undefined,
  sinks: readonly Sink[],
  sink: Sink,
  marked: readonly Source[],
): NewIdentity | undefined {
  const of = targetOf(view, sink, cap);
  // Where the last one is taken from says nothing of what becomes of it.
  const texts = textsOf(view, sink).replace(/\.at\(\s*-\s*1\s*\)|\[[^\]]*-\s*1\s*\]/g, "");
  const origins = marked.flatMap((source) => originOf(view, sinks, source, texts, cap) ?? []);
  if (of === undefined || origins.length === 0) return undefined;
  const met = marked.find(({ meeting }) => meeting !== undefined)?.meeting;
  const first = sink.path[0];
  return {
    site: siteOf(met ?? sink.node),
    call: met === undefined && sink.path.length > 1 && first !== undefined ? calleeName(first) : undefined,
    of,
    origins,
    isDistinct: marked.some(({ origin }) => origin.kind === "ambient") || namesNode.test(texts),
    within: nameOf(sink.node),
    transaction: isFunctionNode(run) ? transactionAround(view, run) : "never",
    method: isFunctionNode(run) ? methodOf(view, run) : undefined,
    text: sink.path.length === 1 && met === undefined ? replaceableIn(view, sink) : undefined,
  };
}

/** Each node, region or shard counts for itself. */
const namesNode =
  /\b(?:node|replica|region|machine|host|worker|shard)(?:(?:Id|Name)?\b(?!\s*\.)|\.(?:id|name)\b)|random|uuid|nanoid/i;

function targetOf(view: View, sink: Sink, cap: Level | undefined): NewIdentity["of"] | undefined {
  const { target } = sink;
  if (target?.kind !== "operation") return undefined;
  if (target.cell.kind === "instance") {
    const type = view.sources.x.classNode(target.cell.of)?.name?.text;
    return { kind: "object", type: type ?? "the class" };
  }
  const write = view.stateEffect({ ...sink, target, order: [] }, cap);
  if (write === undefined || (write.access !== "write" && write.access !== "update")) return undefined;
  if ("store" in write && (write.action === "delete" || write.action === "update")) return undefined;
  const isKeyed = "cell" in write && write.cell.dataType === "map";
  return { kind: isKeyed ? "key" : "part", write };
}

function originOf(
  view: View,
  sinks: readonly Sink[],
  source: Source,
  texts: string,
  cap: Level | undefined,
): IdentityOrigin | undefined {
  const { origin } = source;
  if (origin.kind !== "operation" || origin.target.kind !== "operation" || source.implicit) return undefined;
  const read = view.stateEffect({ ...origin, target: origin.target, order: [] }, cap);
  if (read === undefined || (read.access !== "read" && read.access !== "update")) return undefined;
  const has = (bit: number): boolean => (source.derivation & bit) !== 0;
  const isAdded = has(derivation.arithmetic) && !takesAway.test(texts);
  const isWhole = "cell" in read && ["entries", "values"].includes(read.operation) && addsOne.test(texts);
  return {
    read,
    isCount: (has(derivation.count) || counts(read)) && !takesAway.test(texts),
    isExtreme: (has(derivation.extreme) || isWhole) && isAdded,
    isArithmetic: isAdded,
    isSequence: goesBack(sinks, source),
  };
}

/** `count - 1` names the last one that is there. */
const takesAway = /-\s*1\b|--/;
const addsOne = /\+\s*1\b|\+\+|\+=\s*1\b/;

function counts(read: StateEffect): boolean {
  if ("cell" in read) return read.operation === "size" || read.cell.dataType === "counter";
  return /^(?:count|countDocuments|estimatedDocumentCount|size|dbsize|hlen|llen|scard|zcard|xlen)$/i.test(
    read.operation,
  );
}

/** `next.write(n + 1)`: what was read is written back to its own cell. */
function goesBack(sinks: readonly Sink[], { origin }: Source): boolean {
  if (origin.kind !== "operation" || origin.target.kind !== "operation") return false;
  const { cell } = origin.target;
  const key = originKey(origin);
  return sinks.some(
    ({ target, values }) =>
      target?.kind === "operation" &&
      target.cell.kind === "cell" &&
      cell.kind === "cell" &&
      target.cell.field === cell.field &&
      target.cell.declaredIn === cell.declaredIn &&
      [...values.values()].some(
        (each) => originKey(each.origin) === key && (each.derivation & derivation.arithmetic) !== 0,
      ),
  );
}

/** What the arguments say, with what stands behind the names in them. */
function textsOf(view: View, { node }: Sink): string {
  const texts: string[] = [];
  const seen = new Set<ts.Node>();
  const visit = (each: ts.Node, depth: number): void => {
    if (ts.isIdentifier(each)) {
      const declaration = lookUp(each.text, each);
      const isHere = declaration !== undefined && ts.isVariableDeclaration(declaration) && !seen.has(declaration);
      const value = isHere ? declaration.initializer : undefined;
      if (value === undefined || declaration === undefined || depth > 4 || enclosingFunction(declaration) === undefined)
        return;
      seen.add(declaration);
      texts.push(value.getText());
      visit(value, depth + 1);
      return;
    }
    ts.forEachChild(each, (child) => visit(child, depth));
  };
  for (const argument of argumentsOf(view, node)) {
    texts.push(argument.getText());
    visit(argument, 0);
  }
  return texts.join("\n");
}

function argumentsOf(view: View, node: ts.Node): readonly ts.Expression[] {
  if (!ts.isCallExpression(node)) return [];
  const callee = view.sources.x.evaluate(node.expression);
  const isMap = callee.kind === "operation" && node.arguments.length > 1;
  return isMap ? node.arguments.slice(0, 1) : node.arguments;
}

function methodOf(view: View, run: FunctionNode): Method | undefined {
  const member: ts.Node = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  return ts.isClassElement(member) && ts.isClassLike(member.parent)
    ? view.method(member.parent, member, run)
    : undefined;
}

/** The key or the id as written, where a text stands there and each name in it is for nothing else. */
function replaceableIn(view: View, { node, path }: Sink): Site | undefined {
  const given = idIn(view, node, path.at(-1));
  if (given === undefined) return undefined;
  const { expression, isText } = given;
  const declaration = ts.isIdentifier(expression) ? lookUp(expression.text, expression) : undefined;
  if (declaration !== undefined && ts.isVariableDeclaration(declaration)) {
    const made = declaration.initializer;
    const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    return made !== undefined &&
      isConstant &&
      declaration.type === undefined &&
      isTextual(made) &&
      isHere(declaration, node)
      ? siteOf(partOf(made))
      : undefined;
  }
  if (ts.isShorthandPropertyAssignment(expression.parent)) return undefined;
  return (isText || isTextual(expression)) && namesAreForItAlone(expression) ? siteOf(partOf(expression)) : undefined;
}

function isHere(declaration: ts.Node, node: ts.Node): boolean {
  return enclosingFunction(declaration) === enclosingFunction(node);
}

interface GivenId {
  readonly expression: ts.Expression;
  /** Nothing else is accepted there. */
  readonly isText: boolean;
}

function idIn(view: View, node: ts.Node, item: Item | undefined): GivenId | undefined {
  if (!ts.isCallExpression(node) || item === undefined) return undefined;
  const [first, second] = node.arguments;
  const callee = view.sources.x.evaluate(node.expression);
  if (callee.kind === "runtime") return second && { expression: skipOuter(second), isText: true };
  if (first === undefined) return undefined;
  const isMap =
    callee.kind === "operation" && (callee.name === "put" || callee.name === "update") && second !== undefined;
  // The same id may also be a part of the value.
  if (isMap) return { expression: skipOuter(first), isText: true };
  const literal = skipOuter(first);
  if (!ts.isObjectLiteralExpression(literal)) return { expression: literal, isText: false };
  const id = literal.properties.find((each) => /^_?id$/.test(each.name?.getText() ?? ""));
  if (id === undefined) return undefined;
  if (ts.isShorthandPropertyAssignment(id)) return { expression: id.name, isText: false };
  return ts.isPropertyAssignment(id) ? { expression: skipOuter(id.initializer), isText: false } : undefined;
}

function isTextual(expression: ts.Expression): boolean {
  const node = skipOuter(expression);
  if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) return true;
  if (ts.isBinaryExpression(node)) return isTextual(node.left) || isTextual(node.right);
  if (!ts.isCallExpression(node)) return false;
  const { expression: called } = node;
  if (ts.isIdentifier(called)) return called.text === "String";
  return ts.isPropertyAccessExpression(called) && /^(?:toString|padStart|padEnd|toFixed)$/.test(called.name.text);
}

/** `order-${n}`: what is around the number stays. */
function partOf(expression: ts.Expression): ts.Expression {
  const node = skipOuter(expression);
  if (!ts.isTemplateExpression(node)) return node;
  const [span, ...others] = node.templateSpans;
  const isBare = node.head.text === "" && span?.literal.text === "";
  return span === undefined || isBare || others.length > 0 ? node : span.expression;
}

/** Where the number is used once more, both have to stay the same. */
function namesAreForItAlone(expression: ts.Expression): boolean {
  const run = enclosingFunction(expression);
  let isAlone = true;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMemberName(node) && run !== undefined) {
      const declaration = lookUp(node.text, node);
      if (declaration !== undefined && ts.isVariableDeclaration(declaration) && isHere(declaration, expression))
        isAlone &&= mentions(run, node.text) <= 2;
    }
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return isAlone;
}

function isMemberName(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

function mentions(node: ts.Node, name: string): number {
  let count = ts.isIdentifier(node) && node.text === name && !isMemberName(node) ? 1 : 0;
  ts.forEachChild(node, (child) => {
    count += mentions(child, name);
  });
  return count;
}
