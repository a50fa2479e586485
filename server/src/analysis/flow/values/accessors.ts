import type { ts } from "ts-morph";
import type { Item } from "../../extract/functions.js";
import { type FunctionId, plain } from "../../extract/values.js";
import { instantiate } from "./instantiation.js";
import type { Run } from "./run.js";
import type { Flowing } from "./sources.js";

const items = new WeakMap<ts.Node, Item>();

/** A getter or a setter runs where the name of its field stands. */
export function callAccessor(
  run: Run,
  node: ts.PropertyAccessExpression,
  id: FunctionId,
  args: readonly Flowing[],
): Flowing {
  return instantiate(run, id, itemOf(node, id, args), args);
}

/** The same one each time, as what it leads to is told apart by it. */
function itemOf(node: ts.PropertyAccessExpression, id: FunctionId, args: readonly Flowing[]): Item {
  const known = items.get(node);
  if (known?.callee.kind === "function" && known.callee.id === id) return known;
  const item: Item = {
    node,
    callee: { kind: "function", id },
    args: args.map(() => plain),
    handled: false,
    inline: false,
  };
  items.set(node, item);
  return item;
}
