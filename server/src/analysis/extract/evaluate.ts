import { ts } from "ts-morph";
import { baseOf } from "./classes.js";
import type { Extraction } from "./extraction.js";
import { resolveDeclaration, resolveName, type Target } from "./names.js";
import { type Declaration, type FunctionNode, isFunctionNode, localsOf, skipOuter } from "./scopes.js";
import { hasModifier } from "./skeleton.js";
import { resolveEntity } from "./types.js";
import { awaited, type ClassId, elementOf, join, joinAll, plain, unknown, type Value } from "./values.js";

/** What an expression refers to, by names: declarations, annotations, calls and imports are followed, types are not asked. */
export function evaluate(x: Extraction, node: ts.Expression): Value {
  if (ts.isIdentifier(node)) return evaluateIdentifier(x, node);
  if (node.kind === ts.SyntaxKind.ThisKeyword) return evaluateThis(x, node);
  if (node.kind === ts.SyntaxKind.SuperKeyword) return evaluateSuper(x, node);
  if (ts.isPropertyAccessExpression(node)) return x.member(x.evaluate(node.expression), node.name.text);
  if (ts.isElementAccessExpression(node)) return evaluateElement(x, node);
  if (ts.isCallExpression(node)) return x.remember(node, () => x.call(node));
  if (ts.isNewExpression(node)) return evaluateNew(x, node);
  if (ts.isAwaitExpression(node)) return awaited(x.evaluate(node.expression));
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return x.evaluate(node.expression);
  if (ts.isSatisfiesExpression(node)) return x.evaluate(node.expression);
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
    const type = x.type(node.type);
    return type.kind === "unknown" || type.kind === "plain" ? x.evaluate(node.expression) : type;
  }
  if (ts.isConditionalExpression(node)) return join(x.evaluate(node.whenTrue), x.evaluate(node.whenFalse));
  if (ts.isBinaryExpression(node)) return evaluateBinary(x, node);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { kind: "function", id: x.functionId(node) };
  if (ts.isArrayLiteralExpression(node)) return evaluateArray(x, node);
  if (ts.isObjectLiteralExpression(node)) return evaluateObject(x, node);
  if (ts.isClassExpression(node)) return { kind: "class", of: x.classId(node) };
  return evaluateLiteral(node);
}

function evaluateLiteral(node: ts.Expression): Value {
  if (ts.isStringLiteralLike(node)) return { kind: "literal", value: node.text };
  if (ts.isNumericLiteral(node)) return { kind: "literal", value: Number(node.text) };
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: "literal", value: true };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: "literal", value: false };
  if (
    ts.isPrefixUnaryExpression(node) &&
    node.operator === ts.SyntaxKind.MinusToken &&
    ts.isNumericLiteral(node.operand)
  ) {
    return { kind: "literal", value: -Number(node.operand.text) };
  }
  return plain;
}

function evaluateIdentifier(x: Extraction, node: ts.Identifier): Value {
  if (node.text === "undefined" || node.text === "") return plain;
  return x.target(resolveName(x, node.text, node), node.text);
}

export function targetValue(x: Extraction, target: Target | undefined, name: string): Value {
  switch (target?.kind) {
    case "declaration":
      return x.declared(target.node);
    case "runtime":
      return { kind: "runtime", name: target.name };
    case "module":
      return { kind: "module", file: target.file };
    case "global":
      return { kind: "global", name };
    default:
      return plain;
  }
}

export function evaluateDeclaration(x: Extraction, node: Declaration | ts.ExportAssignment): Value {
  if (ts.isExportAssignment(node)) return x.remember(node, () => x.evaluate(node.expression));
  if (ts.isVariableDeclaration(node)) return x.remember(node, () => evaluateVariable(x, node));
  if (ts.isParameter(node)) return x.remember(node, () => evaluateParameter(x, node));
  if (ts.isBindingElement(node)) return x.remember(node, () => evaluateBinding(x, node));
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node))
    return { kind: "function", id: x.functionId(node) };
  if (ts.isClassLike(node)) return { kind: "class", of: x.classId(node) };
  if (ts.isModuleDeclaration(node)) return x.remember(node, () => evaluateNamespace(x, node));
  const target = resolveDeclaration(x, node);
  return target.kind === "declaration" ? plain : x.target(target, node.name?.text ?? "");
}

