import { ts } from "ts-morph";
import { type Member, membersOf } from "./class-members.js";
import { baseOf } from "./classes.js";
import type { Extraction } from "./extraction.js";
import { assignedInConstructor, fieldValue } from "./members.js";
import { resolveName, type Target } from "./names.js";
import { isFunctionNode } from "./scopes.js";
import { hasModifier } from "./skeleton.js";
import { resolveEntity } from "./types.js";

/** What a field or a parameter holds, as far as a level could mean something for it. */
export type Holding =
  | { readonly kind: "cell" }
  /** An object with asynchronous methods: a client of a database, a cache, a queue. */
  | { readonly kind: "store" }
  /** Something that answers at once and lives nowhere else. */
  | { readonly kind: "data" /** "a number" */; readonly what: string }
  | { readonly kind: "unknown" };

const cell: Holding = { kind: "cell" };
const store: Holding = { kind: "store" };
const unknown: Holding = { kind: "unknown" };
const data = (what: string): Holding => ({ kind: "data", what });

/** Types that refer to one another come to an end somewhere; what lies deeper is not known. */
const deepest = 8;

/** What an expression gives, by the same rules. */
export function holdingOfExpression(x: Extraction, node: ts.Expression): Holding {
  const { kind } = x.evaluate(node);
  return kind === "handle" || kind === "cell" ? cell : ofExpression(x, node, deepest);
}

/** By the declared type where there is one, else by the value. */
export function holdingOf(
  x: Extraction,
  node: ts.PropertyDeclaration | ts.ParameterDeclaration,
  depth = deepest,
): Holding {
  if (ts.isPropertyDeclaration(node)) {
    const { kind } = fieldValue(x, node);
    if (kind === "handle" || kind === "cell") return cell;
  }
  if (node.type !== undefined) return ofType(x, node.type, depth);
  const value = node.initializer ?? (ts.isPropertyDeclaration(node) ? assignedInConstructor(node) : undefined);
  return value === undefined ? unknown : ofExpression(x, value, depth);
}

function ofType(x: Extraction, node: ts.TypeNode, depth: number): Holding {
  if (depth === 0) return unknown;
  if (ts.isParenthesizedTypeNode(node)) return ofType(x, node.type, depth);
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword)
    return ofType(x, node.type, depth);
  if (ts.isArrayTypeNode(node)) return ofElements(x, [node.elementType], "an array", depth);
  if (ts.isTupleTypeNode(node)) {
    const elements = node.elements.map((each) => (ts.isNamedTupleMember(each) ? each.type : each));
    return ofElements(x, elements, "an array", depth);
  }
  if (ts.isUnionTypeNode(node)) {
    const present = node.types.filter((each) => !isAbsent(each));
    return oneOf(present.map((each) => ofType(x, each, depth)));
  }
  if (ts.isIntersectionTypeNode(node)) return allOf(node.types.map((each) => ofType(x, each, depth)));
  if (ts.isTypeLiteralNode(node)) return ofMembers(x, node.members, depth);
  if (ts.isTypeReferenceNode(node)) return ofReference(x, node, depth);
  if (ts.isTypeQueryNode(node) && ts.isIdentifier(node.exprName))
    return ofTarget(x, resolveName(x, node.exprName.text, node.exprName), depth);
  if (ts.isLiteralTypeNode(node)) return literal(node.literal);
  if (ts.isTemplateLiteralTypeNode(node)) return data("a string");
  return ofKeyword(node.kind);
}

function ofKeyword(kind: ts.SyntaxKind): Holding {
  switch (kind) {
    case ts.SyntaxKind.StringKeyword:
      return data("a string");
    case ts.SyntaxKind.NumberKeyword:
    case ts.SyntaxKind.BigIntKeyword:
      return data("a number");
    case ts.SyntaxKind.BooleanKeyword:
      return data("a boolean");
    case ts.SyntaxKind.SymbolKeyword:
      return data("a symbol");
    case ts.SyntaxKind.UndefinedKeyword:
    case ts.SyntaxKind.VoidKeyword:
      return data("nothing");
    default:
      return unknown;
  }
}

function isAbsent(node: ts.TypeNode): boolean {
  if (node.kind === ts.SyntaxKind.UndefinedKeyword) return true;
  return ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword;
}

