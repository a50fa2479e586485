import { ts } from "ts-morph";
import { decoratorsOf, levelOfDecorator } from "../extract/annotations.js";
import { membersOf } from "../extract/class-members.js";
import { baseOf, chainOf } from "../extract/classes.js";
import type { Extraction } from "../extract/extraction.js";
import { holdingOf } from "../extract/holdings.js";
import { fieldValue } from "../extract/members.js";
import { isFunctionNode, memberName } from "../extract/scopes.js";
import { hasModifier } from "../extract/skeleton.js";
import { classesOf } from "../extract/units.js";
import type { Cell, LevelTarget } from "../model.js";
import { lazily } from "../remembered.js";
import { nodeOf, siteOf } from "../sites.js";
import type { View } from "./view.js";

/** Classes, members and parameters that carry a level, whether one belongs there or not. */
export function levelTargetsOf(view: View, owner: ts.ClassLikeDeclaration): readonly LevelTarget[] {
  const targets: LevelTarget[] = [];
  const add = (node: ts.Node, place: LevelTarget["place"], name: ts.Node | undefined): void => {
    const target = targetOf(view, owner, node, place, name);
    if (target !== undefined) targets.push(target);
  };
  add(owner, "class", owner.name);
  for (const member of owner.members) {
    if (member.name === undefined || !ts.isPrivateIdentifier(member.name)) add(member, placeOf(member), member.name);
    if (!isFunctionNode(member)) continue;
    for (const parameter of member.parameters) add(parameter, placeOfParameter(parameter, member), parameter.name);
  }
  return targets;
}

function placeOf(member: ts.ClassElement): LevelTarget["place"] {
  const isStatic = hasModifier(member, ts.SyntaxKind.StaticKeyword);
  if (ts.isAccessor(member) || hasModifier(member, ts.SyntaxKind.AccessorKeyword)) return "accessor";
  if (ts.isMethodDeclaration(member)) return isStatic ? "static method" : "method";
  return isStatic ? "static field" : "field";
}

function placeOfParameter(node: ts.ParameterDeclaration, owner: ts.Node): LevelTarget["place"] {
  if (!ts.isConstructorDeclaration(owner)) return "parameter";
  return ts.isParameterPropertyDeclaration(node, owner) ? "field" : "constructor parameter";
}

function targetOf(
  view: View,
  owner: ts.ClassLikeDeclaration,
  node: ts.Node,
  place: LevelTarget["place"],
  name: ts.Node | undefined,
): LevelTarget | undefined {
  const { x } = view.sources;
  const levels = decoratorsOf(x, node).flatMap((facts) => {
    const level = levelOfDecorator.get(facts.name);
    return level === undefined ? [] : [view.levelAnnotation({ ...facts, level })];
  });
  if (levels.length === 0) return undefined;
  const base = {
    place,
    name: name?.getText() ?? "the class",
    owner: owner.name?.text ?? "the class",
    site: siteOf(name ?? node),
    levels,
  };
  return lazily(base, "holds", (): LevelTarget["holds"] => {
    if (ts.isClassLike(node))
      return canHaveCells(x, node) ? { kind: "cell" } : { kind: "data", what: "a class that is not replicated" };
    return ts.isPropertyDeclaration(node) || ts.isParameter(node) ? holdingOf(x, node) : { kind: "unknown" };
  });
}

/**
 * Whether a class is replicated, or may yet be: as the base of one, which takes its level, or by a decorator that is not
 * known here.
 */
function canHaveCells(x: Extraction, node: ts.ClassLikeDeclaration): boolean {
  if (isReplicated(x, node) || !isWhollyKnown(x, node)) return true;
  if (hasModifier(node, ts.SyntaxKind.AbstractKeyword) || isExtended(x, node)) return true;
  return chainOf(x, x.classId(node)).some((link) =>
    [...membersOf(link.node).instance.values()].some(
      (member) => ts.isPropertyDeclaration(member) && fieldValue(x, member).kind === "handle",
    ),
  );
}

/** In its own file: elsewhere, a base without a single cell would be a strange one. */
function isExtended(x: Extraction, node: ts.ClassLikeDeclaration): boolean {
  const id = x.classId(node);
  return classesOf(node.getSourceFile()).some((each) => each !== node && baseOf(x, each) === id);
}

function isReplicated(x: Extraction, node: ts.ClassLikeDeclaration): boolean {
  return chainOf(x, x.classId(node)).some((link) =>
    decoratorsOf(x, link.node).some((each) => each.name === "Replicated"),
  );
}

/** All its bases and all their decorators are understood. */
export function isWhollyKnown(x: Extraction, node: ts.ClassLikeDeclaration): boolean {
  const chain = chainOf(x, x.classId(node));
  const last = chain.at(-1)?.node;
  const isCut = last?.heritageClauses?.some((each) => each.token === ts.SyntaxKind.ExtendsKeyword) ?? false;
  return last !== undefined && !isCut && chain.every((link) => !hasForeignDecorators(x, link.node));
}

/** Decorators that are not the runtime's may do anything, such as apply some that are. */
function hasForeignDecorators(x: Extraction, node: ts.Node): boolean {
  const all = ts.canHaveDecorators(node) ? (ts.getDecorators(node)?.length ?? 0) : 0;
  return all > 0 && decoratorsOf(x, node).length < all;
}

/** Cells for which neither the field nor the class of the objects that have them says a level; each once. */
export function unleveledIn(view: View, classes: readonly ts.ClassLikeDeclaration[]): readonly Cell[] {
  const found = classes.flatMap((each) => unleveledCellsOf(view, each));
  return found.filter((cell, index) => found.findIndex((each) => nodeOf(each.site) === nodeOf(cell.site)) === index);
}

function unleveledCellsOf(view: View, node: ts.ClassLikeDeclaration): readonly Cell[] {
  const { x } = view.sources;
  const id = x.classId(node);
  const file = node.getSourceFile();
  const seen = new Set<string>();
  const cells = chainOf(x, id).flatMap((link) =>
    [...membersOf(link.node).instance].flatMap(([name, member]) => {
      if (seen.has(name)) return [];
      seen.add(name);
      if (link.node.getSourceFile() !== file) return [];
      const cell = ts.isPropertyDeclaration(member) ? view.cell(id, link.id, name) : undefined;
      return cell === undefined || cell.level !== undefined || hasForeignDecorators(x, member) ? [] : [cell];
    }),
  );
  if (cells.length === 0 || hasModifier(node, ts.SyntaxKind.AbstractKeyword)) return [];
  return isReplicated(x, node) && isWhollyKnown(x, node) ? cells : [];
}

/** Whether the class or one of its bases has a method of that name; undefined where that cannot be known. */
export function hasMethod(x: Extraction, owner: ts.ClassLikeDeclaration, name: string): boolean | undefined {
  const chain = chainOf(x, x.classId(owner));
  for (const { node } of chain) {
    const member = membersOf(node).instance.get(name);
    if (member === undefined) continue;
    if (ts.isMethodDeclaration(member)) return true;
    if (!ts.isPropertyDeclaration(member)) return false;
    const { kind } = fieldValue(x, member);
    return kind === "function" ? true : kind === "unknown" ? undefined : false;
  }
  const isAbstract = hasModifier(owner, ts.SyntaxKind.AbstractKeyword);
  return isAbstract || !isWhollyKnown(x, owner) || hasComputedNames(chain) ? undefined : false;
}

function hasComputedNames(chain: readonly { readonly node: ts.ClassLikeDeclaration }[]): boolean {
  return chain.some(({ node }) =>
    node.members.some((each) => each.name !== undefined && memberName(each) === undefined),
  );
}
