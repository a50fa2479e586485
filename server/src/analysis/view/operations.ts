import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { decoratorsOf } from "../extract/annotations.js";
import { accessOf } from "../extract/operation-names.js";
import { enclosingFunction, type FunctionNode, isFunctionNode } from "../extract/scopes.js";
import { type Use, usesOf, usesOfParameter } from "../extract/uses.js";
import type { Usage } from "../flow/usages.js";
import type { CellOperation } from "../model.js";
import { lazily } from "../remembered.js";
import { siteOf } from "../sites.js";
import type { Sources, View } from "./view.js";

/** Every operation on a cell in the analysed files, with what becomes of its result. */
export function operationsOf(view: View, declaredIn: string, field: string): readonly CellOperation[] {
  const { x, usages } = view.sources;
  return usages.ofCell(`${declaredIn}.${field}`).map((usage) => {
    const name = usage.item.callee.kind === "operation" ? usage.item.callee.name : "";
    const member = memberAround(usage.item.node);
    const base = {
      name,
      access: accessOf(name),
      site: siteOf(usage.item.node),
      increment: incrementOf(usage.item.node, name),
      insideInvariant: member !== undefined && decoratorsOf(x, member).some((each) => each.name === "Invariant"),
    };
    const reaches = (how: (use: Decision) => boolean) =>
      decides(view.sources, usesOf(x, usage.item.node), how, new Set());
    // What an update gives back is nobody else's: a caller may number something with it.
    const judged = lazily(base, "decides", () => reaches(({ by }) => by !== "caller" || name === "update"));
    const guarding = lazily(judged, "guards", () => reaches(({ by }) => by === "condition" || by === "write"));
    return lazily(guarding, "besideInTransactions", () => besideInTransactions(view, usage, `${declaredIn}.${field}`));
  });
}

type Decision = Extract<Use, { readonly kind: "decides" }>;

function decides(sources: Sources, uses: readonly Use[], how: (use: Decision) => boolean, seen: Set<string>): boolean {
  return uses.some((use) => {
    if (use.kind === "shown") return false;
    if (use.kind === "decides") return how(use);
    const key = JSON.stringify(use);
    if (seen.has(key)) return false;
    seen.add(key);
    if (use.kind === "argument") return argumentDecides(sources, use, how, seen);
    const node = sources.x.functionNode(use.from);
    if (node !== undefined && isInvariant(sources, node)) return true;
    const callers = sources.usages.ofFunction(use.from);
    if (callers.length === 0) return how({ kind: "decides", by: "caller" });
    return callers.some((usage) => decides(sources, usesOf(sources.x, usage.item.node), how, seen));
  });
}

function argumentDecides(
  sources: Sources,
  { of, index }: Extract<Use, { readonly kind: "argument" }>,
  how: (use: Decision) => boolean,
  seen: Set<string>,
): boolean {
  const parameter = sources.x.functionNode(of)?.parameters[index];
  if (parameter === undefined) return how({ kind: "decides", by: "unknown" });
  return decides(sources, usesOfParameter(sources.x, parameter), how, seen);
}

function isInvariant(sources: Sources, node: FunctionNode): boolean {
  return decoratorsOf(sources.x, node).some((each) => each.name === "Invariant");
}

function memberAround(node: ts.Node): ts.ClassElement | undefined {
  for (let each: ts.Node = node; each !== undefined; each = each.parent) {
    if (ts.isClassElement(each) && ts.isClassLike(each.parent)) return each;
  }
  return undefined;
}

/** `(n) => n + 1`, `(n) => 1 + n`, `(n) => n - price`: changes by the same amount whatever the value is. */
function incrementOf(node: ts.Node, name: string): CellOperation["increment"] {
  const callback = name === "update" && ts.isCallExpression(node) ? node.arguments[0] : undefined;
  if (callback === undefined || !isFunctionNode(callback) || callback.parameters.length !== 1) return undefined;
  const parameter = callback.parameters[0]?.name;
  const body = callback.body;
  if (parameter === undefined || !ts.isIdentifier(parameter) || body === undefined) return undefined;
  let result: ts.Node | undefined = body;
  if (ts.isBlock(body)) {
    const only = body.statements.length === 1 ? body.statements[0] : undefined;
    result = only !== undefined && ts.isReturnStatement(only) ? only.expression : undefined;
  }
  while (result !== undefined && ts.isParenthesizedExpression(result)) result = result.expression;
  if (result === undefined || !ts.isBinaryExpression(result)) return undefined;
  const operator = result.operatorToken.kind;
  if (operator !== ts.SyntaxKind.PlusToken && operator !== ts.SyntaxKind.MinusToken) return undefined;
  const { left, right } = result;
  const isParameter = (each: ts.Node): boolean => ts.isIdentifier(each) && each.text === parameter.text;
  if (isParameter(left) && !mentions(right, parameter.text))
    return { sign: operator === ts.SyntaxKind.PlusToken ? 1 : -1, by: right.getText() };
  if (operator === ts.SyntaxKind.PlusToken && isParameter(right) && !mentions(left, parameter.text))
    return { sign: 1, by: left.getText() };
  return undefined;
}

function mentions(node: ts.Node, name: string): boolean {
  return (
    (ts.isIdentifier(node) && node.text === name) ||
    (ts.forEachChild(node, (child) => mentions(child, name) || undefined) ?? false)
  );
}

/** Levels of other cells in the transactions that reach this operation, through the functions around it. */
function besideInTransactions(view: View, usage: Usage, key: string): readonly Level[] {
  const { x, usages } = view.sources;
  const levels = new Set<Level>();
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node | undefined): void => {
    if (node === undefined || seen.has(node) || seen.size > mostCallers || !isFunctionNode(node)) return;
    seen.add(node);
    const owner = ts.isPropertyDeclaration(node.parent) ? node.parent : node;
    if (decoratorsOf(x, owner).some((each) => each.name === "Transaction")) {
      for (const each of view.effectsOf(node)) if (each.key !== key) levels.add(each.effect.cellLevel);
    }
    visit(enclosingFunction(node));
    for (const caller of usages.ofFunction(x.functionId(node))) visit(caller.within.node);
  };
  visit(usage.within.node);
  return [...levels].sort();
}

/** Something that so many call is not looked at further: the rules that ask stay silent only for fewer reasons. */
const mostCallers = 200;
