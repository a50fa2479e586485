import { ts } from "ts-morph";
import { calledIn } from "../extract/call-nodes.js";
import { returnedExpressions } from "../extract/evaluate.js";
import type { Item } from "../extract/functions.js";
import { type FunctionNode, isFunctionNode, skipOuter } from "../extract/scopes.js";
import { usesOf } from "../extract/uses.js";
import { cellKey, type Usage } from "../flow/usages.js";
import type { Cell, Site } from "../model.js";
import { siteOf } from "../sites.js";
import { nameOf } from "./failures/handlers.js";
import { functionRead, KeptByUnit } from "./kept.js";
import type { View } from "./view.js";

/** An operation that only one of several may win: a lock that is taken, a name that is registered. */
export interface Claim {
  readonly cell: Cell;
  readonly operation: "compareAndSet" | "update";
  /** The operation, or the call that passes the cell to a function that does it. */
  readonly site: Site;
  readonly through: string | undefined;
  readonly within: string | undefined;
  /** Who loses is told by the result, or by an error that the function of `update` throws. */
  readonly tells: "result" | "error";
}

/** Every claim in a file, on cells of whatever level. */
export function claimsOf(view: View, tree: ts.SourceFile): readonly Claim[] {
  return kept.of(view.sources, tree, (_, { usages }) => usages.flatMap((usage) => claimAt(view, usage) ?? []));
}

const kept = new KeptByUnit<Claim>();

function claimAt(view: View, { item, within }: Usage): Claim | undefined {
  const { callee, node } = item;
  if (callee.kind === "operation") {
    const effect = isClaiming(callee.name) ? view.sources.summaries.effectsOfItem(item)[0] : undefined;
    const cell = effect && view.cellEffect(effect)?.cell;
    const tells = cell && tellsOf(view, item, within.node, cellKey(callee));
    if (cell === undefined || tells === undefined || !isClaiming(callee.name)) return undefined;
    return { cell, operation: callee.name, site: siteOf(node), through: undefined, within: nameOf(node), tells };
  }
  return callee.kind === "function" && !item.inline ? claimThrough(view, item) : undefined;
}

function isClaiming(name: string): name is Claim["operation"] {
  return name === "compareAndSet" || name === "update";
}

/** `lock(this.holder)`: the function claims what it is given, whatever that is. */
function claimThrough(view: View, item: Item): Claim | undefined {
  for (const effect of view.sources.summaries.effectsOfItem(item)) {
    const [, inner, ...deeper] = effect.path;
    if (inner?.callee.kind !== "parameter" || deeper.length > 0 || effect.target.kind !== "operation") continue;
    const cell = isClaiming(effect.target.name) ? view.cellEffect(effect)?.cell : undefined;
    view.sources.x.reads.noteFile(inner.node.getSourceFile().fileName);
    const around = functionAround(inner.node);
    const tells = cell && around && tellsOf(view, inner, around, undefined);
    if (cell === undefined || tells === undefined || !isClaiming(effect.target.name)) continue;
    const through = calledIn(item.node).getText();
    const { name: operation } = effect.target;
    return { cell, operation, site: siteOf(item.node), through, within: nameOf(item.node), tells };
  }
  return undefined;
}

function functionAround(node: ts.Node): FunctionNode | undefined {
  for (let each = node.parent; each !== undefined; each = each.parent) if (isFunctionNode(each)) return each;
  return undefined;
}

/** How the operation tells whether it was won; undefined where it is no claim, or nobody listens. */
function tellsOf(view: View, { node }: Item, within: ts.Node, key: string | undefined): Claim["tells"] | undefined {
  const { x } = view.sources;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const isHeard = usesOf(x, node).some(({ kind }) => kind !== "shown");
  if (node.expression.name.text === "compareAndSet") return isHeard ? "result" : undefined;
  const change = node.arguments.at(-1);
  const value = change === undefined ? undefined : x.evaluate(change);
  const run = value?.kind === "function" ? functionRead(view.sources, value.id) : undefined;
  const claim = run && claimOf(run);
  if (claim !== "result") return claim;
  return isHeard || isReadAndCompared(view, within, node, key) ? "result" : undefined;
}

/** `return (await this.holder.read()) === me;`, after the update. */
function isReadAndCompared(view: View, within: ts.Node, after: ts.Node, key: string | undefined): boolean {
  return view.sources.summaries.factsOf(within).items.some(({ node, callee }) => {
    if (node.pos < after.end || key === undefined || cellKey(callee) !== key) return false;
    let each: ts.Node = node;
    while (ts.isAwaitExpression(each.parent) || ts.isParenthesizedExpression(each.parent)) each = each.parent;
    return ts.isBinaryExpression(each.parent) && isEquality(each.parent);
  });
}

