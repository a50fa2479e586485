import { ts } from "ts-morph";
import { type FunctionNode, isFunctionNode } from "../extract/scopes.js";
import { comparisonsIn, parameterOf, rootOf, stampOf } from "./comparisons.js";
import { consult } from "./consulted.js";
import type { View } from "./view.js";

/** A member of two parameters of a function is compared. */
export interface Compared {
  /** In the function: the comparison, or the call of the function that compares. */
  readonly node: ts.Node;
  readonly member: string;
  readonly left: number;
  readonly right: number;
  readonly leftIsLater: boolean | undefined;
}

/** The same member of two parameters, compared here or by what they are passed on to. */
export function comparedParameters(view: View, owner: FunctionNode, depth = 4): readonly Compared[] {
  if (depth === 0 || owner.body === undefined) return [];
  consult(view.sources, owner);
  return [...comparedHere(owner, owner.body), ...comparedBelow(view, owner, depth)];
}

function comparedHere(owner: FunctionNode, body: ts.Node): readonly Compared[] {
  return comparisonsIn(body).flatMap(({ node, left, right, leftIsLater }) => {
    const [a, b] = [stampOf(left), stampOf(right)];
    if (a === undefined || b === undefined || a.member !== b.member) return [];
    const [first, second] = [parameterOf(owner, a.root), parameterOf(owner, b.root)];
    if (first === undefined || second === undefined || first === second) return [];
    return [{ node, member: a.member, left: first, right: second, leftIsLater }];
  });
}

function comparedBelow(view: View, owner: FunctionNode, depth: number): readonly Compared[] {
  const { x, summaries } = view.sources;
  return summaries.factsOf(owner).items.flatMap((item) => {
    const { callee } = item;
    if (callee.kind !== "function" || !ts.isCallExpression(item.node)) return [];
    const target = x.functionNode(callee.id);
    const called = x.evaluate(item.node.expression);
    if (target === undefined || !isFunctionNode(target) || called.kind !== "function") return [];
    const passed = item.node.arguments.map((each) => {
      const root = rootOf(each);
      return root === undefined ? undefined : parameterOf(owner, root);
    });
    return comparedParameters(view, target, depth - 1).flatMap((each) => {
      const [left, right] = [passed[each.left], passed[each.right]];
      if (left === undefined || right === undefined || left === right) return [];
      return [{ ...each, node: item.node, left, right, leftIsLater: undefined }];
    });
  });
}
