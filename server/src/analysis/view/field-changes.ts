import { ts } from "ts-morph";
import { isAssignment, isStep, partsOfPattern } from "../extract/assignments.js";
import { isFunctionNode, lookUp, memberName, skipOuter } from "../extract/scopes.js";
import { remembered } from "../remembered.js";

/** Something that changes a field, or what a field holds. */
export interface ChangeNode {
  readonly field: string;
  /** The object whose field it is. */
  readonly receiver: ts.Expression;
  readonly node: ts.Node;
  /** The field gets another value; otherwise what it holds is changed in place. */
  readonly assigns: boolean;
}

export const mutators: ReadonlySet<string> = new Set([
  ...["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"],
  ...["set", "add", "delete", "clear"],
]);

/** Changes of fields in a member of a class: assignments, `++`, `delete`, destructuring, and methods that change in place. */
export function changesIn(member: ts.Node): readonly ChangeNode[] {
  return remembered(changes, member, () => findChanges(member));
}

const changes = new WeakMap<ts.Node, readonly ChangeNode[]>();

function findChanges(member: ts.Node): readonly ChangeNode[] {
  const found: ChangeNode[] = [];
  const target = (node: ts.Expression, at: ts.Node): void => {
    const change = changeOf(node, at);
    if (change !== undefined) found.push(change);
    else for (const each of partsOfPattern(node)) target(each, at);
  };
  const visit = (node: ts.Node): void => {
    if (isAssignment(node)) target(node.left, node);
    else if (isStep(node)) target(node.operand, node);
    else if (ts.isDeleteExpression(node)) target(node.expression, node);
    else if (ts.isCallExpression(node)) {
      const held = heldObject(node);
      const change = held && changeOf(held, node, true);
      if (change !== undefined) found.push(change);
    }
    ts.forEachChild(node, visit);
  };
  visit(member);
  return found;
}

/** `items` of `items.push(…)` and of `Object.assign(items, …)`. */
function heldObject(call: ts.CallExpression): ts.Expression | undefined {
  const { expression } = call;
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  if (mutators.has(expression.name.text)) return expression.expression;
  return expression.getText() === "Object.assign" ? call.arguments[0] : undefined;
}

/** The field at the root of `account.items[0].name`, also through a constant that stands for it. */
function changeOf(given: ts.Expression, at: ts.Node, inPlace = false): ChangeNode | undefined {
  let assigns = !inPlace;
  for (let node = skipOuter(given); ; node = skipOuter(node.expression)) {
    if (ts.isIdentifier(node)) {
      const alias = assigns ? undefined : aliasOf(node);
      return alias && { ...alias, node: at, assigns: false };
    }
    if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined;
    const receiver = skipOuter(node.expression);
    const field = fieldName(node);
    if (field !== undefined && mayBeObject(receiver)) return { field, receiver, node: at, assigns };
    assigns = false;
  }
}

function fieldName(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
}

/** `this`, or a name that is not itself a stand-in for a field. */
function mayBeObject(node: ts.Expression): boolean {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isIdentifier(node) && aliasOf(node) === undefined;
}

/** `const items = this.items` and `const { items } = this`. */
function aliasOf(node: ts.Identifier): Pick<ChangeNode, "field" | "receiver"> | undefined {
  const declaration = lookUp(node.text, node);
  if (declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    const held = skipOuter(declaration.initializer);
    if (!ts.isPropertyAccessExpression(held)) return undefined;
    const receiver = skipOuter(held.expression);
    return receiver.kind === ts.SyntaxKind.ThisKeyword ? { field: held.name.text, receiver } : undefined;
  }
  if (!ts.isBindingElement(declaration) || declaration.dotDotDotToken !== undefined) return undefined;
  const holder = declaration.parent.parent;
  if (!ts.isVariableDeclaration(holder) || !ts.isObjectBindingPattern(declaration.parent)) return undefined;
  const receiver = holder.initializer && skipOuter(holder.initializer);
  const field = memberName({ name: declaration.propertyName ?? declaration.name } as unknown as ts.Node);
  return receiver?.kind === ts.SyntaxKind.ThisKeyword && field !== undefined ? { field, receiver } : undefined;
}

/** The field is filled when it is first asked for: `this.f ??= …`, `if (this.f === undefined) this.f = …`, by key too. */
export function fillsOnDemand({ node, field }: ChangeNode): boolean {
  if (ts.isBinaryExpression(node)) {
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken) return true;
    const value = skipOuter(node.right);
    if (isEmpty(value)) return true; // It will be filled again.
  }
  for (let around: ts.Node = node; !isFunctionNode(around) && around.parent !== undefined; around = around.parent) {
    const { parent } = around;
    if (ts.isIfStatement(parent) && parent.thenStatement === around && mentionsField(parent.expression, field))
      return true;
    if (ts.isBlock(parent) && parent.statements.some((each) => each.end <= around.pos && returnsHeld(each, field)))
      return true;
  }
  return false;
}

function isEmpty(node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined");
}

/** `if (known !== undefined) return known;` where `known` came out of the field, or `if (this.f) return this.f;` */
function returnsHeld(node: ts.Statement, field: string): boolean {
  if (!ts.isIfStatement(node)) return false;
  const then = ts.isBlock(node.thenStatement) ? node.thenStatement.statements[0] : node.thenStatement;
  if (then === undefined || !ts.isReturnStatement(then) || then.expression === undefined) return false;
  const held = skipOuter(then.expression);
  return mentionsField(held, field) && mentionsField(node.expression, field);
}

/** Mentions the field, or a variable that was made from it. */
function mentionsField(node: ts.Node, field: string): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === field) return true;
  if (ts.isIdentifier(node)) {
    const declaration = lookUp(node.text, node);
    const initializer =
      declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    if (initializer !== undefined && node.parent !== declaration && namesField(initializer, field)) return true;
  }
  return ts.forEachChild(node, (child) => mentionsField(child, field) || undefined) ?? false;
}

function namesField(node: ts.Node, field: string): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === field) return true;
  return ts.forEachChild(node, (child) => namesField(child, field) || undefined) ?? false;
}
