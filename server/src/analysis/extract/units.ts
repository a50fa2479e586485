import { ts } from "ts-morph";
import { remembered } from "../remembered.js";
import { isFunctionNode } from "./scopes.js";

/** A part of a file that an edit replaces as a whole, with all that runs code in it. */
export interface Unit {
  readonly node: ts.Node;
  /** Every function in it, nested ones too, and the unit itself when it runs code at load. */
  readonly runs: readonly ts.Node[];
  /** Classes declared in it: a top-level class's members are units of their own. */
  readonly classes: readonly ts.ClassLikeDeclaration[];
  /** Its text without the bodies that say nothing to other parts. */
  readonly shape: string;
}

const units = new WeakMap<ts.Node, Unit>();

export function unitsOf(tree: ts.SourceFile): readonly Unit[] {
  const found: Unit[] = [];
  for (const statement of tree.statements) {
    if (!ts.isClassDeclaration(statement)) found.push(unit(statement));
    else for (const member of statement.members) found.push(unit(member));
  }
  return found;
}

function unit(node: ts.Node): Unit {
  return remembered(units, node, () => build(node));
}

function build(node: ts.Node): Unit {
  const runs: ts.Node[] = [];
  const classes: ts.ClassLikeDeclaration[] = [];
  const visit = (child: ts.Node): void => {
    if (isFunctionNode(child)) runs.push(child);
    if (ts.isClassLike(child)) classes.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  if (!isFunctionNode(node)) runs.push(node);
  return { node, runs, classes, shape: shapeOf(node) };
}

/**
 * What other parts can see of a file. While it stays the same, an edit concerns only the unit it is in. A class
 * contributes its head; member order does not matter to anybody but costs nothing to keep.
 */
export function fileShape(tree: ts.SourceFile): string {
  const parts: string[] = [];
  for (const statement of tree.statements) {
    if (!ts.isClassDeclaration(statement)) parts.push(unit(statement).shape);
    else {
      const end = statement.members.pos;
      parts.push(
        tree.text.slice(statement.getStart(tree), end),
        ...statement.members.map((member) => unit(member).shape),
        "}",
      );
    }
  }
  return parts.join("\n");
}

function shapeOf(node: ts.Node): string {
  const body = opaqueBody(node);
  const text = node.getText();
  if (body === undefined) return text;
  const start = body.getStart() - node.getStart();
  return text.slice(0, start) + text.slice(start + body.getWidth());
}

/** A body that nobody outside looks into: the function returns nothing, or data as its type declares. */
function opaqueBody(node: ts.Node): ts.Node | undefined {
  if (!(ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) || node.body === undefined) return undefined;
  return (node.type !== undefined && isData(node.type)) || !returnsValue(node.body) ? node.body : undefined;
}

function isData(type: ts.TypeNode): boolean {
  if (ts.isTypeReferenceNode(type)) {
    return (
      ts.isIdentifier(type.typeName) && type.typeName.text === "Promise" && (type.typeArguments?.every(isData) ?? false)
    );
  }
  if (ts.isArrayTypeNode(type)) return isData(type.elementType);
  if (ts.isUnionTypeNode(type)) return type.types.every(isData);
  return (
    ts.isLiteralTypeNode(type) ||
    (ts.isToken(type) && type.kind !== ts.SyntaxKind.AnyKeyword && type.kind !== ts.SyntaxKind.UnknownKeyword)
  );
}

function returnsValue(node: ts.Node): boolean {
  if (ts.isReturnStatement(node)) return node.expression !== undefined;
  return ts.forEachChild(node, (child) => (isFunctionNode(child) ? false : returnsValue(child))) ?? false;
}
