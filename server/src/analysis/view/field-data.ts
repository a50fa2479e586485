import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { resolveName } from "../extract/names.js";
import { skipOuter } from "../extract/scopes.js";

/** What a field is known to hold. Services, handles, functions and whatever is not known are none of these. */
export type FieldData = "number" | "value" | "array" | "map" | "set" | "object";

export function fieldData(
  x: Extraction,
  { type, initializer }: { readonly type?: ts.TypeNode | undefined; readonly initializer?: ts.Expression | undefined },
): FieldData | undefined {
  if (type !== undefined) return ofType(x, type, 0);
  return initializer === undefined ? undefined : ofExpression(x, initializer);
}

function ofExpression(x: Extraction, given: ts.Expression): FieldData | undefined {
  const node = skipOuter(given);
  if (ts.isAsExpression(given)) return ofType(x, given.type, 0);
  if (ts.isNumericLiteral(node)) return "number";
  if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand) ? "number" : "value";
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBigIntLiteral(node)) return "value";
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return "value";
  if (ts.isArrayLiteralExpression(node)) return "array";
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((each) => ts.isPropertyAssignment(each) && isData(x, each.initializer))
      ? "object"
      : undefined;
  if (!ts.isNewExpression(node)) return undefined;
  const made = x.evaluate(node.expression);
  return made.kind === "global" ? globals.get(made.name) : undefined;
}

function isData(x: Extraction, node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || ofExpression(x, node) !== undefined;
}

const globals: ReadonlyMap<string, FieldData> = new Map([
  ["Array", "array"],
  ["ReadonlyArray", "array"],
  ["Map", "map"],
  ["ReadonlyMap", "map"],
  ["Record", "object"],
  ["Partial", "object"],
  ["Set", "set"],
  ["ReadonlySet", "set"],
  ["Date", "value"],
]);

function ofType(x: Extraction, node: ts.TypeNode, depth: number): FieldData | undefined {
  if (depth > 5) return undefined;
  if (ts.isParenthesizedTypeNode(node)) return ofType(x, node.type, depth + 1);
  if (ts.isTypeOperatorNode(node)) return ofType(x, node.type, depth + 1);
  if (ts.isArrayTypeNode(node) || ts.isTupleTypeNode(node)) return "array";
  if (ts.isUnionTypeNode(node)) return ofUnion(x, node, depth);
  if (ts.isTypeLiteralNode(node)) return ofMembers(x, node.members, depth);
  if (ts.isTypeReferenceNode(node)) return ofReference(x, node, depth);
  if (ts.isLiteralTypeNode(node)) return ts.isNumericLiteral(node.literal) ? "number" : "value";
  switch (node.kind) {
    case ts.SyntaxKind.NumberKeyword:
      return "number";
    case ts.SyntaxKind.StringKeyword:
    case ts.SyntaxKind.BooleanKeyword:
    case ts.SyntaxKind.BigIntKeyword:
      return "value";
    default:
      return undefined;
  }
}

function ofUnion(x: Extraction, node: ts.UnionTypeNode, depth: number): FieldData | undefined {
  const kinds = node.types.filter((each) => !isNothing(each)).map((each) => ofType(x, each, depth + 1));
  const [first] = kinds;
  if (first === undefined || kinds.includes(undefined)) return undefined;
  return kinds.every((each) => each === first) && kinds.length === node.types.length ? first : "value";
}

function isNothing(node: ts.TypeNode): boolean {
  return (
    node.kind === ts.SyntaxKind.UndefinedKeyword ||
    (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword)
  );
}

/** Data has no methods, and parts that are data. */
function ofMembers(x: Extraction, members: readonly ts.TypeElement[], depth: number): FieldData | undefined {
  const isPlain = (member: ts.TypeElement): boolean =>
    ts.isIndexSignatureDeclaration(member) ||
    (ts.isPropertySignature(member) && member.type !== undefined && ofType(x, member.type, depth + 1) !== undefined);
  return members.length > 0 && members.every(isPlain) ? "object" : undefined;
}

function ofReference(x: Extraction, node: ts.TypeReferenceNode, depth: number): FieldData | undefined {
  if (!ts.isIdentifier(node.typeName)) return undefined;
  const target = resolveName(x, node.typeName.text, node);
  if (target.kind === "global") return globals.get(node.typeName.text);
  if (target.kind !== "declaration") return undefined;
  const declaration = target.node;
  if (ts.isEnumDeclaration(declaration)) return "value";
  if (ts.isTypeAliasDeclaration(declaration)) return ofType(x, declaration.type, depth + 1);
  return ts.isInterfaceDeclaration(declaration) && declaration.heritageClauses === undefined
    ? ofMembers(x, declaration.members, depth)
    : undefined;
}
