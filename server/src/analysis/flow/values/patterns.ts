import { ts } from "ts-morph";
import { lookUp } from "../../extract/scopes.js";
import { callAccessor } from "./accessors.js";
import type { Run } from "./run.js";
import { derivation, derived, type Flowing, joinFlowing, memberOf, nothing, wholeOf } from "./sources.js";

/** Puts a value under the names of a pattern, or where an assignment says. */
export function bindPattern(run: Run, target: ts.Node, value: Flowing): void {
  if (ts.isIdentifier(target)) bindName(run, target, value);
  else if (ts.isObjectBindingPattern(target)) bindObject(run, target, value);
  else if (ts.isArrayBindingPattern(target)) bindArray(run, target, value);
  else if (ts.isObjectLiteralExpression(target)) assignObject(run, target, value);
  else if (ts.isArrayLiteralExpression(target)) assignArray(run, target, value);
  else if (ts.isPropertyAccessExpression(target)) assignMember(run, target, value);
  else if (ts.isElementAccessExpression(target)) assignElement(run, target, value);
  else if (ts.isBinaryExpression(target)) bindPattern(run, target.left, joinFlowing(value, run.evaluate(target.right)));
  else if (ts.isParenthesizedExpression(target) || ts.isNonNullExpression(target) || ts.isAsExpression(target))
    bindPattern(run, target.expression, value);
}

function bindName(run: Run, name: ts.Identifier, value: Flowing): void {
  const variable = variableOf(name);
  if (variable !== undefined) run.set(variable, value);
  const reference = run.reference(name);
  if (reference?.kind === "place") run.store(reference.place, value, name);
}

/** `length` and `size`, where they are no members of a literal. */
export function counted(owner: Flowing, name: string): Flowing | undefined {
  const isCount = (name === "length" || name === "size") && owner.members?.has(name) !== true;
  return isCount ? derived(owner, derivation.count) : undefined;
}

/** The declaration that a name means. */
export function variableOf(name: ts.Identifier): ts.Node | undefined {
  const { parent } = name;
  const isDeclared =
    (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent)) && parent.name === name;
  return isDeclared ? parent : lookUp(name.text, name);
}

function bindObject(run: Run, pattern: ts.ObjectBindingPattern, value: Flowing): void {
  const named = new Set<string>();
  for (const element of pattern.elements) {
    const name = element.propertyName ?? element.name;
    const text = nameText(name);
    if (element.dotDotDotToken !== undefined) {
      bindPattern(run, element.name, without(value, named));
      continue;
    }
    if (text !== undefined) named.add(text);
    bindElement(
      run,
      element,
      text === undefined
        ? { sources: wholeOf(value), members: undefined }
        : (counted(value, text) ?? memberOf(value, text)),
    );
  }
}

function bindArray(run: Run, pattern: ts.ArrayBindingPattern, value: Flowing): void {
  for (const [index, element] of pattern.elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    if (element.dotDotDotToken !== undefined) {
      const before = new Set(pattern.elements.slice(0, index).map((_, position) => String(position)));
      bindPattern(run, element.name, without(value, before));
    } else bindElement(run, element, memberOf(value, String(index)));
  }
}

function bindElement(run: Run, element: ts.BindingElement, value: Flowing): void {
  const initial = element.initializer === undefined ? value : joinFlowing(value, run.evaluate(element.initializer));
  bindPattern(run, element.name, initial);
}

function without(value: Flowing, names: ReadonlySet<string>): Flowing {
  if (value.members === undefined) return value;
  return { sources: value.sources, members: new Map([...value.members].filter(([name]) => !names.has(name))) };
}

function assignObject(run: Run, node: ts.ObjectLiteralExpression, value: Flowing): void {
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property))
      bindPattern(run, property.name, memberOf(value, property.name.text));
    else if (ts.isPropertyAssignment(property))
      bindPattern(run, property.initializer, memberOf(value, nameText(property.name) ?? ""));
    else if (ts.isSpreadAssignment(property)) bindPattern(run, property.expression, value);
  }
}

function assignArray(run: Run, node: ts.ArrayLiteralExpression, value: Flowing): void {
  for (const [index, element] of node.elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    if (ts.isSpreadElement(element)) bindPattern(run, element.expression, value);
    else bindPattern(run, element, memberOf(value, String(index)));
  }
}

/** `this.name = …`, `order.total = …` */
function assignMember(run: Run, node: ts.PropertyAccessExpression, value: Flowing): void {
  const { expression, name } = node;
  const reference = run.reference(node);
  if (reference?.kind === "accessor") {
    if (reference.set !== undefined) callAccessor(run, node, reference.set, [value]);
    return;
  }
  if (reference !== undefined) run.store(reference.place, value, node);
  if (expression.kind === ts.SyntaxKind.ThisKeyword) {
    run.set(`this.${name.text}`, value);
    return;
  }
  const owner = run.evaluate(expression);
  if (reference !== undefined || !(ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression))) return;
  if (run.reference(expression)?.kind === "accessor") return;
  const members = new Map(owner.members ?? []).set(name.text, value);
  bindPattern(run, expression, { sources: owner.sources, members });
}

/** One of many: the others stay. */
function assignElement(run: Run, node: ts.ElementAccessExpression, value: Flowing): void {
  const index = run.evaluate(node.argumentExpression);
  addTo(run, node.expression, {
    sources: wholeOf(joinFlowing({ sources: wholeOf(value), members: undefined }, index)),
    members: undefined,
  });
}

/** The object behind an expression comes to depend on more. */
export function addTo(run: Run, owner: ts.Expression, value: Flowing): void {
  if (value === nothing || wholeOf(value).size === 0) return;
  const expression = ts.isParenthesizedExpression(owner) || ts.isNonNullExpression(owner) ? owner.expression : owner;
  if (ts.isIdentifier(expression) || isOwnField(expression))
    bindPattern(run, expression, joinFlowing(run.evaluate(expression), value));
  else if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression))
    addTo(run, expression.expression, value);
}

function isOwnField(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

export function nameText(name: ts.Node): string | undefined {
  if (ts.isComputedPropertyName(name))
    return ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
  return ts.isIdentifier(name) ||
    ts.isPrivateIdentifier(name) ||
    ts.isStringLiteralLike(name) ||
    ts.isNumericLiteral(name)
    ? name.text
    : undefined;
}
