import { ts } from "ts-morph";
import { decoratorsOf } from "../extract/annotations.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";

/** The caret, or what is selected, in one file. */
export interface Spot {
  readonly view: View;
  readonly tree: ts.SourceFile;
  readonly start: number;
  readonly end: number;
}

/** The field that the caret stands in, decorators and initial value included. */
export function fieldAt(spot: Spot): ts.PropertyDeclaration | undefined {
  const member = memberAt(spot);
  return member !== undefined && ts.isPropertyDeclaration(member) ? member : undefined;
}

/** The method whose head the caret stands in: from its decorators to where its body begins. */
export function methodAt(spot: Spot): (ts.MethodDeclaration & { readonly body: ts.Block }) | undefined {
  const member = memberAt(spot);
  if (member === undefined || !ts.isMethodDeclaration(member) || member.body === undefined) return undefined;
  return spot.end <= member.body.getStart(spot.tree) + 1 ? (member as ReturnType<typeof methodAt>) : undefined;
}

/** The class whose head the caret stands in: from its decorators to where its members begin. */
export function classAt(spot: Spot): ts.ClassDeclaration | undefined {
  const owner = ancestorAt(spot, ts.isClassDeclaration);
  return owner !== undefined && spot.end <= owner.members.pos && isWhole(owner) ? owner : undefined;
}

function memberAt(spot: Spot): ts.ClassElement | undefined {
  const member = ancestorAt(spot, ts.isClassElement);
  return member !== undefined && isWhole(member.parent) ? member : undefined;
}

/** The innermost node of a sort that what is selected lies in. */
export function ancestorAt<T extends ts.Node>(spot: Spot, is: (node: ts.Node) => node is T): T | undefined {
  for (let node: ts.Node | undefined = nodeAt(spot); node !== undefined; node = node.parent) if (is(node)) return node;
  return undefined;
}

/** The innermost node that what is selected lies in; comments before it do not belong to it. */
export function nodeAt({ tree, start, end }: Spot): ts.Node {
  let node: ts.Node = tree;
  for (;;) {
    // A caret between two nodes belongs to the one that it stands before.
    const inner: ts.Node | undefined = childrenOf(node).findLast(
      (child) => child.getStart(tree) <= start && end <= child.getEnd(),
    );
    if (inner === undefined) return node;
    node = inner;
  }
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

/** Whether a class, member or parameter carries a decorator of the runtime. */
export function isAnnotated(view: View, node: ts.Node, ...names: readonly string[]): boolean {
  return decoratorsOf(view.sources.x, node).some(({ name }) => names.includes(name));
}
