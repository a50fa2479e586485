import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { resolveName, type Target } from "./names.js";
import { resolveEntity } from "./types.js";

/** A value made of parts that people change one by one. */
export type Structure = "object" | "array" | "set" | "map";

/** "plain" for what only changes as a whole; undefined where it is not known. */
type Shape = Structure | "plain" | undefined;

/** Types that refer to one another come to an end somewhere; what lies deeper is not known. */
const deepest = 8;

/** What a register holds: by its type argument, else by the declared type of its field, else by its initial value. */
export function structureOf(
  x: Extraction,
  call: ts.CallExpression,
  field: ts.PropertyDeclaration,
): Structure | undefined {
  const type = call.typeArguments?.[0] ?? declaredValue(x, field);
  const [initial] = call.arguments;
  const shape = type !== undefined ? ofType(x, type, deepest) : initial && ofExpression(x, initial, deepest);
  return shape === "plain" ? undefined : shape;
}

/** The `T` of a field that is declared as a `Register<T>`. */
export function declaredValue(x: Extraction, field: ts.PropertyDeclaration): ts.TypeNode | undefined {
  const { type } = field;
  if (type === undefined || !ts.isTypeReferenceNode(type)) return undefined;
  const target = resolveEntity(x, type.typeName);
  return target?.kind === "runtime" && target.name === "Register" ? type.typeArguments?.[0] : undefined;
}

/** Any part that has a structure is enough: the value may be that one. */
function anyOf(parts: readonly Shape[]): Shape {
  const structure = parts.find((each) => each !== undefined && each !== "plain");
  return structure ?? (parts.length > 0 && parts.every((each) => each === "plain") ? "plain" : undefined);
}

function ofType(x: Extraction, node: ts.TypeNode, depth: number): Shape {
  if (depth === 0) return undefined;
  if (ts.isParenthesizedTypeNode(node)) return ofType(x, node.type, depth);
  if (ts.isTypeOperatorNode(node))
    return node.operator === ts.SyntaxKind.ReadonlyKeyword ? ofType(x, node.type, depth) : undefined;
  if (ts.isArrayTypeNode(node) || ts.isTupleTypeNode(node)) return "array";
  if (ts.isUnionTypeNode(node)) return anyOf(node.types.map((each) => ofType(x, each, depth)));
  if (ts.isIntersectionTypeNode(node)) {
    const parts = node.types.map((each) => ofType(x, each, depth));
    return parts.includes("plain") ? "plain" : anyOf(parts); // A primitive with a brand.
  }
  if (ts.isTypeLiteralNode(node)) return ofMembers(node.members);
  if (ts.isMappedTypeNode(node)) return "map";
  if (ts.isTypeReferenceNode(node)) return ofReference(x, node, depth);
  if (ts.isTypeQueryNode(node) && ts.isIdentifier(node.exprName))
    return ofTarget(x, resolveName(x, node.exprName.text, node.exprName), depth);
  return ofKeyword(node);
}

function ofMembers(members: readonly ts.TypeElement[]): Shape {
  if (members.some((each) => ts.isCallSignatureDeclaration(each) || ts.isConstructSignatureDeclaration(each)))
    return undefined;
  return members.length > 0 && members.every(ts.isIndexSignatureDeclaration) ? "map" : "object";
}

function ofKeyword(node: ts.TypeNode): Shape {
  if (ts.isLiteralTypeNode(node) || ts.isTemplateLiteralTypeNode(node)) return "plain";
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
    case ts.SyntaxKind.NumberKeyword:
    case ts.SyntaxKind.BigIntKeyword:
    case ts.SyntaxKind.BooleanKeyword:
    case ts.SyntaxKind.UndefinedKeyword:
      return "plain";
    case ts.SyntaxKind.ObjectKeyword:
      return "object";
    default:
      return undefined;
  }
}

