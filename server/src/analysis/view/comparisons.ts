import { ts } from "ts-morph";
import { type Declaration, type FunctionNode, lookUp, memberName, skipOuter } from "../extract/scopes.js";
import { remembered } from "../remembered.js";

/** A member of something that a variable holds: `a.meta.updatedAt`. */
export interface Stamp {
  readonly member: string;
  /** The variable or parameter at the root. */
  readonly root: Declaration;
}

/** Something that says which of two comes first. */
export interface Comparison {
  readonly node: ts.Node;
  readonly left: ts.Expression;
  readonly right: ts.Expression;
  /** What stands on the left is found to be the later, where the comparison is true. */
  readonly leftIsLater: boolean | undefined;
}

const orders: ReadonlyMap<ts.SyntaxKind, boolean> = new Map([
  [ts.SyntaxKind.GreaterThanToken, true],
  [ts.SyntaxKind.GreaterThanEqualsToken, true],
  [ts.SyntaxKind.LessThanToken, false],
  [ts.SyntaxKind.LessThanEqualsToken, false],
]);

const comparisons = new WeakMap<ts.Node, readonly Comparison[]>();

/** All comparisons in a part of the source: by an operator, a difference, `localeCompare`, or a maximum that is one of them. */
export function comparisonsIn(part: ts.Node): readonly Comparison[] {
  return remembered(comparisons, part, () => {
    const found: Comparison[] = [];
    const visit = (node: ts.Node): void => {
      const comparison = comparisonOf(node);
      if (comparison !== undefined) found.push(comparison);
      ts.forEachChild(node, visit);
    };
    visit(part);
    return found;
  });
}

function comparisonOf(node: ts.Node): Comparison | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const { left, right } = node;
    if (orders.has(kind)) return { node, left, right, leftIsLater: orders.get(kind) };
    if (kind === ts.SyntaxKind.MinusToken) return { node, left, right, leftIsLater: undefined };
    const isEquality = kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
    const extreme = isEquality ? (extremeOf(left) ?? extremeOf(right)) : undefined;
    return extreme && { node, left: extreme[0], right: extreme[1], leftIsLater: undefined };
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const [other] = node.arguments;
  if (node.expression.name.text !== "localeCompare" || other === undefined) return undefined;
  return { node, left: node.expression.expression, right: other, leftIsLater: undefined };
}

/** `Math.max(a.at, b.at)` */
function extremeOf(given: ts.Expression): readonly [ts.Expression, ts.Expression] | undefined {
  const node = skipOuter(given);
  if (!ts.isCallExpression(node) || !/^Math\.(?:max|min)$/.test(node.expression.getText())) return undefined;
  const [left, right] = node.arguments;
  return left === undefined || right === undefined ? undefined : [left, right];
}

const conversions = new Set(["getTime", "valueOf", "toISOString", "toString"]);

/** What is compared, without `getTime()`, `Number(…)`, `new Date(…)` and `+`. */
export function bare(given: ts.Expression): ts.Expression {
  const node = skipOuter(given);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) return bare(node.operand);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return node;
  const { expression } = node;
  if (ts.isPropertyAccessExpression(expression) && conversions.has(expression.name.text))
    return bare(expression.expression);
  const [only] = node.arguments ?? [];
  return only !== undefined && /^(?:Number|Date|Date\.parse|String)$/.test(expression.getText()) ? bare(only) : node;
}

/** The member that is compared, through `getTime()`, `Number(…)`, `new Date(…)`, `+`, constants and destructuring. */
export function stampOf(given: ts.Expression, depth = 6): Stamp | undefined {
  const node = bare(given);
  if (depth === 0) return undefined;
  if (ts.isPropertyAccessExpression(node)) {
    const root = rootOf(node.expression);
    return root && { member: node.name.text, root };
  }
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration === undefined) return undefined;
  if (ts.isBindingElement(declaration)) {
    const root = holderOf(declaration);
    const member = memberName({ name: declaration.propertyName ?? declaration.name } as unknown as ts.Node);
    return root === undefined || member === undefined ? undefined : { member, root };
  }
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return undefined;
  return stampOf(declaration.initializer, depth - 1);
}

/** The variable at the root of `a.lines[0].meta`. */
export function rootOf(given: ts.Expression): Declaration | undefined {
  const node = skipOuter(given);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return rootOf(node.expression);
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  return declaration !== undefined && ts.isBindingElement(declaration) ? holderOf(declaration) : declaration;
}

function holderOf(node: ts.BindingElement): ts.ParameterDeclaration | ts.VariableDeclaration | undefined {
  const holder = node.parent.parent;
  return ts.isBindingElement(holder) ? holderOf(holder) : holder;
}

/** The parameter of a function that a variable is. */
export function parameterOf(owner: FunctionNode, root: Declaration): number | undefined {
  const index = ts.isParameter(root) ? owner.parameters.indexOf(root) : -1;
  return index < 0 ? undefined : index;
}
