import { ts } from "ts-morph";
import { isEventDeclaration, partsOfType } from "../extract/event-types.js";
import { memberName, skipOuter } from "../extract/scopes.js";
import { resolveEntity } from "../extract/types.js";
import { unitsOf } from "../extract/units.js";
import { remembered } from "../remembered.js";
import { consult } from "./consulted.js";
import { eventsIn } from "./event-members.js";
import { isDateMember } from "./held-clocks.js";
import type { Sources } from "./view.js";
import { isWallClock, memberValues } from "./wall-clocks.js";

/** These are events, and have a time by the clock as this member: by its type, or because one is made with such a time. */
export function eventsHoldClock(sources: Sources, type: ts.TypeNode, member: string): boolean {
  const event = elementOf(sources, type);
  if (isRecorded(sources, event)) return member === "timeMs";
  const parts = partsOf(sources, event);
  const files = new Set([event.getSourceFile(), ...[...parts].map((each) => each.getSourceFile())]);
  if (!isEvent(sources, event, parts) && ![...files].some((file) => usesAsEvent(sources, file, parts))) return false;
  return isDateMember(sources, event, member) || [...files].some((file) => isStampedIn(sources, file, parts, member));
}

/** What a stream of the runtime gives back carries the time of its writer beside its version. */
function isRecorded({ x }: Sources, type: ts.TypeNode): boolean {
  const target = ts.isTypeReferenceNode(type) ? resolveEntity(x, type.typeName) : undefined;
  return target?.kind === "runtime" && (target.name === "Recorded" || target.name === "Commit");
}

/** `SoldEvent` of `readonly SoldEvent[]` and `Iterable<SoldEvent>`. */
function elementOf(sources: Sources, node: ts.TypeNode, depth = 6): ts.TypeNode {
  const again = (each: ts.TypeNode): ts.TypeNode => elementOf(sources, each, depth - 1);
  if (depth === 0) return node;
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return again(node.type);
  if (ts.isArrayTypeNode(node)) return again(node.elementType);
  if (!ts.isTypeReferenceNode(node)) return node;
  const target = resolveEntity(sources.x, node.typeName);
  const [inner] = node.typeArguments ?? [];
  if (target?.kind === "global" && inner !== undefined) return again(inner);
  // `type History = readonly SoldEvent[]`
  if (target?.kind !== "declaration" || !ts.isTypeAliasDeclaration(target.node)) return node;
  const { type } = target.node;
  return ts.isArrayTypeNode(type) || ts.isTypeOperatorNode(type) ? again(type) : node;
}

function partsOf({ x }: Sources, type: ts.TypeNode): ReadonlySet<ts.Node> {
  const parts = new Set<ts.Node>();
  partsOfType(x, type, (part) => parts.add(part));
  return parts;
}

function isEvent({ x }: Sources, type: ts.TypeNode, parts: ReadonlySet<ts.Node>): boolean {
  const isOfRuntime = (node: ts.TypeNode): boolean => {
    if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return node.types.some(isOfRuntime);
    const target = ts.isTypeReferenceNode(node) ? resolveEntity(x, node.typeName) : undefined;
    return target?.kind === "runtime" && target.name === "Event";
  };
  return isOfRuntime(type) || [...parts].some((part) => isEventDeclaration(x, part));
}

/** A decider or a projection of the file is about them. */
function usesAsEvent(sources: Sources, file: ts.SourceFile, parts: ReadonlySet<ts.Node>): boolean {
  consult(sources, file);
  const used = eventsIn(sources.x, file)?.used ?? [];
  return used.some((each) => [...partsOf(sources, each)].some((part) => parts.has(part)));
}

/** `{ type: "Sold", at: Date.now() }`, where one of the parts is called so. */
function isStampedIn(sources: Sources, file: ts.SourceFile, parts: ReadonlySet<ts.Node>, member: string): boolean {
  consult(sources, file);
  const names = new Set([...parts].flatMap(literalsIn));
  return unitsOf(file).some(({ node }) =>
    namedObjectsIn(node).some(
      ({ object, literals }) =>
        literals.some((each) => names.has(each)) &&
        memberValues(sources, object, member).some((value) => isWallClock(sources, value)),
    ),
  );
}

/** The texts by which the values of a type are told apart: `"Sold"` of `Event<"Sold", …>` and of `{ type: "Sold" }`. */
function literalsIn(part: ts.Node): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) found.push(node.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(part);
  return found;
}

interface NamedObject {
  readonly object: ts.ObjectLiteralExpression;
  /** Its members that are texts. */
  readonly literals: readonly string[];
}

const namedObjects = new WeakMap<ts.Node, readonly NamedObject[]>();

function namedObjectsIn(unit: ts.Node): readonly NamedObject[] {
  return remembered(namedObjects, unit, () => {
    const found: NamedObject[] = [];
    const visit = (node: ts.Node): void => {
      const literals = ts.isObjectLiteralExpression(node) ? textsOf(node) : [];
      if (literals.length > 0) found.push({ object: node as ts.ObjectLiteralExpression, literals });
      ts.forEachChild(node, visit);
    };
    visit(unit);
    return found;
  });
}

function textsOf(object: ts.ObjectLiteralExpression): readonly string[] {
  return object.properties.flatMap((each) => {
    if (!ts.isPropertyAssignment(each) || memberName(each) === undefined) return [];
    const value = skipOuter(each.initializer);
    return ts.isStringLiteralLike(value) ? [value.text] : [];
  });
}
