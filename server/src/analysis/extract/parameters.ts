import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import type { FunctionNode } from "./scopes.js";
import { opensScope, plain, scopeOf, type Value } from "./values.js";

const firstIsElement = new Set([
  "map",
  "forEach",
  "filter",
  "find",
  "findLast",
  "some",
  "every",
  "flatMap",
  "findIndex",
  "findLastIndex",
]);

/** What a callback's parameter gets from the call that the callback is passed to. Undefined where names do not tell. */
export function contextualParameter(
  x: Extraction,
  owner: FunctionNode,
  node: ts.ParameterDeclaration,
): Value | undefined {
  const index = owner.parameters.indexOf(node);
  const { parent } = owner;
  if (parent === undefined) return undefined;
  if (ts.isCallExpression(parent)) {
    const position = parent.arguments.findIndex((argument) => (argument as ts.Node) === owner);
    return position < 0 ? undefined : fromCall(x, parent, position, index);
  }
  // `scenario(name, { setup: async ({ open }) => … }, …)`
  if (
    ts.isPropertyAssignment(parent) &&
    ts.isObjectLiteralExpression(parent.parent) &&
    ts.isCallExpression(parent.parent.parent)
  ) {
    const callee = x.evaluate(parent.parent.parent.expression);
    if (callee.kind === "runtime" && callee.name === "scenario" && index === 0)
      return { kind: "runtime", name: "scenario context" };
  }
  return undefined;
}

function fromCall(x: Extraction, call: ts.CallExpression, position: number, index: number): Value | undefined {
  const callee = x.evaluate(call.expression);
  if (callee.kind === "runtime") {
    if (callee.name === "scenario" && index === 0) return { kind: "runtime", name: "scenario context" };
    if (callee.name === "scenario context.converged" && index === 0) return { kind: "runtime", name: "session" };
    return undefined;
  }
  if (callee.kind === "store") return index === 0 && opensScope(callee) ? scopeOf(callee) : plain;
  if (callee.kind === "operation") return plain; // `update` and the like hand out data.
  if (callee.kind !== "builtin") return undefined;
  if (callee.of.kind === "collection") {
    if (firstIsElement.has(callee.name)) return index === 0 ? callee.of.element : index === 1 ? plain : callee.of;
    if (callee.name === "from" && position === 1) return index === 0 ? callee.of.element : plain;
    if (callee.name === "reduce") {
      const initial = call.arguments[1];
      if (index === 0) return initial === undefined ? callee.of.element : x.evaluate(initial);
      return index === 1 ? callee.of.element : plain;
    }
    if (callee.name === "sort" || callee.name === "toSorted") return callee.of.element;
    return undefined;
  }
  return callee.name === "then" && index === 0 && position === 0 ? callee.of : plain;
}