function evaluateNamespace(x: Extraction, { body }: ts.ModuleDeclaration): Value {
  if (body === undefined) return plain;
  if (ts.isModuleDeclaration(body)) return { kind: "object", members: new Map([[body.name.text, x.declared(body)]]) };
  return { kind: "object", members: new Map([...localsOf(body)].map(([name, each]) => [name, x.declared(each)])) };
}

function evaluateVariable(x: Extraction, node: ts.VariableDeclaration): Value {
  const declared = node.type === undefined ? unknown : x.type(node.type);
  if (declared.kind !== "unknown" && declared.kind !== "type") return labelledIn(x, node) ?? declared;
  const loop = node.parent?.parent;
  if (loop !== undefined && ts.isForOfStatement(loop) && loop.initializer === node.parent)
    return elementOf(x.evaluate(loop.expression));
  if (loop !== undefined && ts.isForInStatement(loop)) return plain;
  if (node.initializer !== undefined) return x.evaluate(node.initializer);
  return ts.isCatchClause(node.parent) ? plain : declared;
}

/** `const db: Pool = linearizable(pool)`: the type says less than the label. */
function labelledIn(x: Extraction, { initializer }: ts.VariableDeclaration): Value | undefined {
  if (initializer === undefined || !ts.isCallExpression(skipOuter(initializer))) return undefined;
  const value = x.evaluate(initializer);
  return value.kind === "store" ? value : undefined;
}

function evaluateParameter(x: Extraction, node: ts.ParameterDeclaration): Value {
  const owner = node.parent;
  if (!isFunctionNode(owner)) return unknown;
  if (node.type !== undefined) {
    const declared = x.type(node.type);
    if (declared.kind !== "unknown" && declared.kind !== "type") {
      if (declared.kind !== "plain" || !isClient(x, node.type)) return declared;
      // A client of another package: which one it is, and whether a label says more of it, only the caller knows.
      const held = x.store(node) ?? x.contextual(owner, node);
      if (held?.kind === "store") return held;
    }
  } else {
    const contextual = x.contextual(owner, node);
    if (contextual !== undefined) return contextual;
    if (node.initializer !== undefined) {
      const initial = x.evaluate(node.initializer);
      if (initial.kind === "instance") return initial;
    }
  }
  if (node.dotDotDotToken !== undefined) return unknown;
  return { kind: "parameter", of: x.functionId(owner), index: owner.parameters.indexOf(node), path: [] };
}

/** A type of another package, which may be that of a store. */
function isClient(x: Extraction, type: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(type)) return type.types.some((each) => isClient(x, each));
  return ts.isTypeReferenceNode(type) && resolveEntity(x, type.typeName)?.kind === "external";
}

function evaluateBinding(x: Extraction, node: ts.BindingElement): Value {
  const pattern = node.parent;
  const holder = pattern.parent;
  const whole =
    ts.isBindingElement(holder) || ts.isVariableDeclaration(holder) || ts.isParameter(holder)
      ? x.declared(holder)
      : unknown;
  if (ts.isArrayBindingPattern(pattern)) {
    if (node.dotDotDotToken !== undefined) return whole;
    const index = pattern.elements.indexOf(node);
    return whole.kind === "collection"
      ? (whole.items?.[index] ?? whole.element)
      : whole.kind === "plain"
        ? plain
        : unknown;
  }
  if (node.dotDotDotToken !== undefined) return whole;
  const name = node.propertyName ?? node.name;
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? x.member(whole, name.text) : unknown;
}

/** The class whose body `node` stands in as `this` sees it: arrow functions pass it on, other functions do not. */
export function classAround(
  node: ts.Node,
): { readonly node: ts.ClassLikeDeclaration; readonly isStatic: boolean } | undefined {
  for (let inner = node, outer = node.parent; outer !== undefined; inner = outer, outer = outer.parent) {
    if (ts.isClassLike(outer) && ts.isClassElement(inner))
      return { node: outer, isStatic: hasModifier(inner, ts.SyntaxKind.StaticKeyword) };
    if (ts.isFunctionDeclaration(outer) || ts.isFunctionExpression(outer)) return undefined;
    if ((ts.isMethodDeclaration(outer) || ts.isAccessor(outer)) && ts.isObjectLiteralExpression(outer.parent))
      return undefined;
  }
  return undefined;
}