function ofElements(x: Extraction, types: readonly ts.TypeNode[], what: string, depth: number): Holding {
  return types.every((each) => ofType(x, each, depth - 1).kind === "data") ? data(what) : unknown;
}

/** One of several values: known where they agree. */
function oneOf(parts: readonly Holding[]): Holding {
  const [first, ...others] = parts;
  if (first === undefined) return unknown;
  return others.every((each) => each.kind === first.kind) ? first : unknown;
}

/** Parts of one value: a single asynchronous one is enough for a store, and a primitive with a brand is a primitive. */
function allOf(parts: readonly Holding[]): Holding {
  for (const kind of ["cell", "store", "unknown"] as const)
    if (parts.some((each) => each.kind === kind)) return { kind };
  return parts.find((each) => each.kind === "data" && each.what !== plainData) ?? data(plainData);
}

const plainData = "plain data";

const inMemory: ReadonlyMap<string, string> = new Map([
  ["Date", "a date"],
  ["RegExp", "a pattern"],
  ["URL", "a URL"],
  ["Error", "an error"],
  ["Uint8Array", "an array"],
  ["ArrayBuffer", "a buffer"],
  ["Buffer", "a buffer"],
]);
const containers: ReadonlyMap<string, string> = new Map([
  ["Array", "an array"],
  ["ReadonlyArray", "an array"],
  ["Set", "a set in memory"],
  ["ReadonlySet", "a set in memory"],
  ["WeakSet", "a set in memory"],
  ["Map", "a map in memory"],
  ["ReadonlyMap", "a map in memory"],
  ["WeakMap", "a map in memory"],
  ["Record", plainData],
]);
const transparent = new Set(["Readonly", "Partial", "Required", "NonNullable", "Pick", "Omit"]);
const asynchronous = new Set([
  "Promise",
  "PromiseLike",
  "AsyncIterable",
  "AsyncIterator",
  "AsyncIterableIterator",
  "AsyncGenerator",
]);

function ofReference(x: Extraction, node: ts.TypeReferenceNode, depth: number): Holding {
  const target = targetOf(x, node.typeName);
  if (target?.kind !== "global") return ofTarget(x, target, depth);
  const name = node.typeName.getText();
  const [first] = node.typeArguments ?? [];
  const what = containers.get(name);
  if (what !== undefined) return ofElements(x, node.typeArguments ?? [], what, depth);
  if (transparent.has(name) && first !== undefined) return ofType(x, first, depth);
  return inMemory.has(name) ? data(inMemory.get(name) as string) : unknown;
}

function targetOf(x: Extraction, name: ts.EntityName): Target | undefined {
  const target = resolveEntity(x, name);
  if (target !== undefined || ts.isIdentifier(name)) return target;
  const left = resolveEntity(x, name.left); // Of a member of an enumeration, the enumeration.
  return left?.kind === "declaration" && ts.isEnumDeclaration(left.node) ? left : undefined;
}

/** What a declared or abstract field with one of these types holds, whoever makes it. */
const cellTypes: ReadonlySet<string> = new Set(["Register", "Counter", "ReplicatedSet", "ReplicatedMap", "Log"]);

function ofTarget(x: Extraction, target: Target | undefined, depth: number): Holding {
  if (target?.kind === "runtime" && cellTypes.has(target.name)) return cell;
  if (target?.kind !== "declaration" || depth === 0) return unknown;
  const { node } = target;
  if (ts.isClassLike(node)) return ofClass(x, node, depth);
  if (ts.isInterfaceDeclaration(node)) return ofInterface(x, node, depth);
  if (ts.isTypeAliasDeclaration(node)) return ofType(x, node.type, depth - 1);
  if (ts.isEnumDeclaration(node)) return data("a value of an enumeration");
  if (ts.isTypeParameterDeclaration(node))
    return node.constraint === undefined ? unknown : ofType(x, node.constraint, depth - 1);
  if (ts.isParameter(node)) return holdingOf(x, node, depth - 1);
  if (!ts.isVariableDeclaration(node)) return unknown;
  if (node.type !== undefined) return ofType(x, node.type, depth - 1);
  return node.initializer === undefined ? unknown : ofExpression(x, node.initializer, depth - 1);
}

