import { ts } from "ts-morph";
import { type Level, levels } from "../../../../runtime/src/levels.js";
import { levelDecorator } from "../extract/annotations.js";
import { membersOf } from "../extract/class-members.js";
import { baseOf } from "../extract/classes.js";
import { Edits } from "../fixes/edits.js";
import { decorators, hasPlainOptions, writeLevel } from "../fixes/levels.js";
import { relevel } from "../fixes/relevel.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { boundsOf, movingWith } from "./level-bounds.js";
import { type Offer, offerOf, type Refactoring } from "./refactor.js";
import { classAt, fieldAt, type Spot } from "./spot.js";
import { subclassesOf } from "./subclasses.js";

/**
 * Each other level that the cell's uses can live with. Cells that change in one transaction move together, wherever they
 * are declared: a transaction keeps its promise at one level only.
 */
export const changeLevel: Refactoring = {
  id: "changeLevel",
  kind: "rewrite",
  offersAt: (spot) => [...offersForField(spot), ...offersForClass(spot)],
};

function offersForField({ view, ...spot }: Spot): readonly Offer[] {
  const field = fieldAt({ view, ...spot });
  const cell = field && cellOf(view, field);
  const together = cell && movingWith(view, cell);
  if (cell?.level === undefined || together === undefined) return [];
  if (![cell, ...together].every((each) => isRewritable(view, each))) return [];
  return allowed(view, [cell, ...together]).map((level) => ({
    title: `Change ${list([cell, ...together])} to \`@${decorators[level]}()\``,
    write() {
      const edits = new Edits(view.sources.x);
      for (const each of [cell, ...together]) writeLevel(view, edits, each, level);
      return edits.toFix(this.title, "suggested");
    },
  }));
}

/** The level of a class is that of the cells that have none of their own. */
function offersForClass({ view, ...spot }: Spot): readonly Offer[] {
  const owner = classAt({ view, ...spot });
  const facts = owner && levelDecorator(view.sources.x, owner);
  if (owner === undefined || facts === undefined || facts.node.parent !== owner || !hasPlainOptions(facts.node))
    return [];
  const cells = [...membersOf(owner).instance.values()]
    .flatMap((member) => (ts.isPropertyDeclaration(member) ? (cellOf(view, member) ?? []) : []))
    .filter((cell) => !cell.ownsAnnotation);
  const isAlone = cells.every((cell) => movingWith(view, cell)?.every((each) => cells.includes(each)) ?? false);
  // What a base gives its cells, a subclass must not take back.
  if (cells.length === 0 || !isAlone || baseOf(view.sources.x, owner) !== undefined) return [];
  return allowed(view, cells).flatMap((level) =>
    offerOf(relevel(view, view.levelAnnotation(facts), level)).map((offer) => ({
      ...offer,
      title: `Change \`${owner.name?.text ?? "the class"}\` to \`@${decorators[level]}()\``,
    })),
  );
}

function cellOf(view: View, field: ts.PropertyDeclaration): Cell | undefined {
  if (!ts.isClassLike(field.parent) || !(ts.isIdentifier(field.name) || ts.isPrivateIdentifier(field.name)))
    return undefined;
  const id = view.sources.x.classId(field.parent);
  return view.cell(id, id, field.name.text);
}

function allowed(view: View, cells: readonly Cell[]): readonly Level[] {
  const bounds = cells.map((cell) => boundsOf(view, cell, cells));
  return levels.filter((level) => cells[0]?.level !== level && bounds.every((isWithin) => isWithin(level)));
}

/**
 * A copy of another cell is nothing without its mechanism, options from elsewhere cannot be sifted, and a level of its own
 * would take the cell from what a subclass gives all of them.
 */
function isRewritable(view: View, cell: Cell): boolean {
  const field = nodeOf(cell.site)?.parent;
  const owner = field?.parent;
  if (!cell.ownsAnnotation && owner !== undefined && ts.isClassLike(owner))
    if (subclassesOf(view, owner).some((each) => levelDecorator(view.sources.x, each) !== undefined)) return false;
  const own = field && levelDecorator(view.sources.x, field)?.node;
  return cell.annotation?.mechanism?.name !== "cache" && (own === undefined || hasPlainOptions(own));
}

function list(cells: readonly Cell[]): string {
  const names = cells.map(({ name }) => `\`${name}\``);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
