import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { type FunctionNode, isFunctionNode, memberName, skipOuter } from "../extract/scopes.js";
import { resolveEntity } from "../extract/types.js";
import { unitsOf } from "../extract/units.js";
import type { View } from "./view.js";

/** An `evolve`: what a state is after one more event. */
export interface Fold {
  readonly role: "decider" | "projection";
  /** The variable or class that holds it. */
  readonly name: string;
  readonly node: FunctionNode;
  /** Where the file refers to it, if that is not the function itself. */
  readonly reference: ts.Node | undefined;
}

/** Every `evolve` that is given to `decider` or `projection`, or that an object or class of such a type has. */
export function foldsOf(view: View, tree: ts.SourceFile): readonly Fold[] {
  if (!/\bevolve\b/.test(tree.text) && !/\b(?:decider|projection)\b/i.test(tree.text)) return [];
  const found: Fold[] = [];
  const visit = (node: ts.Node): void => {
    const fold = foldOf(view.sources.x, node);
    if (fold !== undefined) found.push(fold);
    ts.forEachChild(node, visit);
  };
  for (const { node } of unitsOf(tree)) visit(node);
  for (const each of tree.statements) if (ts.isClassDeclaration(each)) found.push(...ofClass(view.sources.x, each));
  return found;
}

function foldOf(x: Extraction, node: ts.Node): Fold | undefined {
  if (ts.isCallExpression(node)) {
    const [definition] = node.arguments;
    const callee = definition === undefined ? undefined : x.evaluate(node.expression);
    const role = callee?.kind === "runtime" ? roleOf(callee.name) : undefined;
    return role === undefined || definition === undefined ? undefined : ofObject(x, role, definition);
  }
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) {
    const role = node.type && roleOfType(x, node.type);
    return role === undefined || node.initializer === undefined ? undefined : ofObject(x, role, node.initializer);
  }
  if (ts.isSatisfiesExpression(node) || ts.isAsExpression(node)) {
    const role = roleOfType(x, node.type);
    return role && ofObject(x, role, node.expression);
  }
  return ts.isClassExpression(node) ? ofClass(x, node)[0] : undefined;
}

function ofObject(x: Extraction, role: Fold["role"], given: ts.Expression): Fold | undefined {
  const value = x.evaluate(given);
  const evolve = value.kind === "object" ? value.members.get("evolve") : undefined;
  const node = evolve?.kind === "function" ? x.functionNode(evolve.id) : undefined;
  const object = skipOuter(given);
  const property = ts.isObjectLiteralExpression(object)
    ? object.properties.find((each) => memberName(each) === "evolve")
    : undefined;
  const reference = property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
  return node && { role, name: holderOf(given), node, reference: reference ?? property ?? object };
}

/** `class Shelf implements Decider<…>` */
function ofClass(x: Extraction, owner: ts.ClassLikeDeclaration): readonly Fold[] {
  const types = owner.heritageClauses?.flatMap((clause) => [...clause.types]) ?? [];
  const role = types
    .map(({ expression }) => (ts.isIdentifier(expression) ? roleOfName(x, expression) : undefined))
    .find((each) => each !== undefined);
  const member = role && owner.members.find((each) => memberName(each) === "evolve");
  const node = member !== undefined && ts.isPropertyDeclaration(member) ? member.initializer : member;
  if (role === undefined || node === undefined || !isFunctionNode(node)) return [];
  return [{ role, name: owner.name?.text ?? "the class", node, reference: undefined }];
}

function roleOfType(x: Extraction, node: ts.TypeNode): Fold["role"] | undefined {
  return ts.isTypeReferenceNode(node) ? roleOfName(x, node.typeName) : undefined;
}

function roleOfName(x: Extraction, name: ts.EntityName): Fold["role"] | undefined {
  const target = resolveEntity(x, name);
  return target?.kind === "runtime" ? roleOf(target.name.toLowerCase()) : undefined;
}

function roleOf(name: string): Fold["role"] | undefined {
  return name === "decider" || name === "projection" ? name : undefined;
}

/** The name under which an expression is kept. */
function holderOf(node: ts.Node): string {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isVariableDeclaration(at) || ts.isPropertyDeclaration(at) || ts.isPropertyAssignment(at))
      return at.name.getText();
    if (ts.isStatement(at)) break;
  }
  return "the decider";
}
