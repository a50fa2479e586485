import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { skipOuter } from "../extract/scopes.js";
import { resolveEntity } from "../extract/types.js";
import { type Data, type DataObject, Unknown, Word } from "./data.js";

/** What is known of the values of a type. */
export type Shape =
  | { readonly kind: "number" | "string" | "boolean" | "unknown" }
  | { readonly kind: "literals"; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: "array" | "set" | "map" | "record"; readonly of: Shape }
  | { readonly kind: "tuple"; readonly of: readonly Shape[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Shape])[] };

export const unknownShape: Shape = { kind: "unknown" };

export function shapeOfType(x: Extraction, node: ts.TypeNode, depth = 6): Shape {
  if (depth === 0) return unknownShape;
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return shapeOfType(x, node.type, depth);
  if (ts.isArrayTypeNode(node)) return { kind: "array", of: shapeOfType(x, node.elementType, depth - 1) };
  if (ts.isTupleTypeNode(node))
    return {
      kind: "tuple",
      of: node.elements.map((each) => shapeOfType(x, ts.isNamedTupleMember(each) ? each.type : each, depth - 1)),
    };
  if (ts.isUnionTypeNode(node)) return shapeOfUnion(x, node, depth);
  if (ts.isTypeLiteralNode(node)) return shapeOfMembers(x, node.members, depth);
  if (ts.isLiteralTypeNode(node)) {
    const value = literalOf(node.literal);
    return value === undefined ? unknownShape : { kind: "literals", values: [value] };
  }
  if (ts.isTypeReferenceNode(node)) return shapeOfReference(x, node, depth);
  switch (node.kind) {
    case ts.SyntaxKind.NumberKeyword:
      return { kind: "number" };
    case ts.SyntaxKind.StringKeyword:
      return { kind: "string" };
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: "boolean" };
    default:
      return unknownShape;
  }
}

function shapeOfUnion(x: Extraction, node: ts.UnionTypeNode, depth: number): Shape {
  const shapes = node.types.filter((each) => !isAbsent(each)).map((each) => shapeOfType(x, each, depth));
  const values = shapes.flatMap((each) => (each.kind === "literals" ? each.values : []));
  if (values.length > 0 && shapes.every(({ kind }) => kind === "literals")) return { kind: "literals", values };
  const [only] = shapes;
  return only !== undefined && shapes.length === 1 ? only : unknownShape;
}

function isAbsent(node: ts.TypeNode): boolean {
  if (node.kind === ts.SyntaxKind.UndefinedKeyword) return true;
  return ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword;
}

function shapeOfMembers(x: Extraction, members: readonly ts.TypeElement[], depth: number): Shape {
  const [only] = members;
  if (only !== undefined && members.length === 1 && ts.isIndexSignatureDeclaration(only))
    return { kind: "record", of: shapeOfType(x, only.type, depth - 1) };
  const known: (readonly [string, Shape])[] = [];
  for (const member of members) {
    if (!ts.isPropertySignature(member) || member.type === undefined) return unknownShape;
    if (!ts.isIdentifier(member.name) && !ts.isStringLiteralLike(member.name)) return unknownShape;
    known.push([member.name.text, shapeOfType(x, member.type, depth - 1)]);
  }
  return known.length === 0 ? unknownShape : { kind: "object", members: known };
}

const transparent = new Set(["Readonly", "Partial", "Required", "NonNullable"]);

