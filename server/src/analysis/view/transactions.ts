import { ts } from "ts-morph";
import { decoratorsOf } from "../extract/annotations.js";
import { enclosingFunction, type FunctionNode } from "../extract/scopes.js";
import type { FlowFunction } from "../value-flows.js";
import type { View } from "./view.js";

/** Whether a function runs in a transaction: its own, one of a function around it, or those of all that call it. */
export function transactionAround(view: View, run: FunctionNode): FlowFunction["transaction"] {
  return ofFunction(view, run, new Set());
}

function ofFunction(view: View, run: FunctionNode, seen: Set<FunctionNode>): FlowFunction["transaction"] {
  for (let around: FunctionNode | undefined = run; around !== undefined; around = enclosingFunction(around)) {
    const member = ts.isPropertyDeclaration(around.parent) ? around.parent : around;
    if (decoratorsOf(view.sources.x, member).some(({ name }) => name === "Transaction")) return "always";
    if (seen.has(around)) return "always"; // Recursion adds nothing to what its other callers say.
    seen.add(around);
  }
  const outermost = outermostFunction(run);
  const callers = view.sources.usages.ofFunction(view.sources.x.functionId(outermost)).map(({ item }) => {
    const caller = enclosingFunction(item.node);
    return caller === undefined ? "never" : ofFunction(view, caller, new Set(seen));
  });
  if (callers.length === 0 || callers.every((each) => each === "never")) return "never";
  return callers.every((each) => each === "always") ? "always" : "sometimes";
}

function outermostFunction(run: FunctionNode): FunctionNode {
  const around = enclosingFunction(run);
  return around === undefined ? run : outermostFunction(around);
}
