import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { resolveExport, resolveInNamespace, resolveName, type Target } from "./names.js";
import { join, joinAll, plain, unknown, type Value } from "./values.js";

const transparent = new Set(["Promise", "PromiseLike", "Awaited", "Readonly", "NonNullable", "Required", "Partial"]);
const collections = new Set([
  "Array",
  "ReadonlyArray",
  "Set",
  "ReadonlySet",
  "Iterable",
  "AsyncIterable",
  "IterableIterator",
  "Generator",
  "AsyncGenerator",
  "Iterator",
]);
const keyed = new Set(["Map", "ReadonlyMap", "Record", "WeakMap"]);

/** What a value of this type refers to. A cell's own types tell nothing of which cell it is, so they are unknown. */
export function evaluateType(x: Extraction, node: ts.TypeNode): Value {
  if (ts.isTypeReferenceNode(node)) return x.remember(node, () => evaluateReference(x, node));
  if (ts.isArrayTypeNode(node)) return { kind: "collection", element: x.type(node.elementType) };
  if (ts.isTypeOperatorNode(node)) return node.operator === ts.SyntaxKind.ReadonlyKeyword ? x.type(node.type) : plain;
  if (ts.isParenthesizedTypeNode(node)) return x.type(node.type);
  if (ts.isTupleTypeNode(node)) {
    const items = node.elements.map((each) => x.type(ts.isNamedTupleMember(each) ? each.type : each));
    return { kind: "collection", element: joinAll(items), items };
  }
  if (ts.isUnionTypeNode(node)) return node.types.map((each) => x.type(each)).reduce(join, plain);
  if (ts.isIntersectionTypeNode(node)) {
    const parts = node.types.map((each) => x.type(each));
    return parts.find((each) => each.kind === "instance") ?? parts.find((each) => each.kind !== "plain") ?? plain;
  }
  if (ts.isTypeQueryNode(node)) return evaluateEntity(x, node.exprName);
  if (ts.isTypeLiteralNode(node)) return { kind: "type", members: [...node.members] };
  if (ts.isThisTypeNode(node)) return x.evaluate(node as unknown as ts.Expression);
  if (
    ts.isIndexedAccessTypeNode(node) &&
    ts.isLiteralTypeNode(node.indexType) &&
    ts.isStringLiteral(node.indexType.literal)
  ) {
    return x.member(x.type(node.objectType), node.indexType.literal.text);
  }
  if (ts.isLiteralTypeNode(node) || ts.isTypePredicateNode(node)) return plain;
  return isPlainKeyword(node.kind) ? plain : unknown;
}

function isPlainKeyword(kind: ts.SyntaxKind): boolean {
  switch (kind) {
    case ts.SyntaxKind.StringKeyword:
    case ts.SyntaxKind.NumberKeyword:
    case ts.SyntaxKind.BooleanKeyword:
    case ts.SyntaxKind.BigIntKeyword:
    case ts.SyntaxKind.SymbolKeyword:
    case ts.SyntaxKind.VoidKeyword:
    case ts.SyntaxKind.UndefinedKeyword:
    case ts.SyntaxKind.NeverKeyword:
      return true;
    default:
      return false;
  }
}

function evaluateReference(x: Extraction, node: ts.TypeReferenceNode): Value {
  const target = resolveEntity(x, node.typeName);
  const argument = (index: number): Value => {
    const type = node.typeArguments?.at(index);
    return type === undefined ? unknown : x.type(type);
  };
  if (target?.kind === "global") {
    const name = node.typeName.getText();
    if (transparent.has(name)) return argument(0);
    if (collections.has(name)) return { kind: "collection", element: argument(0) };
    if (keyed.has(name)) return { kind: "collection", element: argument(-1) };
    if (name === "InstanceType") {
      const type = argument(0);
      return type.kind === "class" ? { kind: "instance", of: type.of } : unknown;
    }
    return name === "Date" || name === "Error" ? plain : unknown;
  }
  if (target?.kind === "runtime") return target.name === "Session" ? { kind: "runtime", name: "session" } : unknown;
  if (target?.kind !== "declaration") return target === undefined || target.kind === "module" ? unknown : plain;
  const declaration = target.node;
  if (ts.isClassLike(declaration)) return { kind: "instance", of: x.classId(declaration) };
  if (ts.isTypeAliasDeclaration(declaration)) return x.remember(declaration, () => x.type(declaration.type));
  if (ts.isInterfaceDeclaration(declaration)) return { kind: "type", members: [...declaration.members] };
  if (ts.isTypeParameterDeclaration(declaration))
    return declaration.constraint === undefined ? unknown : x.type(declaration.constraint);
  return plain;
}

/** What a name in a type, or after `extends`, stands for, through namespaces. */
export function resolveEntity(x: Extraction, name: ts.Node): Target | undefined {
  if (ts.isIdentifier(name)) return resolveName(x, name.text, name);
  if (ts.isQualifiedName(name)) return resolveMember(x, name.left, name.right.text);
  return ts.isPropertyAccessExpression(name) ? resolveMember(x, name.expression, name.name.text) : undefined;
}

function resolveMember(x: Extraction, owner: ts.Node, name: string): Target | undefined {
  const left = resolveEntity(x, owner);
  if (left?.kind === "module") return resolveExport(x, left.file, name);
  if (left?.kind === "declaration" && ts.isModuleDeclaration(left.node)) return resolveInNamespace(x, left.node, name);
  return left?.kind === "runtime" ? { kind: "runtime", name } : undefined;
}

function evaluateEntity(x: Extraction, name: ts.EntityName): Value {
  if (!ts.isIdentifier(name)) return x.member(evaluateEntity(x, name.left), name.right.text);
  const target = resolveName(x, name.text, name);
  return target.kind === "declaration" ? x.declared(target.node) : x.target(target, name.text);
}
