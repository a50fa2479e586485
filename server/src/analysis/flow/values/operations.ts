import type { ts } from "ts-morph";
import { givenTo } from "../../extract/call-nodes.js";
import type { Item } from "../../extract/functions.js";
import { accessOf } from "../../extract/operation-names.js";
import type { Value } from "../../extract/values.js";
import { identifying } from "./identity.js";
import { applyFunction } from "./instantiation.js";
import type { Located } from "./located.js";
import type { Run } from "./run.js";
import { type Flowing, flowingOf, nothing, originKey, sourceOf, unite, uniteSources, wholeOf } from "./sources.js";

type Target = Value & { readonly kind: "operation" | "parameter" };

/** An operation on a cell or a store, or something of that name done to what the caller passes. */
export function performOperation(run: Run, found: Located, receiver: Flowing, args: readonly Flowing[]): Flowing {
  const { item } = found;
  const target = item.callee as Target;
  const name = target.kind === "operation" ? target.name : (target.path.at(-1) ?? "");
  const access = accessOf(name);
  const parts = [
    receiver,
    ...identifying(name, args),
    ...item.args.map((value, index) => written(run, item, value, index)),
  ];
  const origin = originOf(found, target);
  // Of a store only the view knows what a call of it does.
  const isStore = target.kind === "operation" && target.cell.kind === "store";
  if (access === "read" && !isStore)
    return {
      sources: uniteSources([flowingOf(sourceOf(origin)).sources, wholeOf(unite(...parts))]),
      members: undefined,
    };
  if (run.state === undefined) return nothing;
  const [expected] = args;
  const validated = name === "compareAndSet" && expected !== undefined ? [...wholeOf(expected).values()] : [];
  run.record({
    target,
    node: nodeOf(found),
    cap: undefined,
    handled: item.handled,
    args: item.args,
    path: [...found.calls, item],
    values: wholeOf(unite(...parts)),
    guards: run.state.guards,
    passed: args,
    validated: new Set(validated.map((source) => originKey(source.origin))),
  });
  return access === "update" || isStore ? flowingOf(sourceOf(origin)) : nothing;
}

/** Where it is done, seen from the function that is looked at. */
function nodeOf({ item, calls }: Located): ts.Node {
  return (calls.find(({ inline }) => !inline) ?? item).node;
}

function originOf({ item, calls }: Located, target: Target) {
  const { args, handled } = item;
  return { kind: "operation", target, args, cap: undefined, handled, path: [...calls, item] } as const;
}

/** What `update(fn)` writes: `fn` is given the cell's own current value, which is no read of its own. */
function written(run: Run, item: Item, value: Value, index: number): Flowing {
  const argument = givenTo(item.node)[index];
  if (argument === undefined) return nothing;
  return applyFunction(run, value, [nothing], item, argument, {}) ?? nothing;
}

/** Calls what the caller passes. */
export function callPassed(run: Run, found: Located, args: readonly Flowing[]): Flowing {
  const { item } = found;
  const target = item.callee as Target;
  if (run.state === undefined) return nothing;
  run.record({
    target,
    node: nodeOf(found),
    cap: undefined,
    handled: item.handled,
    args: item.args,
    path: [...found.calls, item],
    values: wholeOf(unite(...args)),
    guards: run.state.guards,
    passed: args,
    validated: new Set(),
  });
  const given = item.args.map((value, index) => {
    const argument = givenTo(item.node)[index];
    return argument === undefined ? undefined : applyFunction(run, value, args, item, argument, { isOptional: true });
  });
  const origin = originOf(found, target);
  return unite(flowingOf(sourceOf(origin)), ...args, ...given.filter((each) => each !== undefined));
}
