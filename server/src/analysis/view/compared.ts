import { ts } from "ts-morph";
import { type FunctionNode, isFunctionNode, skipOuter } from "../extract/scopes.js";
import { remembered } from "../remembered.js";
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
  return [
    ...comparedHere(owner, owner.body),
    ...comparedAsElements(view, owner, owner.body, depth),
    ...comparedBelow(view, owner, depth),
  ];
}

/** `[a, b].sort(byTime)[0]` */
function comparedAsElements(view: View, owner: FunctionNode, body: ts.Node, depth: number): readonly Compared[] {
  return collectionCallsIn(body).flatMap((call) => {
    const { expression } = call;
    const array = ts.isPropertyAccessExpression(expression) ? skipOuter(expression.expression) : expression;
    if (!ts.isArrayLiteralExpression(array)) return [];
    const roots = array.elements.map(rootOf);
    const [left, right] = roots.flatMap((root) => (root === undefined ? [] : (parameterOf(owner, root) ?? [])));
    const callback = call.arguments[0];
    const value = callback && view.sources.x.evaluate(callback);
    const node = value?.kind === "function" ? view.sources.x.functionNode(value.id) : undefined;
    if (left === undefined || right === undefined || left === right || node === undefined) return [];
    return comparedParameters(view, node, depth - 1).map((each) => ({
      ...each,
      node: node === (callback as ts.Node) ? each.node : call,
      left,
      right,
      leftIsLater: undefined,
    }));
  });
}

const collectionCalls = new WeakMap<ts.Node, readonly ts.CallExpression[]>();

function collectionCallsIn(body: ts.Node): readonly ts.CallExpression[] {
  return remembered(collectionCalls, body, () => {
    const found: ts.CallExpression[] = [];
    const visit = (node: ts.Node): void => {
      const callee = ts.isCallExpression(node) ? node.expression : undefined;
      if (
        callee !== undefined &&
        ts.isPropertyAccessExpression(callee) &&
        /^(?:sort|toSorted|reduce)$/.test(callee.name.text)
      )
        found.push(node as ts.CallExpression);
      ts.forEachChild(node, visit);
    };
    visit(body);
    return found;
  });
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