function ofInterface(x: Extraction, node: ts.InterfaceDeclaration, depth: number): Holding {
  const bases = (node.heritageClauses ?? []).flatMap((clause) =>
    clause.types.map(({ expression }) =>
      ts.isIdentifier(expression) ? ofTarget(x, resolveName(x, expression.text, expression), depth - 1) : unknown,
    ),
  );
  return allOf([...bases, ofMembers(x, node.members, depth)]);
}

function ofMembers(x: Extraction, members: readonly ts.TypeElement[], depth: number): Holding {
  return allOf(
    members.map((member) => {
      if (ts.isMethodSignature(member)) return ofResult(x, member, depth);
      if (ts.isPropertySignature(member) && member.type !== undefined) return ofMemberType(x, member.type, depth);
      if (ts.isIndexSignatureDeclaration(member)) return ofMemberType(x, member.type, depth);
      return unknown;
    }),
  );
}

function ofMemberType(x: Extraction, type: ts.TypeNode, depth: number): Holding {
  if (ts.isFunctionTypeNode(type)) return ofResult(x, type, depth);
  return ofMemberHolding(ofType(x, type, depth - 1));
}

/** An object of cells is no store of its own, but nothing that a level is wasted on either. */
function ofMemberHolding(held: Holding): Holding {
  if (held.kind === "cell") return unknown;
  return held.kind === "data" ? data(plainData) : held;
}

function ofClass(x: Extraction, node: ts.ClassLikeDeclaration, depth: number): Holding {
  const base = node.heritageClauses?.some((each) => each.token === ts.SyntaxKind.ExtendsKeyword);
  const baseId = base === true ? baseOf(x, node) : undefined;
  const baseNode = baseId === undefined ? undefined : x.classNode(baseId);
  const inherited = baseNode === undefined ? (base === true ? [unknown] : []) : [ofClass(x, baseNode, depth - 1)];
  if (depth === 0) return unknown;
  return allOf([...inherited, ...[...membersOf(node).instance.values()].map((each) => ofMember(x, each, depth))]);
}

function ofMember(x: Extraction, member: Member, depth: number): Holding {
  if (ts.isMethodDeclaration(member)) return ofResult(x, member, depth);
  if (!ts.isPropertyDeclaration(member) && !ts.isParameter(member)) return unknown;
  if (member.initializer !== undefined && isFunctionNode(member.initializer))
    return ofResult(x, member.initializer, depth);
  if (member.type !== undefined) return ofMemberType(x, member.type, depth);
  return ofMemberHolding(holdingOf(x, member, depth - 1));
}

const synchronousObject = "an object whose methods are synchronous";

/** What a method tells of its object. */
function ofResult(x: Extraction, node: ts.SignatureDeclaration, depth: number): Holding {
  if (hasModifier(node, ts.SyntaxKind.AsyncKeyword)) return store;
  const body = isFunctionNode(node) ? node.body : undefined;
  if (node.type === undefined) return body !== undefined && isSilent(body) ? data(synchronousObject) : unknown;
  if (isAsynchronous(x, node.type)) return store;
  if (ts.isTypePredicateNode(node.type) || ts.isThisTypeNode(node.type)) return data(synchronousObject);
  return ofType(x, node.type, depth - 1).kind === "data" ? data(synchronousObject) : unknown;
}

function isSilent(body: ts.Node): boolean {
  if (!ts.isBlock(body)) return false;
  const returns = (node: ts.Node): boolean =>
    ts.isReturnStatement(node)
      ? node.expression !== undefined
      : !isFunctionNode(node) && (ts.forEachChild(node, (child) => returns(child) || undefined) ?? false);
  return !returns(body);
}

function isAsynchronous(x: Extraction, type: ts.TypeNode): boolean {
  if (!ts.isTypeReferenceNode(type))
    return ts.isUnionTypeNode(type) && type.types.some((each) => isAsynchronous(x, each));
  const target = targetOf(x, type.typeName);
  if (target?.kind === "global") return asynchronous.has(type.typeName.getText());
  return (
    target?.kind === "declaration" && ts.isTypeAliasDeclaration(target.node) && isAsynchronous(x, target.node.type)
  );
}

