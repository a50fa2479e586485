import { ts } from "ts-morph";
import { classesOf } from "../extract/units.js";
import type { StoreId } from "../extract/values.js";
import type { Store } from "../states.js";
import { labelCallsIn } from "./store-labels.js";
import type { View } from "./view.js";

/** Stores that a level labels in this file: by a decorator on a field or a parameter of a constructor, or by a function. */
export function labelledStoresOf(view: View, tree: ts.SourceFile): readonly Store[] {
  const { x } = view.sources;
  const members = classesOf(tree).flatMap((each) => each.members.flatMap(holdersOf));
  const decorated = members.map((member) => x.store(member));
  const called = labelCallsIn(view, tree).map(({ call }) => x.evaluate(call));
  const ids = [...decorated, ...called].flatMap((value): readonly StoreId[] =>
    value?.kind === "store" ? [value.id] : [],
  );
  return [...new Set(ids)].flatMap((id) => view.store(id) ?? []);
}

function holdersOf(member: ts.ClassElement): readonly ts.Node[] {
  return ts.isConstructorDeclaration(member) ? member.parameters : [member];
}
