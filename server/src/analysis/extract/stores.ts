import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { decoratorsOf, levelDecorator } from "./annotations.js";
import { membersOf } from "./class-members.js";
import { chainOf } from "./classes.js";
import type { Extraction } from "./extraction.js";
import { holdingOf, holdingOfExpression } from "./holdings.js";
import { fieldValue } from "./members.js";
import { lookUp, skipOuter } from "./scopes.js";
import type { ClassId, StoreId, Value } from "./values.js";

/** What `@faultline/runtime/label` exports: each labels a store with the level of its name. */
export const labels: ReadonlySet<string> = new Set(["none", "eventual", "causal", "sequential", "linearizable"]);

/** The store that a field or a parameter property holds: an object with methods that a level labels. */
export function storeOf(x: Extraction, member: ts.Node): Value | undefined {
  if (!ts.isPropertyDeclaration(member) && !ts.isParameter(member)) return undefined;
  if (ts.isParameter(member) && !ts.isParameterPropertyDeclaration(member, member.parent)) return undefined;
  if (levelDecorator(x, member) === undefined) return undefined;
  // The member itself is the key of what it holds without a label.
  const value = x.remember(member.name, () =>
    isStore(x, member) ? { kind: "store", id: x.storeId(member), chain: [] } : { kind: "plain" },
  );
  return value.kind === "store" ? value : undefined;
}

function isStore(x: Extraction, member: ts.PropertyDeclaration | ts.ParameterDeclaration): boolean {
  const { kind } = holdingOf(x, member);
  if (kind === "cell" || kind === "data") return false;
  const value = heldBy(x, member);
  if (value.kind === "instance") return !hasCells(x, value.of);
  return (kind === "store" || unknowns.has(value.kind)) && !isUndeclared(x, member);
}

/** Clients of other packages, and interfaces whose methods do not tell whether they are asynchronous. */
const unknowns: ReadonlySet<Value["kind"]> = new Set(["unknown", "plain", "type", "parameter"]);

function heldBy(x: Extraction, member: ts.PropertyDeclaration | ts.ParameterDeclaration): Value {
  if (ts.isPropertyDeclaration(member)) return fieldValue(x, member);
  return member.type === undefined ? { kind: "unknown" } : x.type(member.type);
}

/** Its cells are what has levels, and calls of its methods are followed to them. */
function hasCells(x: Extraction, id: ClassId): boolean {
  return chainOf(x, id).some(
    ({ node }) =>
      decoratorsOf(x, node).some(({ name }) => name === "Replicated") ||
      [...membersOf(node).instance.values()].some(
        (each) => ts.isPropertyDeclaration(each) && fieldValue(x, each).kind === "handle",
      ),
  );
}

/** Made by a call of nothing that is known, such as a `register` that was never imported. */
function isUndeclared(x: Extraction, member: ts.PropertyDeclaration | ts.ParameterDeclaration): boolean {
  if (member.type !== undefined || member.initializer === undefined) return false;
  const made = skipOuter(member.initializer);
  return ts.isCallExpression(made) && x.evaluate(made.expression).kind === "global";
}

/** `linearizable(drizzle(pool))` */
export function labelledStore(x: Extraction, call: ts.CallExpression, labelled: ts.Expression): Value {
  const { kind } = holdingOfExpression(x, labelled);
  if (kind === "cell" || kind === "data") return x.evaluate(labelled);
  return { kind: "store", id: x.storeId(call), chain: [] };
}

/** The level that a label gives a store, and where. */
export function labelOf(
  x: Extraction,
  id: StoreId,
): { readonly level: Level; readonly node: ts.Node; readonly labelled: ts.Node } | undefined {
  const node = x.storeNode(id);
  if (node === undefined) return undefined;
  const decorator = levelDecorator(x, node);
  if (decorator !== undefined) return { level: decorator.level, node: decorator.node, labelled: node };
  const call = labelCall(node);
  const callee = call && x.evaluate(call.expression);
  if (call === undefined || callee?.kind !== "runtime" || !labels.has(callee.name)) return undefined;
  return { level: callee.name as Level, node: call, labelled: node };
}

function labelCall(node: ts.Node): ts.CallExpression | undefined {
  if (ts.isCallExpression(node)) return node;
  const initializer = ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) ? node.initializer : undefined;
  const call = initializer && skipOuter(initializer);
  return call !== undefined && ts.isCallExpression(call) ? call : undefined;
}

/** The type or class of a client as written, and the package it is imported from. */
export interface StoreClient {
  readonly name: string | undefined;
  readonly from: string | undefined;
}

/** By the declared type, else by what is constructed or called: `new Redis(url)`, `drizzle(pool)`. */
export function clientOf(labelled: ts.Node): StoreClient {
  const declaration = labelled as ts.PropertyDeclaration | ts.VariableDeclaration;
  const made = ts.isCallExpression(labelled) ? labelled.arguments[0] : declaration.initializer;
  const name = (declaration.type && typeName(declaration.type)) ?? (made && madeName(made));
  if (name === undefined) return { name: undefined, from: undefined };
  const imported = lookUp(name.text, name);
  return { name: name.text, from: imported && specifierOf(imported) };
}

function typeName(type: ts.TypeNode): ts.Identifier | undefined {
  if (ts.isUnionTypeNode(type)) return type.types.map(typeName).find((each) => each !== undefined);
  if (!ts.isTypeReferenceNode(type)) return undefined;
  return ts.isIdentifier(type.typeName) ? type.typeName : type.typeName.right;
}

function madeName(node: ts.Expression): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return node;
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    // `linearizable(drizzle(pool))` is the variable's initializer where the label stands there.
    const inner = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    const isLabel = inner !== undefined && labelNames.test(node.expression.getText());
    return madeName(isLabel ? inner : node.expression);
  }
  return ts.isPropertyAccessExpression(node) ? madeName(node.expression) : undefined;
}

const labelNames = /(?:^|\.)(?:none|eventual|causal|sequential|linearizable)$/;

function specifierOf(node: ts.Node): string | undefined {
  let declaration = node;
  while (declaration !== undefined && !ts.isImportDeclaration(declaration) && !ts.isSourceFile(declaration))
    declaration = declaration.parent;
  if (declaration === undefined || !ts.isImportDeclaration(declaration)) return undefined;
  return ts.isStringLiteralLike(declaration.moduleSpecifier) ? declaration.moduleSpecifier.text : undefined;
}
