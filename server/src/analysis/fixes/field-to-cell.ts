import { ts } from "ts-morph";
import { isAtLeast, type Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import { decoratorsOf, levelDecorator } from "../extract/annotations.js";
import { isAssignment, isStep } from "../extract/assignments.js";
import { chainOf } from "../extract/classes.js";
import { enclosingFunction } from "../extract/scopes.js";
import { hasModifier } from "../extract/skeleton.js";
import type { PlainField } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import { isAsync } from "../view/fates.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { decorators } from "./levels.js";

/** One place that names the field, and how. */
interface Place {
  readonly node: ts.PropertyAccessExpression;
  readonly use: "read" | "write" | "increment" | "decrement";
  /** What is replaced, and the operand where there is one. */
  readonly whole: ts.Node;
  readonly operand: ts.Expression | undefined;
}

/**
 * `counter()` for a number that is only counted up and down, else `register(…)`. Only for a private field with an initial
 * value, every use of which is a statement or a read in an async method: all others would change what callers get.
 */
export function fieldToCell(view: View, field: PlainField): Fix | undefined {
  const node = nodeOf(field.site)?.parent;
  if (node === undefined || !ts.isPropertyDeclaration(node) || !ts.isClassLike(node.parent)) return undefined;
  const isPrivate = hasModifier(node, ts.SyntaxKind.PrivateKeyword) || ts.isPrivateIdentifier(node.name);
  if (!isPrivate || node.initializer === undefined || (field.data !== "number" && field.data !== "value"))
    return undefined;
  const places = isWhole(node.parent) ? placesOf(node.parent, field.name) : undefined;
  if (places === undefined) return undefined;
  const counts = places.every(({ use }) => use !== "write") && ts.isNumericLiteral(node.initializer);
  if (!counts && places.some(({ use }) => use === "increment" || use === "decrement")) return undefined;
  const level = levelFor(view, node.parent, field, counts && !isDecidedBy(view, places));
  if (level === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  writeField(edits, node, node.initializer, counts ? "counter" : "register", level);
  for (const place of places) writePlace(edits, place);
  return edits.toFix(`Make \`${field.name}\` a \`${counts ? "counter()" : "register(…)"}\``, "suggested");
}

/** Undefined where one of them cannot be rewritten. */
function placesOf(owner: ts.ClassLikeDeclaration, name: string): readonly Place[] | undefined {
  const places: (Place | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === name) places.push(placeOf(node, name));
    else if (ts.isStringLiteralLike(node) && node.text === name) places.push(undefined);
    else if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === name) places.push(undefined);
    ts.forEachChild(node, visit);
  };
  owner.members.forEach(visit);
  const known = places.filter((each) => each !== undefined);
  return known.length === places.length ? known : undefined;
}

function placeOf(node: ts.PropertyAccessExpression, name: string): Place | undefined {
  const around = enclosingFunction(node);
  if (node.expression.kind !== ts.SyntaxKind.ThisKeyword || around === undefined || !isAsync(around)) return undefined;
  const { parent } = node;
  const isStatement = ts.isExpressionStatement(parent.parent);
  if (isStep(parent)) {
    const use = parent.operator === ts.SyntaxKind.PlusPlusToken ? "increment" : "decrement";
    return isStatement ? { node, use, whole: parent, operand: undefined } : undefined;
  }
  if (isAssignment(parent) && parent.left === node) {
    const use = assignments.get(parent.operatorToken.kind);
    if (use === undefined || !isStatement || mentions(parent.right, name)) return undefined;
    return { node, use, whole: parent, operand: parent.right };
  }
  return ts.isDeleteExpression(parent) || ts.isPropertyAssignment(parent.parent)
    ? undefined
    : { node, use: "read", whole: node, operand: undefined };
}

const assignments: ReadonlyMap<ts.SyntaxKind, Place["use"]> = new Map([
  [ts.SyntaxKind.EqualsToken, "write"],
  [ts.SyntaxKind.PlusEqualsToken, "increment"],
  [ts.SyntaxKind.MinusEqualsToken, "decrement"],
]);

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === name) return true;
  return ts.forEachChild(node, (child) => mentions(child, name) || undefined) ?? false;
}

/** Somebody reads the number, or it changes in a transaction with others: then its level matters. */
export function isDecidedBy(view: View, places: readonly Pick<Place, "node" | "use">[]): boolean {
  return places.some(({ node, use }) => {
    const around = enclosingFunction(node);
    return (
      use === "read" ||
      (around !== undefined && decoratorsOf(view.sources.x, around).some((each) => each.name === "Transaction"))
    );
  });
}

/** The level to write at the field; `class` where it takes its class's. Undefined where somebody has to choose. */
export function levelFor(
  view: View,
  owner: ts.ClassLikeDeclaration,
  { cells }: Pick<PlainField, "cells">,
  onlyCounts: boolean,
): Level | "class" | undefined {
  const { x } = view.sources;
  const ofClass = chainOf(x, x.classId(owner))
    .map((link) => levelDecorator(x, link.node)?.level)
    .find((level) => level !== undefined);
  if (onlyCounts) {
    const merges = ofClass !== undefined && isAtLeast(ofClass, "eventual") && !isAtLeast(ofClass, "sequential");
    return merges ? "class" : "eventual";
  }
  if (ofClass !== undefined) return "class";
  const level = cells[0]?.level;
  return cells.every((cell) => cell.level === level) ? level : undefined;
}

export function writeField(
  edits: Edits,
  node: ts.PropertyDeclaration,
  initializer: ts.Expression,
  type: "counter" | "register",
  level: Level | "class",
): void {
  const tree = node.getSourceFile();
  if (level !== "class") edits.insert(tree, node.getStart(tree), `@${edits.name(tree, decorators[level])}() `);
  const isReadonly = hasModifier(node, ts.SyntaxKind.ReadonlyKeyword);
  if (!isReadonly) edits.insert(tree, node.name.getStart(tree), "readonly ");
  const initial = initializer.getText(tree);
  const value = type === "counter" && initial === "0" ? "" : initial;
  const generic = type === "register" && node.type !== undefined ? `<${node.type.getText(tree)}>` : "";
  edits.splice(tree, node.name.getEnd(), initializer.getEnd(), ` = ${edits.name(tree, type)}${generic}(${value})`);
}

function writePlace(edits: Edits, { node, use, whole, operand }: Place): void {
  const tree = node.getSourceFile();
  const by = operand?.getText(tree) ?? "";
  const call = `${node.getText(tree)}.${use}(${by === "1" && use !== "write" ? "" : by})`;
  edits.replace(whole, use === "read" && bindsTightly(node) ? `(await ${call})` : `await ${call}`);
}

/** What stands round it would take hold of the promise before `await` does, or look as if it did. */
export function bindsTightly(node: ts.Expression): boolean {
  const { parent } = node;
  return (
    ((ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)) &&
      parent.expression === node) ||
    (ts.isBinaryExpression(parent) && !(parent.right === node && isAssignment(parent))) ||
    ts.isNonNullExpression(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isAsExpression(parent)
  );
}