/** `(owner) => owner ?? me` leaves what is taken; another throws. Undefined for what only changes a value. */
function claimOf(run: FunctionNode): Claim["tells"] | undefined {
  const parameter = run.parameters[0]?.name;
  if (parameter === undefined || !ts.isIdentifier(parameter) || run.body === undefined) return undefined;
  const name = parameter.text;
  if (!ts.isBlock(run.body)) return leavesTaken(run.body, name) ? "result" : undefined;
  for (const statement of run.body.statements) {
    if (!ts.isIfStatement(statement)) continue;
    const test = testOf(statement.expression, name);
    if (test === "taken" && throws(statement.thenStatement)) return "error";
    if (test === "taken" && gives(statement.thenStatement, name)) return "result";
    if (test !== "free") continue;
    const rest = run.body.statements.slice(run.body.statements.indexOf(statement) + 1);
    if (statement.elseStatement === undefined ? rest.some(throws) : throws(statement.elseStatement)) return "error";
    if (rest.some((each) => gives(each, name))) return "result";
  }
  return returnedExpressions(run.body).some((each) => leavesTaken(each, name)) ? "result" : undefined;
}

function leavesTaken(given: ts.Expression, name: string): boolean {
  const node = skipOuter(given);
  if (ts.isConditionalExpression(node)) {
    const test = testOf(node.condition, name);
    return (test === "taken" && isName(node.whenTrue, name)) || (test === "free" && isName(node.whenFalse, name));
  }
  if (!ts.isBinaryExpression(node) || !isName(node.left, name)) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
}

/** Statements that end with the value as it was. */
function gives(node: ts.Node, name: string): boolean {
  const returned = ts.isReturnStatement(node) ? [node.expression] : returnedExpressions(node);
  return returned.some((each) => each !== undefined && isName(each, name));
}

function throws(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  return ts.isBlock(node) && node.statements.some(throws);
}

type Test = "taken" | "free" | undefined;

/** Whether a condition on the value says that somebody has it; an amount says nothing of that sort. */
function testOf(given: ts.Expression, name: string): Test {
  const node = skipOuter(given);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return opposite(testOf(node.operand, name));
  if (isPartOf(node, name)) return "taken";
  if (ts.isCallExpression(node)) return isMembership(node, name) ? "taken" : undefined;
  if (!ts.isBinaryExpression(node)) return undefined;
  const { left, right, operatorToken } = node;
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
    return [testOf(left, name), testOf(right, name)].includes("taken") ? "taken" : bothAre(left, right, name, "free");
  if (operatorToken.kind === ts.SyntaxKind.BarBarToken)
    return testOf(left, name) === "free" ? "free" : bothAre(left, right, name, "taken");
  if (operatorToken.kind === ts.SyntaxKind.InKeyword) return mentions(right, name) ? "taken" : undefined;
  if (!isEquality(node)) return undefined;
  const asked = isPartOf(skipOuter(left), name) ? right : isPartOf(skipOuter(right), name) ? left : undefined;
  if (asked === undefined || !isNobody(skipOuter(asked))) return undefined;
  return isNegated(node) ? "taken" : "free";
}

function bothAre(left: ts.Expression, right: ts.Expression, name: string, test: Test): Test {
  return testOf(left, name) === test && testOf(right, name) === test ? test : undefined;
}

function opposite(test: Test): Test {
  return test === undefined ? undefined : test === "taken" ? "free" : "taken";
}

/** `null`, `undefined`, `""`, `false`, or a word such as `"free"`: the value that everybody expects at first. */
function isNobody(node: ts.Expression): boolean {
  return (
    node.kind === ts.SyntaxKind.NullKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(node) && node.text === "undefined") ||
    (ts.isStringLiteralLike(node) && /^(?:|free|open|available|unlocked|idle|none|vacant|empty)$/i.test(node.text))
  );
}

/** `taken.includes(seat)`, `names.some(…)`, `Object.hasOwn(names, name)` */
function isMembership({ expression, arguments: given }: ts.CallExpression, name: string): boolean {
  if (!ts.isPropertyAccessExpression(expression)) return false;
  if (/^(?:includes|has|some|find|get)$/.test(expression.name.text)) return mentions(expression.expression, name);
  return /^(?:hasOwn|hasOwnProperty)$/.test(expression.name.text) && given.some((each) => mentions(each, name));
}

/** The value itself, or a member of it. */
function isPartOf(node: ts.Expression, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name;
  if (ts.isPropertyAccessExpression(node))
    return node.name.text !== "length" && isPartOf(skipOuter(node.expression), name);
  return ts.isElementAccessExpression(node) && isPartOf(skipOuter(node.expression), name);
}

function isEquality({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.EqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsToken
  );
}

function isNegated({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.ExclamationEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken;
}

function isName(given: ts.Expression, name: string): boolean {
  const node = skipOuter(given);
  return ts.isIdentifier(node) && node.text === name;
}

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node) && node.text === name) return true;
  return ts.forEachChild(node, (each) => mentions(each, name) || undefined) ?? false;
}
