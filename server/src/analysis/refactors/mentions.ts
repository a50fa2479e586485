import { ts } from "ts-morph";
import { findMember } from "../extract/classes.js";
import { memberName } from "../extract/scopes.js";
import { partsOf } from "../extract/skeleton.js";
import type { ClassId } from "../extract/values.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { isRedeclared } from "./subclasses.js";

/**
 * Every `object.name` in the analysed files that means this member, of the class itself or of one that extends it.
 * Undefined where it is reached in a way that cannot be rewritten: by destructuring, by a string, in broken code, or
 * where another class declares it anew.
 */
export function mentionsOf(view: View, member: ts.ClassElement): readonly ts.PropertyAccessExpression[] | undefined {
  const name = memberName(member);
  if (name === undefined || !ts.isClassLike(member.parent)) return undefined;
  const owner = view.sources.x.classId(member.parent);
  const isPrivate = ts.isPrivateIdentifier(member.name as ts.Node);
  if (!isPrivate && isRedeclared(view, member.parent, name)) return undefined;
  const files = isPrivate ? [member.getSourceFile().fileName] : view.sources.files();
  const found: ts.PropertyAccessExpression[] = [];
  for (const file of files) {
    const tree = view.sources.x.documents.tree(file);
    if (tree === undefined || !tree.text.includes(name)) continue;
    const inFile = mentionsIn(view, tree, owner, name);
    if (inFile === undefined) return undefined;
    found.push(...inFile);
  }
  return found;
}

function mentionsIn(
  view: View,
  tree: ts.SourceFile,
  owner: ClassId,
  name: string,
): readonly ts.PropertyAccessExpression[] | undefined {
  const found: ts.PropertyAccessExpression[] = [];
  let isKnown = true;
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === name) {
      if (isOf(view, node.expression, owner, name)) found.push(node);
    } else if (takesOtherwise(view, node, owner, name)) isKnown = false;
    ts.forEachChild(node, visit);
  };
  for (const { node } of partsOf(tree)) visit(node);
  return isKnown && found.every((node) => isWhole(node.parent)) ? found : undefined;
}

/** `object["name"]`, `const { name } = object`, `keyof` and `Pick` with its name. */
function takesOtherwise(view: View, node: ts.Node, owner: ClassId, name: string): boolean {
  if (ts.isElementAccessExpression(node)) {
    const argument = node.argumentExpression;
    return ts.isStringLiteralLike(argument) && argument.text === name && isOf(view, node.expression, owner, name);
  }
  if (ts.isLiteralTypeNode(node)) return ts.isStringLiteral(node.literal) && node.literal.text === name;
  if (!ts.isObjectBindingPattern(node)) return false;
  const isNamed = node.elements.some((each) => (each.propertyName ?? each.name).getText() === name);
  const { parent } = node;
  if (!isNamed || !(ts.isVariableDeclaration(parent) || ts.isParameter(parent))) return isNamed;
  if (parent.initializer !== undefined) return isOf(view, parent.initializer, owner, name);
  const type = parent.type && view.sources.x.type(parent.type);
  return (
    type === undefined || type.kind === "unknown" || (type.kind === "instance" && hasMember(view, type.of, owner, name))
  );
}

/** What names do not tell the type checker does; what it does not know either is somebody else's. */
function isOf(view: View, object: ts.Expression, owner: ClassId, name: string): boolean {
  const { x } = view.sources;
  const value = x.evaluate(object);
  const known = value.kind === "unknown" || value.kind === "parameter" ? x.types.valueOf(object, name) : value;
  return known.kind === "instance" && hasMember(view, known.of, owner, name);
}

function hasMember(view: View, of: ClassId, owner: ClassId, name: string): boolean {
  return findMember(view.sources.x, of, name, "instance")?.declaredIn === owner;
}
