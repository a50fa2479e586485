import { ts } from "ts-morph";
import { isOpen } from "../../extract/calls.js";
import type { Value } from "../../extract/values.js";
import type { Run } from "./run.js";
import { changed, derivation, type Flowing, flowingOf, unite, wholeOf } from "./sources.js";

/** Operations that are given a key, and where it stands before what is put there. */
const keyed: ReadonlyMap<string, number> = new Map([
  ...["put", "update", "set", "setnx", "setNX"].map((name) => [name, 0] as const),
  ...["hset", "hSet", "hsetnx", "hSetNX"].map((name) => [name, 1] as const),
]);
/** Operations that are given something new as a whole, with its id in it. */
const inserting = new Set([
  ...[
    "add",
    "append",
    "put",
    "set",
    "insert",
    "insertOne",
    "insertMany",
    "create",
    "createMany",
    "save",
    "upsert",
    "values",
  ],
  ...["index", "send", "publish"],
]);
/** What an insertion's data is wrapped in. */
const wrappers = new Set(["data", "document", "Item", "item", "values", "0"]);

const identities =
  /^(?:_?id|key|uid|uuid|guid|.*(?:Id|ID|_id)|(?:order|invoice|ticket|account|customer|receipt|booking|reference)Number)$/;

/** What an operation is given, with what becomes a key or an id marked as such. */
export function identifying(operation: string, args: readonly Flowing[]): readonly Flowing[] {
  const key = keyed.get(operation);
  return args.map((each, index) => {
    if (index === key && index < args.length - 1) return identified(each);
    if (!inserting.has(operation)) return each;
    return operation === "add" && each.members === undefined ? identified(each) : withIdentity(each, 0);
  });
}

function identified(flowing: Flowing): Flowing {
  const sources = [...wholeOf(flowing).values()];
  // What is known of a condition in it stays known: a test is no part of the id.
  return flowingOf(...sources.map((each) => changed(each, { derivation: each.derivation | derivation.identity })));
}

function withIdentity(flowing: Flowing, depth: number): Flowing {
  const { sources, members } = flowing;
  if (members === undefined || depth > 2) return flowing;
  const marked = [...members].map(([name, value]): readonly [string, Flowing] => {
    if (identities.test(name)) return [name, identified(value)];
    return [name, wrappers.has(name) ? withIdentity(value, depth + 1) : value];
  });
  return { sources, members: new Map(marked) };
}

/** `open(Order, id)`, `session.open(Order, id)` */
export function isOpening(node: ts.CallExpression | ts.NewExpression, callee: Value): node is ts.CallExpression {
  return ts.isCallExpression(node) && callee.kind === "runtime" && isOpen(callee.name) && node.arguments.length === 2;
}

/** The object depends on what chose it. That it is opened is told too: a new identity is made by nothing else. */
export function openObject(run: Run, node: ts.CallExpression, receiver: Flowing, args: readonly Flowing[]): Flowing {
  const [type, id] = args;
  if (id === undefined || run.state === undefined) return unite(receiver, ...args);
  const values = wholeOf(identified(id));
  const object = run.x.evaluate(node);
  if (values.size > 0 && object.kind === "instance") {
    const item = {
      node,
      callee: { kind: "operation" as const, cell: object, name: "open" },
      args: [],
      handled: false,
      inline: false,
    };
    run.record({
      target: item.callee,
      node,
      cap: undefined,
      handled: false,
      args: [],
      path: [item],
      values,
      guards: [],
      passed: [],
      validated: new Set(),
    });
  }
  return unite(receiver, type ?? id, id);
}