const structures: ReadonlyMap<string, Structure> = new Map([
  ["Array", "array"],
  ["ReadonlyArray", "array"],
  ["Set", "set"],
  ["ReadonlySet", "set"],
  ["Map", "map"],
  ["ReadonlyMap", "map"],
  ["Record", "map"],
  ["Pick", "object"],
  ["Omit", "object"],
]);
const transparent = new Set(["Readonly", "Partial", "Required", "NonNullable"]);
const whole = new Set(["Date", "RegExp", "URL", "Error", "Uint8Array", "ArrayBuffer"]);

function ofReference(x: Extraction, node: ts.TypeReferenceNode, depth: number): Shape {
  const target = resolveEntity(x, node.typeName);
  if (target?.kind !== "global") return ofTarget(x, target, depth);
  const name = node.typeName.getText();
  const [first] = node.typeArguments ?? [];
  if (transparent.has(name) && first !== undefined) return ofType(x, first, depth - 1);
  return structures.get(name) ?? (whole.has(name) ? "plain" : undefined);
}

function ofTarget(x: Extraction, target: Target | undefined, depth: number): Shape {
  if (target?.kind !== "declaration" || depth === 0) return undefined;
  const { node } = target;
  if (ts.isClassLike(node)) return "object";
  if (ts.isInterfaceDeclaration(node)) return node.heritageClauses === undefined ? ofMembers(node.members) : "object";
  if (ts.isTypeAliasDeclaration(node)) return ofType(x, node.type, depth - 1);
  if (ts.isEnumDeclaration(node)) return "plain";
  if (ts.isTypeParameterDeclaration(node)) return node.constraint && ofType(x, node.constraint, depth - 1);
  if (!ts.isVariableDeclaration(node)) return undefined;
  if (node.type !== undefined) return ofType(x, node.type, depth - 1);
  return node.initializer && ofExpression(x, node.initializer, depth - 1);
}

function ofExpression(x: Extraction, node: ts.Expression, depth: number): Shape {
  if (depth === 0) return undefined;
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    return ofExpression(x, node.expression, depth);
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
    const isConstant = ts.isTypeReferenceNode(node.type) && node.type.getText() === "const";
    return isConstant ? ofExpression(x, node.expression, depth) : ofType(x, node.type, depth);
  }
  if (ts.isObjectLiteralExpression(node)) return "object";
  if (ts.isArrayLiteralExpression(node)) return "array";
  if (ts.isConditionalExpression(node))
    return anyOf([ofExpression(x, node.whenTrue, depth), ofExpression(x, node.whenFalse, depth)]);
  if (ts.isNewExpression(node)) return ofNew(x, node, depth);
  if (ts.isIdentifier(node)) return ofTarget(x, resolveName(x, node.text, node), depth);
  const value = x.evaluate(node);
  if (value.kind === "function") return undefined;
  if (ts.isCallExpression(node)) return ofCall(x, node, depth);
  return value.kind === "object" || value.kind === "instance" ? "object" : undefined;
}

function ofNew(x: Extraction, node: ts.NewExpression, depth: number): Shape {
  if (!ts.isIdentifier(node.expression)) return undefined;
  const target = resolveName(x, node.expression.text, node.expression);
  return target.kind === "global" ? structures.get(node.expression.text) : ofTarget(x, target, depth);
}

/** A function of the project by its declared result, else by what it returns; of the built-in ones, copies. */
function ofCall(x: Extraction, node: ts.CallExpression, depth: number): Shape {
  const callee = x.evaluate(node.expression);
  const [first] = node.arguments;
  if (callee.kind === "global" && first !== undefined) {
    if (callee.name === "Object.freeze" || callee.name === "structuredClone") return ofExpression(x, first, depth - 1);
    return callee.name === "Array.from" || callee.name === "Array.of" ? "array" : undefined;
  }
  const made = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
  if (made === undefined) return undefined;
  if (made.type !== undefined) return ofType(x, made.type, depth - 1);
  return made.body !== undefined && !ts.isBlock(made.body) ? ofExpression(x, made.body, depth - 1) : undefined;
}
