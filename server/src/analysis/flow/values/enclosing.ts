import { ts } from "ts-morph";
import { isFunctionNode } from "../../extract/scopes.js";

/** In top-level code functions are looked at one by one, unless they are written where they are used. */
export function isFunctionOnItsOwn(node: ts.Node, root: ts.Node): boolean {
  return isFunctionNode(node) && !ts.isCallExpression(node.parent) && enclosing(node, root) === root;
}

/** The function inside the root that a node belongs to, else the root. */
export function enclosing(node: ts.Node, root: ts.Node): ts.Node {
  for (let each = node.parent; each !== undefined && each !== root; each = each.parent)
    if (isFunctionNode(each)) return each;
  return root;
}
