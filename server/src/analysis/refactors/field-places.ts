import { ts } from "ts-morph";
import { isAssignment, isStep } from "../extract/assignments.js";
import { enclosingFunction, type FunctionNode } from "../extract/scopes.js";
import { mutators } from "../view/field-changes.js";

/** One place that names a field, and what becomes of it when the field is a cell. */
export interface FieldPlace {
  readonly node: ts.PropertyAccessExpression;
  /** The function that has to wait. */
  readonly within: FunctionNode;
  readonly use: "read" | "write" | "increment" | "decrement" | "derive";
  /** What is replaced: the statement's expression, or the name of the field alone. */
  readonly whole: ts.Expression;
  /** What is written, or by how much it changes. */
  readonly operand: ts.Expression | undefined;
  /** The new value, where `current` stands for the old one. */
  readonly derived: string | undefined;
}

/** Undefined where it cannot be rewritten: in a constructor, in the middle of an expression, by changing it in place. */
export function placeOf(node: ts.PropertyAccessExpression, holds: "value" | "parts"): FieldPlace | undefined {
  const within = functionThatWaits(node);
  if (within === undefined) return undefined;
  const place = { node, within, operand: undefined, derived: undefined };
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    const use = steps.get(parent.operator);
    if (use !== undefined)
      return ts.isExpressionStatement(parent.parent) ? { ...place, use, whole: parent } : undefined;
  }
  if (isAssignment(parent) && parent.left === node)
    return ts.isExpressionStatement(parent.parent) ? assigned({ ...place, whole: parent }, parent) : undefined;
  if (ts.isDeleteExpression(parent) || isPatternTarget(node)) return undefined;
  if (holds === "parts" && isChangedInPlace(node)) return undefined;
  return { ...place, use: "read", whole: node };
}

const steps: ReadonlyMap<ts.SyntaxKind, "increment" | "decrement"> = new Map([
  [ts.SyntaxKind.PlusPlusToken, "increment"],
  [ts.SyntaxKind.MinusMinusToken, "decrement"],
  [ts.SyntaxKind.PlusToken, "increment"],
  [ts.SyntaxKind.MinusToken, "decrement"],
  [ts.SyntaxKind.PlusEqualsToken, "increment"],
  [ts.SyntaxKind.MinusEqualsToken, "decrement"],
]);

/** What stands in a parameter's default cannot wait, nor can a constructor, an accessor or a field. */
export function functionThatWaits(node: ts.Node): FunctionNode | undefined {
  const around = enclosingFunction(node);
  if (around === undefined || ts.isConstructorDeclaration(around) || ts.isAccessor(around)) return undefined;
  const { body } = around;
  return body !== undefined && body.pos <= node.pos && node.end <= body.end ? around : undefined;
}

function assigned(
  place: Omit<FieldPlace, "use">,
  { operatorToken, right }: ts.BinaryExpression,
): FieldPlace | undefined {
  const field = place.node.getText();
  const by = operatorToken.kind === ts.SyntaxKind.EqualsToken ? stepIn(right, field) : undefined;
  if (by !== undefined) return { ...place, ...by };
  const use = steps.get(operatorToken.kind);
  if (use !== undefined) return names(right, place.node) ? undefined : { ...place, use, operand: right };
  if (operatorToken.kind === ts.SyntaxKind.EqualsToken && !names(right, place.node))
    return { ...place, use: "write", operand: right };
  return derivedFrom(place, operatorToken, right, field);
}

/** `count = count + by`, `count = by + count`, `count = count - by` */
function stepIn(right: ts.Expression, field: string): Pick<FieldPlace, "use" | "operand"> | undefined {
  if (!ts.isBinaryExpression(right)) return undefined;
  const { operatorToken, left, right: other } = right;
  const use = steps.get(operatorToken.kind);
  const isField = (node: ts.Expression): boolean => node.getText() === field;
  const mentions = (node: ts.Expression): boolean => node.getText().includes(field);
  if (use === undefined) return undefined;
  if (isField(left) && !mentions(other)) return { use, operand: other };
  return use === "increment" && isField(other) && !mentions(left) && ts.isNumericLiteral(left)
    ? { use, operand: left }
    : undefined;
}

/** A new value computed from the old one, and from nothing that has to be waited for. */
function derivedFrom(
  place: Omit<FieldPlace, "use">,
  operator: ts.BinaryOperatorToken,
  right: ts.Expression,
  field: string,
): FieldPlace | undefined {
  const tree = right.getSourceFile();
  const isPlain = (node: ts.Node): boolean =>
    !ts.isAwaitExpression(node) &&
    !(ts.isIdentifier(node) && node.text === "current") &&
    !(ts.isPropertyAccessExpression(node) && node.name.text === place.node.name.text && node.getText() !== field) &&
    !(ts.forEachChild(node, (child) => !isPlain(child) || undefined) ?? false);
  if (!isPlain(right)) return undefined;
  const write = (node: ts.Node): string => {
    if (ts.isPropertyAccessExpression(node) && node.getText() === field) return "current";
    let text = "";
    let from = node.getStart(tree);
    ts.forEachChild(node, (child) => {
      text += tree.text.slice(from, child.getStart(tree)) + write(child);
      from = child.getEnd();
    });
    return text + tree.text.slice(from, node.getEnd());
  };
  const isObject = ts.isObjectLiteralExpression(right);
  const value = write(right);
  if (operator.kind === ts.SyntaxKind.EqualsToken)
    return { ...place, use: "derive", derived: isObject ? `(${value})` : value };
  const operand = ts.isBinaryExpression(right) || ts.isConditionalExpression(right) ? `(${value})` : value;
  return { ...place, use: "derive", derived: `current ${operator.getText().slice(0, -1)} ${operand}` };
}

function names(node: ts.Node, field: ts.PropertyAccessExpression): boolean {
  if (ts.isPropertyAccessExpression(node) && node.getText() === field.getText()) return true;
  return ts.forEachChild(node, (child) => names(child, field) || undefined) ?? false;
}

/** `[this.count] = …`, `({ count: this.count } = …)`, `for (this.count of …)` */
function isPatternTarget(node: ts.Expression): boolean {
  let each: ts.Node = node;
  while (
    ts.isArrayLiteralExpression(each.parent) ||
    ts.isObjectLiteralExpression(each.parent) ||
    (ts.isPropertyAssignment(each.parent) && each.parent.initializer === each) ||
    ts.isSpreadElement(each.parent) ||
    ts.isSpreadAssignment(each.parent)
  )
    each = each.parent;
  const { parent } = each;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === each;
  return isAssignment(parent) && parent.left === each;
}

/** `this.items.push(…)`, `this.items[0] = …`, `this.point.x++` */
function isChangedInPlace(node: ts.Expression): boolean {
  let each: ts.Node = node;
  while (
    (ts.isPropertyAccessExpression(each.parent) || ts.isElementAccessExpression(each.parent)) &&
    each.parent.expression === each
  )
    each = each.parent;
  const { parent } = each;
  if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(each)) return mutators.has(each.name.text);
  return isStep(parent) || ts.isDeleteExpression(parent) || isPatternTarget(each as ts.Expression);
}
