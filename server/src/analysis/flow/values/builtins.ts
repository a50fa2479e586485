import { ts } from "ts-morph";
import type { Item } from "../../extract/functions.js";
import { isFunctionNode, skipOuter } from "../../extract/scopes.js";
import type { Value } from "../../extract/values.js";
import { ambientOf } from "../ambient.js";
import { guardsOf } from "./conditions.js";
import { applyFunction } from "./instantiation.js";
import { addTo } from "./patterns.js";
import type { Run, Running } from "./run.js";
import { derivation, derived, elementOf, type Flowing, flowingOf, nothing, sourceOf, unite } from "./sources.js";

interface BuiltinCall {
  readonly node: ts.CallExpression | ts.NewExpression;
  readonly callee: Value;
  readonly receiver: Flowing;
  readonly args: readonly Flowing[];
  readonly items: readonly Item[];
}

/** They run their callback once for each element. */
const perElement = new Set([
  ...["map", "flatMap", "forEach", "filter", "find", "findLast", "findIndex", "findLastIndex", "some", "every"],
  ...["sort", "toSorted", "reduce", "reduceRight"],
]);
export const mutators = new Set(["push", "unshift", "splice", "fill", "set", "add", "append", "copyWithin"]);
const onPromises = new Set(["then", "catch", "finally"]);
const extremes = new Set(["Math.max", "Math.min"]);

/** A call of nothing that is followed: its result depends on all that goes in. */
export function builtinCall(run: Run, call: BuiltinCall): Flowing {
  const { node, callee, receiver, args } = call;
  const name = methodName(node);
  if (callee.kind === "global" && /^Promise\.(?:all|resolve)$/.test(callee.name)) return args[0] ?? nothing;
  if (callee.kind === "global" && callee.name === "Promise.allSettled") return settled(args[0] ?? nothing);
  if (callee.kind === "global" && /^Promise\.(?:race|any)$/.test(callee.name)) return elementOf(args[0] ?? nothing);
  if (callee.kind === "global" && extremes.has(callee.name)) return derived(unite(...args), derivation.extreme);
  const ambient = ambientSource(run, node);
  const given = runCallbacks(run, call, name);
  if (ambient !== undefined) return ambient;
  if (onPromises.has(name)) return name === "then" ? (given ?? receiver) : unite(receiver, given ?? nothing);
  if (name === "forEach") return nothing;
  if (mutators.has(name) && ts.isPropertyAccessExpression(node.expression))
    addTo(run, node.expression.expression, unite(...args));
  const all = unite(receiver, ...args, given ?? nothing);
  if (name === "at" || name === "pop" || name === "findLast") return derived(all, derivation.extreme);
  if (name === "join" || name === "concat" || name === "padStart" || name === "toString") return all;
  if (name === "slice" && node.arguments?.length === 0) return receiver;
  return all;
}

/** Each is wrapped in an object that says what became of it. */
function settled({ sources, members }: Flowing): Flowing {
  return { sources, members: members && new Map([...members].map(([name, each]) => [name, unite(each)])) };
}

function methodName(node: ts.CallExpression | ts.NewExpression): string {
  return ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : "";
}

function ambientSource(run: Run, node: ts.CallExpression | ts.NewExpression): Flowing | undefined {
  const ambient = ambientOf(run.x, node);
  if (ambient?.kind !== "time" && ambient?.kind !== "randomness") return undefined;
  return flowingOf(sourceOf({ kind: "ambient", what: ambient.kind, node }));
}

/** Undefined when the call passes no function. */
function runCallbacks(run: Run, { node, receiver, args, items }: BuiltinCall, name: string): Flowing | undefined {
  let given: Flowing | undefined;
  for (const [index, argument] of (node.arguments ?? []).entries()) {
    const value = passedFunction(run, argument);
    if (value === undefined || run.state === undefined) continue;
    const isElement = perElement.has(name) || (name === "from" && index === 1);
    const source = name === "from" ? (args[0] ?? nothing) : receiver;
    const passed = onPromises.has(name) ? [receiver] : parametersOf(name, isElement, source, args);
    const how: Running = {
      isOptional: true,
      entering: isElement ? guardsOf(source, node, "present") : [],
    };
    const item = items.find(
      ({ callee }) => callee.kind === value.kind && JSON.stringify(callee) === JSON.stringify(value),
    );
    const result = applyFunction(run, value, passed, item, argument, how);
    if (result !== undefined) given = unite(given ?? nothing, result);
  }
  return given;
}

function passedFunction(run: Run, argument: ts.Expression): Value | undefined {
  if (ts.isSpreadElement(argument)) return undefined;
  const literal = skipOuter(argument);
  if (!isFunctionNode(literal) && !ts.isIdentifier(literal) && !ts.isPropertyAccessExpression(literal))
    return undefined;
  const value = run.x.evaluate(argument);
  return value.kind === "function" || value.kind === "parameter" ? value : undefined;
}

function parametersOf(name: string, isElement: boolean, source: Flowing, args: readonly Flowing[]): readonly Flowing[] {
  const element = elementOf(source);
  if (name === "reduce" || name === "reduceRight")
    return [unite(element, args[1] ?? nothing), element, nothing, source];
  if (name === "sort" || name === "toSorted") return [element, element];
  if (isElement) return [element, nothing, source];
  const all = unite(source, ...args);
  return [all, all, all];
}
