import { ts } from "ts-morph";
import { choose } from "./choices.js";
import type { Condition, Run } from "./run.js";
import { changed, type Flowing, type Guard, nothing, opposite, type Test, testOf, unite, wholeOf } from "./sources.js";

/** Evaluates a condition, its right side only under its left. */
export function testCondition(run: Run, node: ts.Expression): Condition {
  if (ts.isParenthesizedExpression(node)) return run.test(node.expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const { value, whenTrue, whenFalse } = run.test(node.operand);
    return { value: negated(value), whenTrue: whenFalse, whenFalse: whenTrue };
  }
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return both(run, node, "whenTrue");
    if (operator === ts.SyntaxKind.BarBarToken) return both(run, node, "whenFalse");
  }
  const value = run.evaluate(node);
  const guards = guardsOf(value, node);
  return { value, whenTrue: guards, whenFalse: flipped(guards) };
}

function both(run: Run, node: ts.BinaryExpression, when: "whenTrue" | "whenFalse"): Condition {
  const left = run.test(node.left);
  const other = when === "whenTrue" ? "whenFalse" : "whenTrue";
  const [right = { value: nothing, whenTrue: [], whenFalse: [] }] = choose(run, [
    { entering: left[when], body: () => run.test(node.right) },
    { entering: left[other], body: (): Condition => ({ value: nothing, whenTrue: [], whenFalse: [] }) },
  ]);
  return {
    value: unite(left.value, right.value),
    whenTrue: [...left.whenTrue, ...right.whenTrue],
    whenFalse: [...left.whenFalse, ...right.whenFalse],
  };
}

export function guardsOf(value: Flowing, node: ts.Node, test?: Test): readonly Guard[] {
  return [...wholeOf(value).values()].map((source) => ({ source, test: test ?? testOf(source), node, exits: 0 }));
}

export function flipped(guards: readonly Guard[]): readonly Guard[] {
  return guards.map((guard) => ({ ...guard, test: opposite(guard.test) }));
}

export function negated(value: Flowing): Flowing {
  const sources = [...wholeOf(value).values()].map((source) => changed(source, { test: opposite(testOf(source)) }));
  return sources.length === 0
    ? nothing
    : { sources: new Map(sources.map((each) => [each.key, each])), members: undefined };
}

/** What a comparison with a constant says of the other side; undefined when it is no such comparison. */
export function comparisonTest(operator: ts.SyntaxKind, constant: ts.Expression, isLeft: boolean): Test | undefined {
  const value = constantOf(constant);
  if (value === undefined) return undefined;
  const kind = isLeft ? (mirrored.get(operator) ?? operator) : operator;
  const isEqual = kind === ts.SyntaxKind.EqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
  const isUnequal =
    kind === ts.SyntaxKind.ExclamationEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
  if (value === "nothing" || value === 0 || value === -1) {
    if (isEqual) return "absent";
    if (isUnequal) return "present";
  }
  if (typeof value !== "number") return undefined;
  if (kind === ts.SyntaxKind.GreaterThanToken && value <= 0) return "present";
  if (kind === ts.SyntaxKind.GreaterThanEqualsToken && (value === 0 || value === 1)) return "present";
  if (kind === ts.SyntaxKind.LessThanToken && (value === 0 || value === 1)) return "absent";
  if (kind === ts.SyntaxKind.LessThanEqualsToken && value <= 0) return "absent";
  return undefined;
}

/** `=== false` turns a test round, `=== true` leaves it. */
export function comparesWith(constant: ts.Expression): boolean | undefined {
  if (constant.kind === ts.SyntaxKind.TrueKeyword) return true;
  return constant.kind === ts.SyntaxKind.FalseKeyword ? false : undefined;
}

function constantOf(node: ts.Expression): number | "nothing" | undefined {
  if (node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined")) return "nothing";
  if (ts.isStringLiteralLike(node)) return node.text === "" || node.text === "undefined" ? "nothing" : undefined;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (
    ts.isPrefixUnaryExpression(node) &&
    node.operator === ts.SyntaxKind.MinusToken &&
    ts.isNumericLiteral(node.operand)
  )
    return -Number(node.operand.text);
  return undefined;
}

const mirrored: ReadonlyMap<ts.SyntaxKind, ts.SyntaxKind> = new Map([
  [ts.SyntaxKind.GreaterThanToken, ts.SyntaxKind.LessThanToken],
  [ts.SyntaxKind.LessThanToken, ts.SyntaxKind.GreaterThanToken],
  [ts.SyntaxKind.GreaterThanEqualsToken, ts.SyntaxKind.LessThanEqualsToken],
  [ts.SyntaxKind.LessThanEqualsToken, ts.SyntaxKind.GreaterThanEqualsToken],
]);