function evaluateThis(x: Extraction, node: ts.Node): Value {
  const around = classAround(node);
  if (around === undefined) return unknown;
  return { kind: around.isStatic ? "class" : "instance", of: x.classId(around.node) };
}

function evaluateSuper(x: Extraction, node: ts.Node): Value {
  const around = classAround(node);
  const base: ClassId | undefined = around && baseOf(x, around.node);
  return base === undefined ? unknown : { kind: around?.isStatic === true ? "class" : "instance", of: base };
}

function evaluateElement(x: Extraction, node: ts.ElementAccessExpression): Value {
  const whole = x.evaluate(node.expression);
  const index = x.evaluate(node.argumentExpression);
  if (index.kind === "literal" && typeof index.value === "string") return x.member(whole, index.value);
  if (whole.kind === "collection")
    return (index.kind === "literal" && whole.items?.[Number(index.value)]) || whole.element;
  return whole.kind === "plain" ? plain : unknown;
}

function evaluateNew(x: Extraction, node: ts.NewExpression): Value {
  const type = x.evaluate(node.expression);
  if (type.kind === "class") return { kind: "instance", of: type.of };
  if (type.kind === "global" && ["Map", "Set", "WeakMap", "Array"].includes(type.name)) {
    const last = node.typeArguments?.at(-1);
    if (last !== undefined) return { kind: "collection", element: x.type(last) };
    const from = node.arguments?.[0];
    if (from === undefined) return { kind: "collection", element: unknown };
    const element = elementOf(x.evaluate(from));
    return {
      kind: "collection",
      element: type.name.endsWith("Map") ? (element.kind === "collection" && element.items?.[1]) || unknown : element,
    };
  }
  return type.kind === "unknown" ? unknown : plain;
}

function evaluateBinary(x: Extraction, node: ts.BinaryExpression): Value {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return join(x.evaluate(node.left), x.evaluate(node.right));
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
      return x.evaluate(node.right);
    default:
      return plain;
  }
}

function evaluateArray(x: Extraction, node: ts.ArrayLiteralExpression): Value {
  const items = node.elements.map((each) =>
    ts.isSpreadElement(each) ? elementOf(x.evaluate(each.expression)) : x.evaluate(each),
  );
  const element = items.length === 0 ? unknown : joinAll(items);
  return node.elements.some(ts.isSpreadElement)
    ? { kind: "collection", element }
    : { kind: "collection", element, items };
}

function evaluateObject(x: Extraction, node: ts.ObjectLiteralExpression): Value {
  const members = new Map<string, Value>();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = x.evaluate(property.expression);
      if (spread.kind === "object") for (const [name, value] of spread.members) members.set(name, value);
      // What is not known may bring any name that stands before it.
      else if (spread.kind !== "literal") for (const name of members.keys()) members.set(name, unknown);
      continue;
    }
    const name =
      property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name))
        ? property.name.text
        : undefined;
    if (name === undefined) continue;
    if (ts.isPropertyAssignment(property)) members.set(name, x.evaluate(property.initializer));
    else if (ts.isShorthandPropertyAssignment(property)) members.set(name, evaluateIdentifier(x, property.name));
    else if (ts.isMethodDeclaration(property)) members.set(name, { kind: "function", id: x.functionId(property) });
  }
  return { kind: "object", members };
}

/** What a function returns, awaited. May still mention the function's own parameters. */
export function returnOf(x: Extraction, node: FunctionNode): Value {
  return x.remember(node, () => {
    const declared = node.type === undefined ? unknown : x.type(node.type);
    if (declared.kind !== "unknown" && declared.kind !== "type") return declared;
    if (node.body === undefined || node.asteriskToken !== undefined) return unknown;
    if (!ts.isBlock(node.body)) return x.evaluate(node.body);
    return joinAll(returnedExpressions(node.body).map((each) => x.evaluate(each)));
  });
}

export function returnedExpressions(body: ts.Node): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    else if (!isFunctionNode(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}
