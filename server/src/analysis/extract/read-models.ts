import { ts } from "ts-morph";
import { decoratorsOf } from "./annotations.js";
import { chainOf, findMember } from "./classes.js";
import type { Extraction } from "./extraction.js";
import { lookUp, memberName, skipOuter } from "./scopes.js";
import type { ClassId, Value } from "./values.js";

/** A class, a field or a parameter property that carries `@ReadModel()`. */
export function isMarked(x: Extraction, node: ts.Node): boolean {
  return decoratorsOf(x, node).some((each) => each.name === "ReadModel");
}

/** The class that is a read model as a whole, among this one and its bases. */
export function markedClass(x: Extraction, id: ClassId): ts.ClassLikeDeclaration | undefined {
  return chainOf(x, id).find(({ node }) => isMarked(x, node))?.node;
}

/** Where it is said that a cell or a labelled store is a read model: on its field, or on the class. */
export function markOf(x: Extraction, state: Value): ts.Node | undefined {
  if (state.kind === "store") {
    const holder = x.storeNode(state.id);
    return holder !== undefined && isMarked(x, holder) ? holder : undefined;
  }
  if (state.kind !== "cell") return undefined;
  const field = findMember(x, state.declaredIn, state.field, "instance")?.node;
  return field !== undefined && isMarked(x, field) ? field : markedClass(x, state.receiver);
}

/** The marked field from which a call is made, other than of a cell: `this.search` of `this.search.index("a").find(…)`. */
export function markedStore(x: Extraction, call: ts.CallExpression): ts.Node | undefined {
  let node: ts.Expression = skipOuter(call.expression);
  while (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)) {
    const field = ts.isPropertyAccessExpression(node) ? fieldOf(x, node.expression, node.name.text) : undefined;
    if (field !== undefined) return isMarked(x, field) ? field : undefined;
    node = skipOuter(node.expression);
  }
  return ts.isIdentifier(node) ? aliased(x, node) : undefined;
}

/** `const { search } = this` and `const search = this.search` */
function aliased(x: Extraction, node: ts.Identifier): ts.Node | undefined {
  const declaration = lookUp(node.text, node);
  let field: ts.Node | undefined;
  if (declaration !== undefined && ts.isBindingElement(declaration)) {
    const holder = declaration.parent.parent;
    const name = memberName({ name: declaration.propertyName ?? declaration.name } as unknown as ts.Node);
    if (ts.isVariableDeclaration(holder) && holder.initializer !== undefined && name !== undefined)
      field = fieldOf(x, holder.initializer, name);
  } else if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer) {
    const held = skipOuter(declaration.initializer);
    if (ts.isPropertyAccessExpression(held)) field = fieldOf(x, held.expression, held.name.text);
  }
  return field !== undefined && isMarked(x, field) ? field : undefined;
}

/** The declaration of a field or a parameter property that holds no cell. */
function fieldOf(x: Extraction, receiver: ts.Expression, name: string): ts.Node | undefined {
  const object = x.evaluate(receiver);
  const field = object.kind === "instance" ? findMember(x, object.of, name, "instance")?.node : undefined;
  if (field === undefined || !(ts.isPropertyDeclaration(field) || ts.isParameter(field))) return undefined;
  return x.member(object, name).kind === "cell" ? undefined : field;
}
