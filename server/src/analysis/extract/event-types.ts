import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import type { Target } from "./names.js";
import { isFunctionNode, memberName, skipOuter } from "./scopes.js";
import { resolveEntity } from "./types.js";
import { unitsOf } from "./units.js";

export type EventDeclaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassLikeDeclaration;

/** What a type declares to be an event: `type Sold = Event<"sold">`, `interface Sold extends Event<"sold">`, a union of such. */
export function isEventDeclaration(x: Extraction, node: ts.Node, seen = new Set<ts.Node>()): node is EventDeclaration {
  // Types refer to one another in circles and by many ways; each is looked at once.
  if (seen.has(node)) return false;
  seen.add(node);
  if (ts.isTypeAliasDeclaration(node)) return isEventType(x, node.type, seen);
  if (!ts.isInterfaceDeclaration(node) && !ts.isClassLike(node)) return false;
  return (node.heritageClauses ?? []).some(({ types }) =>
    types.some(({ expression }) => isEventTarget(x, resolveEntity(x, expression), seen)),
  );
}

function isEventType(x: Extraction, node: ts.TypeNode, seen: Set<ts.Node>): boolean {
  if (ts.isParenthesizedTypeNode(node)) return isEventType(x, node.type, seen);
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node))
    return node.types.some((each) => isEventType(x, each, seen));
  if (!ts.isTypeReferenceNode(node)) return false;
  const target = resolveEntity(x, node.typeName);
  const [inner] = node.typeArguments ?? [];
  if (target?.kind === "global")
    return node.typeName.getText() === "Readonly" && inner !== undefined && isEventType(x, inner, seen);
  return isEventTarget(x, target, seen);
}

function isEventTarget(x: Extraction, target: Target | undefined, seen: Set<ts.Node>): boolean {
  if (target?.kind === "runtime") return target.name === "Event";
  return target?.kind === "declaration" && isEventDeclaration(x, target.node, seen);
}

/** Types that this file uses as those of events: of its deciders and projections. */
export function eventTypesUsedIn(x: Extraction, tree: ts.SourceFile): readonly ts.TypeNode[] {
  const found: ts.TypeNode[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...usedBy(x, node));
    ts.forEachChild(node, visit);
  };
  for (const { node } of unitsOf(tree)) visit(node);
  for (const each of tree.statements)
    if (ts.isClassDeclaration(each)) for (const clause of each.heritageClauses ?? []) visit(clause);
  return found;
}

function usedBy(x: Extraction, node: ts.Node): readonly ts.TypeNode[] {
  if (ts.isTypeReferenceNode(node)) return argumentOf(resolveEntity(x, node.typeName), node.typeArguments);
  if (ts.isExpressionWithTypeArguments(node)) return argumentOf(resolveEntity(x, node.expression), node.typeArguments);
  if (!ts.isCallExpression(node)) return [];
  const callee = x.evaluate(node.expression);
  if (callee.kind !== "runtime" || (callee.name !== "decider" && callee.name !== "projection")) return [];
  const told = argumentOf({ kind: "runtime", name: callee.name }, node.typeArguments);
  return told.length > 0 ? told : evolvedBy(x, node.arguments[0]);
}

function argumentOf(target: Target | undefined, types: ts.NodeArray<ts.TypeNode> | undefined): readonly ts.TypeNode[] {
  const name = target?.kind === "runtime" ? target.name.toLowerCase() : undefined;
  const event = name === "decider" ? types?.[1] : name === "projection" ? types?.[0] : undefined;
  return event === undefined ? [] : [event];
}

/** `evolve: (state: number, event: ShelfEvent) => …` of what `decider` or `projection` is given. */
function evolvedBy(x: Extraction, definition: ts.Expression | undefined): readonly ts.TypeNode[] {
  const value = definition === undefined ? undefined : x.evaluate(skipOuter(definition));
  const evolve = value?.kind === "object" ? value.members.get("evolve") : undefined;
  const run = evolve?.kind === "function" ? x.functionNode(evolve.id) : undefined;
  const type = run?.parameters[1]?.type;
  return type === undefined ? [] : [type];
}

/** A member of an event type that can be changed. */
export interface MutableMember {
  readonly name: string;
  readonly node: ts.PropertySignature | ts.PropertyDeclaration | ts.ParameterDeclaration;
  /** It can be given another value. */
  readonly assignable: boolean;
  /** The type of what it holds, where that can be changed in place. */
  readonly holds: ts.TypeNode | undefined;
}

