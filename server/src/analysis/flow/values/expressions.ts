import { ts } from "ts-morph";
import { isFunctionNode } from "../../extract/scopes.js";
import { isComparison } from "../../extract/uses.js";
import { callAccessor } from "./accessors.js";
import { choose } from "./choices.js";
import { comparesWith, comparisonTest, guardsOf, negated } from "./conditions.js";
import { counted, nameText, variableOf } from "./patterns.js";
import type { Run } from "./run.js";
import {
  derivation,
  derived,
  elementOf,
  type Flowing,
  flowingOf,
  joinFlowing,
  memberOf,
  nothing,
  unite,
  uniteSources,
  wholeOf,
  withSources,
} from "./sources.js";

/** What the value of an expression depends on; on the way all that evaluating it does is recorded. */
export function evaluateExpression(run: Run, node: ts.Expression): Flowing {
  if (ts.isIdentifier(node)) return evaluateName(run, node);
  if (ts.isPropertyAccessExpression(node)) return evaluateMember(run, node);
  if (ts.isElementAccessExpression(node)) return evaluateElement(run, node);
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node))
    return run.call(node);
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
  )
    return run.evaluate(node.expression);
  if (ts.isConditionalExpression(node)) return evaluateConditional(run, node);
  if (ts.isBinaryExpression(node)) return evaluateBinary(run, node);
  if (ts.isPrefixUnaryExpression(node)) return evaluatePrefix(run, node);
  if (ts.isPostfixUnaryExpression(node)) return step(run, node.operand);
  if (ts.isTemplateExpression(node))
    return derived(unite(...node.templateSpans.map((span) => run.evaluate(span.expression))), derivation.text);
  if (ts.isArrayLiteralExpression(node)) return evaluateArray(run, node);
  if (ts.isObjectLiteralExpression(node)) return evaluateObject(run, node);
  if (isFunctionNode(node) || ts.isClassLike(node)) return nothing;
  if (ts.isVoidExpression(node) || ts.isDeleteExpression(node)) {
    run.evaluate(node.expression);
    return nothing;
  }
  if (ts.isTypeOfExpression(node)) return run.evaluate(node.expression);
  if (ts.isYieldExpression(node)) return evaluateYield(run, node);
  return evaluateParts(run, node);
}

/** Syntax that has no rule of its own depends on all of its parts. */
function evaluateParts(run: Run, node: ts.Node): Flowing {
  const parts: Flowing[] = [];
  ts.forEachChild(node, (child) => {
    if (ts.isTypeNode(child)) return;
    parts.push(ts.isExpression(child) ? run.evaluate(child) : evaluateParts(run, child));
  });
  return unite(...parts);
}

function evaluateName(run: Run, node: ts.Identifier): Flowing {
  const variables = run.state?.variables;
  if (variables === undefined || variables.size === 0) return nothing;
  const variable = variableOf(node);
  return (variable && variables.get(variable)) ?? nothing;
}

function evaluateMember(run: Run, node: ts.PropertyAccessExpression): Flowing {
  const name = node.name.text;
  const reference = run.reference(node);
  if (reference?.kind === "accessor")
    return reference.get === undefined ? nothing : callAccessor(run, node, reference.get, []);
  const content = reference === undefined ? nothing : run.contentOf(reference.place);
  if (node.expression.kind === ts.SyntaxKind.ThisKeyword) return run.state?.variables.get(`this.${name}`) ?? content;
  const owner = run.evaluate(node.expression);
  return joinFlowing(counted(owner, name) ?? memberOf(owner, name), content);
}

function evaluateElement(run: Run, node: ts.ElementAccessExpression): Flowing {
  const owner = run.evaluate(node.expression);
  const index = node.argumentExpression;
  const at = run.evaluate(index);
  if (ts.isStringLiteralLike(index) || ts.isNumericLiteral(index)) return memberOf(owner, index.text);
  return unite(owner, at);
}

function evaluateConditional(run: Run, node: ts.ConditionalExpression): Flowing {
  const { value, whenTrue, whenFalse } = run.test(node.condition);
  const [yes = nothing, no = nothing] = choose(run, [
    { entering: whenTrue, body: () => run.evaluate(node.whenTrue) },
    { entering: whenFalse, body: () => run.evaluate(node.whenFalse) },
  ]);
  return withSources(joinFlowing(yes, no), wholeOf(value));
}