function shapeOfReference(x: Extraction, node: ts.TypeReferenceNode, depth: number): Shape {
  const target = resolveEntity(x, node.typeName);
  const argument = (index: number): Shape => {
    const type = node.typeArguments?.at(index);
    return type === undefined ? unknownShape : shapeOfType(x, type, depth - 1);
  };
  if (target?.kind === "global") {
    const name = node.typeName.getText();
    if (transparent.has(name)) return argument(0);
    if (name === "Array" || name === "ReadonlyArray") return { kind: "array", of: argument(0) };
    if (name === "Set" || name === "ReadonlySet") return { kind: "set", of: argument(0) };
    if (name === "Map" || name === "ReadonlyMap") return { kind: "map", of: argument(1) };
    if (name === "Record" && node.typeArguments?.[0]?.kind === ts.SyntaxKind.StringKeyword)
      return { kind: "record", of: argument(1) };
    return unknownShape;
  }
  if (target?.kind !== "declaration") return unknownShape;
  const declaration = target.node;
  if (ts.isTypeAliasDeclaration(declaration) && declaration.typeParameters === undefined)
    return shapeOfType(x, declaration.type, depth - 1);
  if (!ts.isInterfaceDeclaration(declaration) || declaration.typeParameters !== undefined) return unknownShape;
  return declaration.heritageClauses === undefined ? shapeOfMembers(x, declaration.members, depth) : unknownShape;
}

/** By an initial value: of what is empty nothing more is known. */
export function shapeOfExpression(x: Extraction, given: ts.Expression, depth = 6): Shape {
  if (ts.isAsExpression(given) && given.type.getText() !== "const") return shapeOfType(x, given.type, depth);
  const node = skipOuter(given);
  if (ts.isNumericLiteral(node) || (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)))
    return { kind: "number" };
  if (ts.isStringLiteralLike(node)) return { kind: "string" };
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return { kind: "boolean" };
  if (ts.isArrayLiteralExpression(node)) {
    const [first] = node.elements;
    return { kind: "array", of: first === undefined ? unknownShape : shapeOfExpression(x, first, depth - 1) };
  }
  if (ts.isNewExpression(node)) {
    const made = x.evaluate(node.expression);
    const type = node.typeArguments?.at(-1);
    const of = type === undefined ? unknownShape : shapeOfType(x, type, depth - 1);
    if (made.kind === "global" && made.name === "Set") return { kind: "set", of };
    return made.kind === "global" && made.name === "Map" ? { kind: "map", of } : unknownShape;
  }
  if (!ts.isObjectLiteralExpression(node) || node.properties.length === 0 || depth === 0) return unknownShape;
  const members: (readonly [string, Shape])[] = [];
  for (const each of node.properties) {
    if (!ts.isPropertyAssignment(each) || !ts.isIdentifier(each.name)) return unknownShape;
    members.push([each.name.text, shapeOfExpression(x, each.initializer, depth - 1)]);
  }
  return { kind: "object", members };
}

function literalOf(node: ts.Node): string | number | boolean | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  return node.kind === ts.SyntaxKind.FalseKeyword ? false : undefined;
}

const words = ["a", "bb", "ccc"] as const;

/**
 * Three values of a shape, that agree on nothing: two records with one version, or texts of one length, may never meet, and
 * a merge that goes by the version or the length is not to be blamed for them. All lists have one length, as vectors do.
 */
export function samplesOf(shape: Shape): readonly Data[] {
  return [0, 1, 2].map((index) => sample(shape, index));
}

function sample(shape: Shape, index: number): Data {
  switch (shape.kind) {
    case "number":
      return index + 1;
    case "string":
      return Word.of(words[index] ?? "a");
    case "boolean":
      return index % 2 === 0;
    case "literals":
      return shape.values[index % shape.values.length];
    case "array":
      return [sample(shape.of, index)];
    case "set":
      return new Set([sample(shape.of, index)]);
    case "map":
      return new Map([[Word.of("k"), keyed(shape.of, "k", index)]]);
    case "record":
      return { k: keyed(shape.of, "k", index) };
    case "tuple":
      return shape.of.map((each) => sample(each, index));
    case "object":
      return Object.fromEntries(shape.members.map(([name, each]) => [name, sample(each, index)]));
    case "unknown":
      return new Unknown("xyz"[index] ?? "x");
  }
}

/** A value under a key. Its first text is taken to say the key again, as an `id` does: two ids never meet under one key. */
function keyed(shape: Shape, key: string, index: number): Data {
  const value = sample(shape, index);
  const name = shape.kind === "object" ? shape.members.find(([, { kind }]) => kind === "string")?.[0] : undefined;
  return name === undefined ? value : { ...(value as DataObject), [name]: Word.of(key) };
}
