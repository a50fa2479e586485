import type { ts } from "ts-morph";
import { membersOf } from "../extract/class-members.js";
import { baseOf, chainOf, findMember } from "../extract/classes.js";
import { classesOf } from "../extract/units.js";
import type { View } from "../view/view.js";

/** The classes of the analysed files that extend a class, through others too. */
export function subclassesOf(view: View, owner: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[] {
  const { x } = view.sources;
  const id = x.classId(owner);
  return view.sources.files().flatMap((file) => {
    const tree = x.documents.tree(file);
    const classes = tree === undefined || !/\bextends\b/.test(tree.text) ? [] : classesOf(tree);
    return classes.filter(
      (each) =>
        each !== owner &&
        each.heritageClauses !== undefined &&
        chainOf(x, x.classId(each)).some((link) => link.id === id),
    );
  });
}

/** A base or a subclass has a member of that name as well, whose type has to go with this one's. */
export function isRedeclared(view: View, owner: ts.ClassLikeDeclaration, name: string): boolean {
  const { x } = view.sources;
  const base = baseOf(x, owner);
  if (base !== undefined && findMember(x, base, name, "instance") !== undefined) return true;
  return subclassesOf(view, owner).some((each) => membersOf(each).instance.has(name));
}