/** All parts of a type: each alias, interface, class and literal that its values may be of. */
export function partsOfType(
  x: Extraction,
  node: EventDeclaration | ts.TypeNode,
  visit: (part: EventDeclaration | ts.TypeLiteralNode, isReadonly: boolean) => void,
): void {
  const seen = new Set<ts.Node>();
  const declaration = (each: ts.Node, isReadonly: boolean): void => {
    if (seen.has(each)) return;
    seen.add(each);
    if (ts.isTypeAliasDeclaration(each)) {
      visit(each, isReadonly);
      type(each.type, isReadonly);
    } else if (ts.isInterfaceDeclaration(each) || ts.isClassLike(each)) {
      visit(each, isReadonly);
      for (const clause of each.heritageClauses ?? [])
        for (const { expression, typeArguments } of clause.types)
          target(resolveEntity(x, expression), typeArguments, isReadonly);
    }
  };
  const target = (to: Target | undefined, types: readonly ts.TypeNode[] | undefined, isReadonly: boolean): void => {
    if (to?.kind === "declaration") declaration(to.node, isReadonly);
    else if (to?.kind === "runtime" && to.name === "Event" && types?.[1] !== undefined) type(types[1], true);
  };
  const type = (each: ts.TypeNode, isReadonly: boolean): void => {
    if (ts.isParenthesizedTypeNode(each)) type(each.type, isReadonly);
    else if (ts.isUnionTypeNode(each) || ts.isIntersectionTypeNode(each))
      for (const part of each.types) type(part, isReadonly);
    else if (ts.isTypeLiteralNode(each)) visit(each, isReadonly);
    else if (ts.isTypeReferenceNode(each)) {
      const to = resolveEntity(x, each.typeName);
      const [inner] = each.typeArguments ?? [];
      if (to?.kind === "global" && each.typeName.getText() === "Readonly" && inner !== undefined) type(inner, true);
      else target(to, each.typeArguments, isReadonly);
    }
  };
  if (ts.isTypeNode(node)) type(node, false);
  else declaration(node, false);
}

export function mutableMembersOf(
  part: EventDeclaration | ts.TypeLiteralNode,
  isReadonly: boolean,
): readonly MutableMember[] {
  if (ts.isTypeAliasDeclaration(part)) return [];
  return [...part.members].flatMap((each: ts.Node) => {
    if (ts.isConstructorDeclaration(each))
      return each.parameters.flatMap((parameter) =>
        ts.isParameterPropertyDeclaration(parameter, each) ? mutableMember(parameter, isReadonly) : [],
      );
    const isStatic = ts.isPropertyDeclaration(each) && each.modifiers?.some(isStaticKeyword) === true;
    const holdsFunction = ts.isPropertyDeclaration(each) && each.initializer && isFunctionNode(each.initializer);
    if (isStatic || holdsFunction || !(ts.isPropertySignature(each) || ts.isPropertyDeclaration(each))) return [];
    return mutableMember(each, isReadonly);
  });
}

const isStaticKeyword = ({ kind }: ts.Node): boolean => kind === ts.SyntaxKind.StaticKeyword;

function mutableMember(node: MutableMember["node"], isReadonly: boolean): readonly MutableMember[] {
  const isFixed = isReadonly || node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) === true;
  const holds = node.type !== undefined && isMutableType(node.type) ? node.type : undefined;
  const own: MutableMember[] =
    isFixed && holds === undefined
      ? []
      : [{ name: memberName(node) ?? node.name.getText(), node, assignable: !isFixed, holds }];
  const inner = node.type !== undefined && ts.isTypeLiteralNode(node.type) ? mutableMembersOf(node.type, false) : [];
  return [...own, ...inner.map((each) => ({ ...each, name: `${memberName(node) ?? ""}.${each.name}` }))];
}

const mutableTypes = new Set(["Array", "Map", "Set", "Record"]);

/** `string[]`, `Array<string>`, `Map<…>`: what it holds can be changed in place. */
function isMutableType(node: ts.TypeNode): boolean {
  if (ts.isArrayTypeNode(node) || ts.isTupleTypeNode(node)) return true;
  if (ts.isUnionTypeNode(node)) return node.types.some(isMutableType);
  return ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && mutableTypes.has(node.typeName.text);
}