function evaluateBinary(run: Run, node: ts.BinaryExpression): Flowing {
  const operator = node.operatorToken.kind;
  switch (operator) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
      return run.test(node).value;
    case ts.SyntaxKind.QuestionQuestionToken:
      return evaluateEither(run, node.left, node.right, "absent");
    case ts.SyntaxKind.CommaToken:
      run.evaluate(node.left);
      return run.evaluate(node.right);
    case ts.SyntaxKind.EqualsToken: {
      const value = run.evaluate(node.right);
      run.bind(node.left, value);
      return value;
    }
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken:
    case ts.SyntaxKind.AmpersandAmpersandEqualsToken: {
      const test = operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken ? "present" : "absent";
      const value = evaluateEither(run, node.left, node.right, test);
      run.bind(node.left, value);
      return value;
    }
  }
  if (operator >= ts.SyntaxKind.FirstCompoundAssignment && operator <= ts.SyntaxKind.LastCompoundAssignment) {
    const value = derived(unite(run.evaluate(node.left), run.evaluate(node.right)), derivation.arithmetic);
    run.bind(node.left, value);
    return value;
  }
  const isCompared =
    isComparison(operator) || operator === ts.SyntaxKind.InKeyword || operator === ts.SyntaxKind.InstanceOfKeyword;
  return isCompared ? evaluateComparison(run, node) : evaluateArithmetic(run, node);
}

/** `a ?? b`: the right side only where the left tells so. */
function evaluateEither(run: Run, left: ts.Expression, right: ts.Expression, test: "absent" | "present"): Flowing {
  const first = run.evaluate(left);
  const [second = nothing] = choose(run, [
    { entering: guardsOf(first, left, test), body: () => run.evaluate(right) },
    { entering: [], body: () => nothing },
  ]);
  return joinFlowing(first, second);
}

function evaluateArithmetic(run: Run, node: ts.BinaryExpression): Flowing {
  const parts = unite(run.evaluate(node.left), run.evaluate(node.right));
  const isText = ts.isStringLiteralLike(node.left) || ts.isStringLiteralLike(node.right);
  return derived(parts, isText ? derivation.text : derivation.arithmetic);
}

function evaluateComparison(run: Run, node: ts.BinaryExpression): Flowing {
  const left = run.evaluate(node.left);
  const right = run.evaluate(node.right);
  const operator = node.operatorToken.kind;
  for (const [constant, isLeft, other] of [
    [node.right, false, left],
    [node.left, true, right],
  ] as const) {
    const test = comparisonTest(operator, constant, isLeft);
    if (test !== undefined) return derived(other, 0, test);
    const truth = comparesWith(constant);
    if (truth !== undefined) {
      const isUnequal =
        operator === ts.SyntaxKind.ExclamationEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsEqualsToken;
      return truth === isUnequal ? negated(other) : other;
    }
  }
  return derived(unite(left, right), 0, "compared");
}

function evaluatePrefix(run: Run, node: ts.PrefixUnaryExpression): Flowing {
  switch (node.operator) {
    case ts.SyntaxKind.ExclamationToken:
      return negated(run.evaluate(node.operand));
    case ts.SyntaxKind.PlusPlusToken:
    case ts.SyntaxKind.MinusMinusToken:
      return step(run, node.operand);
    default:
      return derived(run.evaluate(node.operand), derivation.arithmetic);
  }
}

/** `n++` */
function step(run: Run, operand: ts.Expression): Flowing {
  const value = derived(run.evaluate(operand), derivation.arithmetic);
  run.bind(operand, value);
  return value;
}

function evaluateArray(run: Run, node: ts.ArrayLiteralExpression): Flowing {
  if (node.elements.some(ts.isSpreadElement))
    return unite(
      ...node.elements.map((each) =>
        ts.isSpreadElement(each) ? elementOf(run.evaluate(each.expression)) : run.evaluate(each),
      ),
    );
  const members = new Map<string, Flowing>();
  for (const [index, each] of node.elements.entries()) members.set(String(index), run.evaluate(each));
  return { sources: nothing.sources, members };
}

function evaluateObject(run: Run, node: ts.ObjectLiteralExpression): Flowing {
  let sources = nothing.sources;
  const members = new Map<string, Flowing>();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = run.evaluate(property.expression);
      sources = uniteSources([sources, spread.sources]);
      for (const [name, value] of spread.members ?? []) members.set(name, value);
      continue;
    }
    if (ts.isShorthandPropertyAssignment(property)) members.set(property.name.text, shorthand(run, property));
    if (!ts.isPropertyAssignment(property)) continue;
    const name = nameText(property.name);
    const value = run.evaluate(property.initializer);
    if (name !== undefined) members.set(name, value);
    else {
      const key = ts.isComputedPropertyName(property.name) ? run.evaluate(property.name.expression) : nothing;
      sources = uniteSources([sources, wholeOf(value), wholeOf(key)]);
    }
  }
  return { sources, members };
}

function shorthand(run: Run, property: ts.ShorthandPropertyAssignment): Flowing {
  return evaluateName(run, property.name);
}

function evaluateYield(run: Run, node: ts.YieldExpression): Flowing {
  const value = node.expression === undefined ? nothing : run.evaluate(node.expression);
  const frame = run.frames.at(-1);
  if (frame !== undefined) frame.returned = joinFlowing(frame.returned, value);
  return flowingOf();
}
