import type { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import type { AssignedLevels } from "../analysis.js";
import { levelDecorator } from "../extract/annotations.js";
import { findMember } from "../extract/classes.js";
import { classesOf } from "../extract/units.js";
import { Edits } from "../fixes/edits.js";
import { hasPlainOptions, writeLevel } from "../fixes/levels.js";
import type { View } from "../view/view.js";

/**
 * Writes levels on fields, each named as `Account.balance`: a class of this file, else the only one of that name. What
 * cannot be written is named: a field that a base class declares belongs to other classes too.
 */
export function assignLevels(view: View, file: string, levels: Readonly<Record<string, Level>>): AssignedLevels {
  const edits = new Edits(view.sources.x);
  const unwritten = Object.entries(levels).flatMap(([name, level]) =>
    write(view, edits, { file, name, level }) ? [] : [name],
  );
  return { fix: edits.toFix("Change levels", "suggested"), unwritten };
}

interface Wanted {
  readonly file: string;
  readonly name: string;
  readonly level: Level;
}

/** False where it cannot be done. A field that has the level already is left alone. */
function write(view: View, edits: Edits, { file, name, level }: Wanted): boolean {
  const dot = name.indexOf(".");
  const owner = classNamed(view, file, name.slice(0, dot));
  const field = name.slice(dot + 1);
  if (owner === undefined) return false;
  const id = view.sources.x.classId(owner);
  const member = findMember(view.sources.x, id, field, "instance");
  const cell = member && view.cell(id, member.declaredIn, field);
  if (cell === undefined || member === undefined) return false;
  if (cell.level === level) return true;
  const own = levelDecorator(view.sources.x, member.node)?.node;
  if (member.declaredIn !== id || (own !== undefined && !hasPlainOptions(own))) return false;
  return writeLevel(view, edits, cell, level);
}

function classNamed(view: View, file: string, name: string): ts.ClassLikeDeclaration | undefined {
  const own = namedIn(view, file, name)[0];
  if (own !== undefined) return own;
  const elsewhere = view.sources.files().flatMap((other) => namedIn(view, other, name));
  return elsewhere.length === 1 ? elsewhere[0] : undefined;
}

function namedIn(view: View, file: string, name: string): readonly ts.ClassLikeDeclaration[] {
  const tree: ts.SourceFile | undefined = view.sources.x.documents.tree(file);
  return tree === undefined ? [] : classesOf(tree).filter((each) => each.name?.text === name);
}
