import { ts } from "ts-morph";
import { membersOf } from "../extract/class-members.js";
import { chainOf } from "../extract/classes.js";
import { fieldValue } from "../extract/members.js";
import { isFunctionNode, memberName } from "../extract/scopes.js";
import { hasModifier } from "../extract/skeleton.js";
import type { ClassId } from "../extract/values.js";
import type { PlainField } from "../model.js";
import { siteOf } from "../sites.js";
import { cellsOf, isReplicated } from "./constructions.js";
import { type ChangeNode, changesIn, fillsOnDemand } from "./field-changes.js";
import { fieldData } from "./field-data.js";
import type { View } from "./view.js";

type FieldNode = ts.PropertyDeclaration | ts.ParameterPropertyDeclaration;

/** Fields of replicated classes that hold data, are no cells, and are changed by methods in this file. */
export function plainFieldsOf(view: View, classes: readonly ts.ClassLikeDeclaration[]): readonly PlainField[] {
  const { x } = view.sources;
  const replicated = classes.filter((each) => isReplicated(view, x.classId(each)));
  if (replicated.length === 0) return [];
  const changes = replicated.flatMap((each) => changesOfClass(view, each));
  return replicated.flatMap((each) => (changes.length === 0 ? [] : fieldsOf(view, each, changes)));
}

interface ClassChange extends ChangeNode {
  /** The class of the object that is changed. */
  readonly of: ClassId;
  readonly method: string;
}

function changesOfClass(view: View, owner: ts.ClassLikeDeclaration): readonly ClassChange[] {
  const { x } = view.sources;
  return owner.members.flatMap((member) => {
    if (ts.isConstructorDeclaration(member) || servesConstructor(view, owner, member)) return [];
    return changesIn(member).flatMap((change) => {
      const receiver = x.evaluate(change.receiver);
      return receiver.kind === "instance"
        ? [{ ...change, of: receiver.of, method: memberName(member) ?? "a method" }]
        : [];
    });
  });
}

/** A private method that only the constructor calls is part of it. */
function servesConstructor(view: View, owner: ts.ClassLikeDeclaration, member: ts.ClassElement): boolean {
  if (!ts.isMethodDeclaration(member) || !isPrivate(member)) return false;
  const callers = view.sources.usages.ofFunction(view.sources.x.functionId(member));
  return (
    callers.length > 0 &&
    callers.every(({ within: { node } }) => ts.isConstructorDeclaration(node) && node.parent === owner)
  );
}

function isPrivate(node: ts.ClassElement | ts.ParameterDeclaration): boolean {
  return (
    hasModifier(node, ts.SyntaxKind.PrivateKeyword) || (node.name !== undefined && ts.isPrivateIdentifier(node.name))
  );
}

function fieldsOf(view: View, owner: ts.ClassLikeDeclaration, changes: readonly ClassChange[]): readonly PlainField[] {
  const { x } = view.sources;
  const id = x.classId(owner);
  const found: PlainField[] = [];
  for (const [name, node] of membersOf(owner).instance) {
    if (!isField(node) || (ts.getDecorators(node as ts.PropertyDeclaration)?.length ?? 0) > 0) continue;
    const own = changes.filter(
      (change) => change.field === name && chainOf(x, change.of).some((link) => link.id === id),
    );
    if (own.length === 0 || isCell(view, node)) continue;
    const data = fieldData(x, node);
    if (data === undefined || (isPrivate(node) && own.every(fillsOnDemand))) continue;
    // A value of one kind or another is only known to be replaced.
    const counted = data === "value" || data === "number" ? own.filter((change) => change.assigns) : own;
    const cells = counted.length === 0 ? [] : cellsOf(view, id);
    if (cells.length === 0) continue;
    found.push({
      name,
      owner: owner.name?.text ?? "the class",
      site: siteOf(node.name),
      data,
      cells,
      changes: counted.map((change) => ({ method: change.method, site: siteOf(change.node) })),
    });
  }
  return found;
}

function isField(node: ts.Node): node is FieldNode {
  if (ts.isParameter(node)) return isFunctionNode(node.parent) && ts.isIdentifier(node.name);
  return ts.isPropertyDeclaration(node) && !hasModifier(node, ts.SyntaxKind.DeclareKeyword);
}

function isCell(view: View, node: FieldNode): boolean {
  return ts.isPropertyDeclaration(node) && fieldValue(view.sources.x, node).kind === "handle";
}
