import { ts } from "ts-morph";
import { isStoreCall } from "../../extract/call-nodes.js";
import { substitute } from "../../extract/calls.js";
import type { Extraction } from "../../extract/extraction.js";
import type { Item } from "../../extract/functions.js";
import { isFunctionNode } from "../../extract/scopes.js";
import { storeOperation } from "../../extract/store-operations.js";
import { type FunctionId, unknown, type Value } from "../../extract/values.js";
import { remembered } from "../../remembered.js";
import { nameText } from "./patterns.js";
import type { Run } from "./run.js";

/** A call as the function that is looked at sees it. */
export interface Located {
  readonly item: Item;
  /** As it stands there. */
  readonly written: Item;
  /** The calls of functions written here that lead to it, and give it what it works on; outermost first. */
  readonly calls: readonly Item[];
}

const located = new WeakMap<Item, Map<Item, Located>>();
const defaults = new WeakMap<Item, Item>();

/** In place of what a function written here is given stands what it is called with. */
export function locate(run: Run, item: Item): Located {
  let found: Located = { item, written: item, calls: [] };
  for (const { node, call } of run.frames.toReversed()) {
    if (call === undefined || !isFunctionNode(node)) continue;
    const id = run.x.functionId(node);
    if (mentions(found.item, id)) found = passedBy(run.x, call, id, found);
  }
  return found;
}

/** Where the caller may leave out what is called, it is what the parameter says. */
export function byDefault(x: Extraction, { item, calls }: Located): Located | undefined {
  if (item.callee.kind !== "parameter") return undefined;
  const callee = calleeFrom(x, defaultOf(x, item.callee), item);
  if (callee === undefined || callee.kind === "parameter") return undefined;
  const otherwise = remembered(defaults, item, () => ({ ...item, callee }));
  return { item: otherwise, written: otherwise, calls };
}

type Parameter = Value & { readonly kind: "parameter" };

/** `(into = this.paid)`, `({ into = this.paid } = {})`, `({ into } = { into: this.paid })` */
function defaultOf(x: Extraction, value: Parameter): Value {
  const parameter = x.functionNode(value.of)?.parameters[value.index];
  if (parameter === undefined) return unknown;
  const [member] = value.path;
  const bound = ts.isObjectBindingPattern(parameter.name)
    ? parameter.name.elements.find((each) => nameText(each.propertyName ?? each.name) === member)
    : undefined;
  const initial = bound?.initializer ?? parameter.initializer;
  if (initial === undefined) return unknown;
  const path = initial === bound?.initializer ? value.path.slice(1) : value.path;
  const given: Value[] = [];
  given[value.index] = x.evaluate(initial);
  return substitute(x, { ...value, path }, value.of, given);
}

function mentions({ callee, args }: Item, id: FunctionId): boolean {
  return [callee, ...args].some((each) => each.kind === "parameter" && each.of === id);
}

/** The same one each time, as what is done is told apart by it. */
function passedBy(x: Extraction, call: Item, id: FunctionId, { item, written, calls }: Located): Located {
  return remembered(
    remembered(located, item, () => new Map<Item, Located>()),
    call,
    () => {
      const callee = calleeFrom(x, substitute(x, item.callee, id, call.args), item) ?? item.callee;
      const args = item.args.map((each) => substitute(x, each, id, call.args));
      const handled = item.handled || call.handled;
      return { item: { ...item, callee, args, handled }, written, calls: [call, ...calls] };
    },
  );
}

function calleeFrom(x: Extraction, value: Value, { node }: Item): Item["callee"] | undefined {
  const callee = value.kind === "store" && isStoreCall(node) ? storeOperation(x, value, node) : value;
  const { kind } = callee ?? unknown;
  return kind === "operation" || kind === "function" || kind === "parameter" ? (callee as Item["callee"]) : undefined;
}
