import { ts } from "ts-morph";
import { decoratorsOf } from "../extract/annotations.js";
import { functionOf } from "../extract/class-members.js";
import { memberName } from "../extract/scopes.js";
import { hasModifier } from "../extract/skeleton.js";
import { nodeOf, siteOf } from "../sites.js";
import type { FlowInvariant, FlowOrigin, FlowTarget } from "../value-flows.js";
import { consult } from "./consulted.js";
import type { View } from "./view.js";

/**
 * The invariants that read both cells of a flow. Of one cell of two objects only static ones can tell, which are given all
 * of them; a cell and itself stand in no relation that a transaction could see half of.
 */
export function invariantsAbout(
  view: View,
  run: ts.Node,
  from: FlowOrigin,
  to: FlowTarget,
  isSameObject: boolean,
): readonly FlowInvariant[] {
  if (isSameObject || from.kind !== "read" || to.kind !== "write") return [];
  if (!("cell" in from.effect) || !("cell" in to.effect)) return [];
  const cells = [from.effect.cell, to.effect.cell];
  const fields = new Set(cells.map(({ site }) => nodeOf(site)));
  // A subclass may state what its base's cells have to do with one another.
  const owners = new Set(
    [...cells.map(({ site }) => nodeOf(site)?.parent), run].flatMap((node) => ownerOf(node) ?? []),
  );
  return [...owners].flatMap((owner) => {
    consult(view.sources, owner);
    return owner.members.filter((member) => isAbout(view, member, fields)).map(describe);
  });
}

function ownerOf(member: ts.Node | undefined): ts.ClassLikeDeclaration | undefined {
  const owner = member?.parent;
  return owner !== undefined && ts.isClassLike(owner) ? owner : undefined;
}

function isAbout(view: View, member: ts.ClassElement, fields: ReadonlySet<ts.Node | undefined>): boolean {
  const run = functionOf(member);
  if (run?.body === undefined || !decoratorsOf(view.sources.x, member).some(({ name }) => name === "Invariant"))
    return false;
  if (fields.size === 1 && !hasModifier(member, ts.SyntaxKind.StaticKeyword)) return false;
  const read = new Set(view.effectsOf(run).map(({ effect }) => nodeOf(effect.cell.site)));
  return [...fields].every((field) => read.has(field));
}

function describe(member: ts.ClassElement): FlowInvariant {
  return { name: memberName(member) ?? "the invariant", site: siteOf(member.name ?? member) };
}
