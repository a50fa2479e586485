import { ts } from "ts-morph";
import { isFunctionNode, isInside } from "../../extract/scopes.js";
import { cellKey } from "../../flow/usages.js";
import type { View } from "../view.js";
import type { Ending } from "./error-flow.js";
import { itemsIn, loopAround } from "./guarded.js";
import type { FoundHandler } from "./handlers.js";
import { isRelation } from "./idempotence.js";

/** On this way somebody reads what may have been changed: in the handler, after it, or before the next attempt. */
export function readsIn(view: View, { node, run, body, flow, uncertain }: FoundHandler, { kind }: Ending): boolean {
  const keys = new Set(uncertain.map(({ source }) => cellKey(source.target)));
  const reads = (within: ts.Node, pieces: readonly ts.Node[]): readonly ts.Node[] =>
    itemsIn(view, within, pieces)
      .filter((item) =>
        view.sources.summaries.effectsOfItem(item).some((effect) => {
          const key = cellKey(effect.target);
          return keys.has(key) && view.cellEffect(effect)?.access === "read";
        }),
      )
      .map((item) => item.node);
  const handler = functionAround(body) ?? run;
  if (reads(handler, flow.visited).length > 0) return true;
  const isClause = ts.isCatchClause(node);
  if (kind === "returns" && isClause) return false;
  const loop = loopAround(isClause ? node.parent : node);
  const after = followers(isClause ? node.parent : statementOf(node), loop, kind);
  if (reads(run, after).length > 0) return true;
  if (loop === undefined || kind === "breaks") return false;
  const guarded = isClause ? node.parent.tryBlock : node;
  return reads(run, [loop]).some((each) => !isInside(each, guarded) || isCompared(each));
}

function functionAround(body: ts.Node): ts.Node | undefined {
  for (let each: ts.Node | undefined = body; each !== undefined; each = each.parent)
    if (isFunctionNode(each)) return each;
  return undefined;
}

/** The statement that holds an expression: nothing in it counts as after the handler. */
function statementOf(node: ts.Node): ts.Node {
  let each = node;
  while (each.parent !== undefined && !ts.isStatement(each)) each = each.parent;
  return each;
}

/** What runs after the handler: to the end of the loop, from its end on, or to the end of the function. */
function followers(node: ts.Node, loop: ts.IterationStatement | undefined, kind: Ending["kind"]): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const skipsLoop = kind === "breaks" || kind === "continues";
  let isReached = !skipsLoop || loop === undefined;
  for (let child = node; child.parent !== undefined && !isFunctionNode(child); child = child.parent) {
    if (child === loop) isReached = true;
    const { parent } = child;
    if (isReached && (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)))
      found.push(...parent.statements.slice(parent.statements.indexOf(child as ts.Statement) + 1));
  }
  return found;
}

/** The read is asked whether the change is there already, and not whether there is enough for it. */
export function isCompared(node: ts.Node): boolean {
  const use = conditionAround(node) ?? variableCondition(node);
  return use !== undefined && !isAmount(use);
}

function variableCondition(node: ts.Node): ts.Node | undefined {
  const declaration = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent;
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  const names = boundNames(declaration.name);
  let found: ts.Node | undefined;
  const visit = (each: ts.Node): void => {
    if (found !== undefined) return;
    if (ts.isIdentifier(each) && names.includes(each.text)) found = conditionAround(each);
    ts.forEachChild(each, visit);
  };
  visit(declaration.parent.parent.parent);
  return found;
}

/** The condition of an `if`, a loop or `?:` that a node stands in. */
function conditionAround(node: ts.Node): ts.Node | undefined {
  for (let child = node, { parent } = node; parent !== undefined; child = parent, { parent } = parent) {
    if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
      return parent.expression === child ? child : undefined;
    if (ts.isConditionalExpression(parent) && parent.condition === child) return child;
    if (ts.isStatement(parent) || isFunctionNode(parent)) return undefined;
  }
  return undefined;
}

/** `stock > 0`, `left === 0`: about how much there is. */
function isAmount(node: ts.Node): boolean {
  if (isRelation(node)) return true;
  if (ts.isBinaryExpression(node) && (ts.isNumericLiteral(node.left) || ts.isNumericLiteral(node.right))) return true;
  return ts.forEachChild(node, (child) => isAmount(child) || undefined) ?? false;
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : boundNames(each.name)));
}