function ofExpression(x: Extraction, node: ts.Expression, depth: number): Holding {
  if (depth === 0) return unknown;
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    return ofExpression(x, node.expression, depth);
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
    const isConstant = ts.isTypeReferenceNode(node.type) && node.type.getText() === "const";
    return isConstant ? ofExpression(x, node.expression, depth) : ofType(x, node.type, depth);
  }
  if (ts.isConditionalExpression(node))
    return oneOf([ofExpression(x, node.whenTrue, depth), ofExpression(x, node.whenFalse, depth)]);
  if (ts.isObjectLiteralExpression(node)) return allOf(node.properties.map((each) => ofProperty(x, each, depth)));
  if (ts.isArrayLiteralExpression(node))
    return node.elements.every((each) => ofExpression(x, each, depth - 1).kind === "data") ? data("an array") : unknown;
  if (ts.isNewExpression(node)) return ofNew(x, node, depth);
  if (ts.isIdentifier(node)) return ofTarget(x, resolveName(x, node.text, node), depth);
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const owner = resolveName(x, node.expression.text, node.expression);
    if (owner.kind === "declaration" && ts.isEnumDeclaration(owner.node)) return ofTarget(x, owner, depth);
  }
  return ts.isCallExpression(node) ? ofCall(x, node, depth) : literal(node);
}

function literal(node: ts.Node): Holding {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return data("a string");
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return data("a number");
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return data("a boolean");
  if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) return data("a pattern");
  if (ts.isPrefixUnaryExpression(node))
    return data(node.operator === ts.SyntaxKind.ExclamationToken ? "a boolean" : "a number");
  if (ts.isBinaryExpression(node)) return ofOperator(node.operatorToken.kind);
  return unknown;
}

function ofOperator(kind: ts.SyntaxKind): Holding {
  switch (kind) {
    case ts.SyntaxKind.MinusToken:
    case ts.SyntaxKind.AsteriskToken:
    case ts.SyntaxKind.SlashToken:
    case ts.SyntaxKind.PercentToken:
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return data("a number");
    case ts.SyntaxKind.PlusToken:
      return data("a value");
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.GreaterThanToken:
      return data("a boolean");
    default:
      return unknown;
  }
}

function ofProperty(x: Extraction, property: ts.ObjectLiteralElementLike, depth: number): Holding {
  if (ts.isMethodDeclaration(property)) return ofResult(x, property, depth);
  if (!ts.isPropertyAssignment(property)) return unknown;
  if (isFunctionNode(property.initializer)) return ofResult(x, property.initializer, depth);
  const held = ofExpression(x, property.initializer, depth - 1);
  return held.kind === "data" ? data(plainData) : held;
}

function ofNew(x: Extraction, node: ts.NewExpression, depth: number): Holding {
  if (!ts.isIdentifier(node.expression)) return unknown;
  const { text } = node.expression;
  const target = resolveName(x, text, node.expression);
  if (target.kind !== "global") return ofTarget(x, target, depth);
  const what = containers.get(text);
  if (what !== undefined) return ofElements(x, node.typeArguments ?? [], what, depth);
  return inMemory.has(text) ? data(inMemory.get(text) as string) : unknown;
}

const numbers = /^(?:Number|BigInt|parseInt|parseFloat|Date\.now|performance\.now|Math\.\w+)$/;
const strings = /^(?:String|JSON\.stringify|crypto\.randomUUID)$/;

function ofCall(x: Extraction, node: ts.CallExpression, depth: number): Holding {
  const callee = x.evaluate(node.expression);
  if (callee.kind === "function") {
    const made = x.functionNode(callee.id);
    if (made === undefined || hasModifier(made, ts.SyntaxKind.AsyncKeyword)) return unknown;
    if (made.type !== undefined) return ofType(x, made.type, depth - 1);
    return made.body === undefined || ts.isBlock(made.body) ? unknown : ofExpression(x, made.body, depth - 1);
  }
  if (callee.kind !== "global") return unknown;
  if (numbers.test(callee.name)) return data("a number");
  if (strings.test(callee.name)) return data("a string");
  return callee.name === "Boolean" ? data("a boolean") : unknown;
}
