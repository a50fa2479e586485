import type { ts } from "ts-morph";
import { compareLevels } from "../../../../runtime/src/levels.js";
import { membersOf } from "../extract/class-members.js";
import { chainOf, findMember } from "../extract/classes.js";
import type { Cell, ReleveledCell, Site } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "./view.js";

/** What a class inherits from its base and gives another level: by a field of its own, or by its own level. */
export function releveledCellsOf(view: View, node: ts.ClassLikeDeclaration): readonly ReleveledCell[] {
  if (node.heritageClauses === undefined) return [];
  const { x } = view.sources;
  const id = x.classId(node);
  const [, parent, ...others] = chainOf(x, id);
  if (parent === undefined) return [];
  const names = new Set([parent, ...others].flatMap((link) => [...membersOf(link.node).instance.keys()]));
  const cellOf = (receiver: string, name: string): Cell | undefined => {
    const found = findMember(x, receiver, name, "instance");
    return found && view.cell(receiver, found.declaredIn, name);
  };
  return [...names].flatMap((name) => {
    const base = cellOf(parent.id, name);
    const cell = base && cellOf(id, name);
    if (cell?.level === undefined || base?.level === undefined || compareLevels(cell.level, base.level) === 0)
      return [];
    return { cell, base, subclass: node.name?.text ?? "the class", site: siteIn(node, cell) };
  });
}

function siteIn(node: ts.ClassLikeDeclaration, { annotation, site }: Cell): Site {
  let decorator = annotation && nodeOf(annotation.site);
  while (decorator !== undefined && decorator !== node) decorator = decorator.parent;
  return annotation !== undefined && decorator === node ? annotation.site : site;
}
