import { ts } from "ts-morph";
import { remembered } from "../remembered.js";
import { type FunctionNode, isFunctionNode } from "./scopes.js";

/** A part of a file that an edit replaces as a whole, with all that runs code in it. */
export interface Unit {
  readonly node: ts.Node;
  /** Every function in it, nested ones too, and the unit itself when it runs code at load. */
  readonly runs: readonly ts.Node[];
  /** Classes declared in it: a top-level class's members are units of their own. */
  readonly classes: readonly ts.ClassLikeDeclaration[];
  /** Its text without the bodies of its functions. */
  readonly shape: string;
  /** The function, when others see through its body what it returns. */
  readonly inferred: FunctionNode | undefined;
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

/** Every class in a file. */
export function classesOf(tree: ts.SourceFile): readonly ts.ClassLikeDeclaration[] {
  return tree.statements
    .filter((statement) => ts.isClassDeclaration(statement))
    .concat(unitsOf(tree).flatMap((unit) => unit.classes) as ts.ClassDeclaration[]);
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
  const body = bodyOf(node);
  const isInferred = body !== undefined && !isOpaque(node as FunctionNode, body);
  return { node, runs, classes, shape: shapeOf(node, body), inferred: isInferred ? (node as FunctionNode) : undefined };
}

/**
 * What other parts can see of a file, bodies aside. While it stays the same, and what functions return does too, an edit
 * concerns only the unit it is in.
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

function shapeOf(node: ts.Node, body: ts.Node | undefined): string {
  const text = node.getText();
  if (body === undefined) return text;
  const start = body.getStart() - node.getStart();
  return text.slice(0, start) + text.slice(start + body.getWidth());
}

/** Constructors are read for the fields that they assign. */
function bodyOf(node: ts.Node): ts.Node | undefined {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) ? node.body : undefined;
}

/** Nobody outside looks into the body: the function returns nothing, or data as its type declares. */
function isOpaque(node: FunctionNode, body: ts.Node): boolean {
  return (node.type !== undefined && isData(node.type)) || !returnsValue(body);
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
