import { ts } from "ts-morph";
import { type Level, weakest } from "../../../../../runtime/src/levels.js";
import { chainOf, findMember } from "../../extract/classes.js";
import type { Extraction } from "../../extract/extraction.js";
import { fieldValue } from "../../extract/members.js";
import { resolveDeclaration } from "../../extract/names.js";
import { isFunctionNode, localsOf, memberName } from "../../extract/scopes.js";
import { hasModifier } from "../../extract/skeleton.js";
import type { ClassId, FunctionId, Value } from "../../extract/values.js";
import { remembered } from "../../remembered.js";
import { nameText, variableOf } from "./patterns.js";
import { changed, type Flowing, filterFlowing, isOpen, mapFlowing } from "./sources.js";
import type { Variable } from "./state.js";

/** Where one function leaves data for others: a field of objects, a static field, a variable of a module. */
export interface Place {
  /** Text by which it is told from others, and, for a field, the class as which its object is seen. */
  readonly key: string;
  /** The same for all classes as which the object may be seen. */
  readonly id: string;
  readonly name: string;
  /** The file that declares it. */
  readonly file: string;
  /** The class of a field, undefined for a variable. */
  readonly declaredIn: ClassId | undefined;
  readonly seenAs: ClassId | undefined;
}

/** What a function that is called with this level at most leaves for all. */
export function contentFrom(value: Flowing, cap: Level | undefined): Flowing {
  const known = filterFlowing(value, (source) => !isOpen(source));
  if (cap === undefined) return known;
  return mapFlowing(known, (source) => {
    const { origin } = source;
    if (origin.kind !== "operation") return source;
    return changed(source, { origin: { ...origin, cap: origin.cap === undefined ? cap : weakest(origin.cap, cap) } });
  });
}

/** Of the nodes that a value has passed: a field or a variable that it was put into, and no call that passed it on. */
export function isKeeping(node: ts.Node): boolean {
  return !ts.isCallExpression(node) && !ts.isNewExpression(node) && !ts.isTaggedTemplateExpression(node);
}

/** What an expression leads to besides what stands there: a place, or a function behind the name of a field. */
export type Reference =
  | { readonly kind: "place"; readonly place: Place; readonly variable: Variable | undefined }
  | { readonly kind: "accessor"; readonly get: FunctionId | undefined; readonly set: FunctionId | undefined };

export type References = ReadonlyMap<ts.Node, Reference>;

/** All places and accessors that are mentioned in a function, or in other code, and in the functions written in it. */
export function referencesIn(x: Extraction, root: ts.Node): References {
  const found = new Map<ts.Node, Reference>();
  const byName = new Map<ts.Node, Reference | undefined>();
  const names = namesAtTop(root.getSourceFile());
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isPropertyAccessExpression(node)) {
      const reference = memberReference(x, node);
      if (reference !== undefined) found.set(node, reference);
    } else if (ts.isIdentifier(node) && names.has(node.text) && isName(node)) {
      const declaration = variableOf(node);
      if (declaration !== undefined && names.get(node.text) === declaration) {
        if (!byName.has(declaration)) byName.set(declaration, variableReference(x, declaration));
        const reference = byName.get(declaration);
        if (reference !== undefined) found.set(node, reference);
      }
    } else if (ts.isBindingElement(node)) {
      const reference = boundReference(x, node);
      if (reference !== undefined) found.set(node, reference);
    } else if (ts.isPropertyDeclaration(node) || ts.isParameter(node)) {
      const place = declaredPlace(x, node);
      if (place !== undefined) found.set(node, { kind: "place", place, variable: `this.${place.name}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** `const { cached } = this` */
function boundReference(x: Extraction, node: ts.BindingElement): Reference | undefined {
  const { parent } = node.parent;
  const name = nameText(node.propertyName ?? node.name);
  const owner = ts.isVariableDeclaration(parent) ? parent.initializer : undefined;
  if (owner?.kind !== ts.SyntaxKind.ThisKeyword || name === undefined) return undefined;
  return fieldReference(x, x.evaluate(owner), name, true);
}

function fieldReference(x: Extraction, owner: Value, name: string, isOwn: boolean): Reference | undefined {
  if (owner.kind !== "instance" && owner.kind !== "class") return undefined;
  const side = owner.kind === "class" ? "static" : "instance";
  const found = findMember(x, owner.of, name, side);
  const set = setterOf(x, owner.of, name, side);
  if (found === undefined) return set === undefined ? undefined : { kind: "accessor", get: undefined, set };
  const { node, declaredIn } = found;
  if (ts.isGetAccessorDeclaration(node)) return { kind: "accessor", get: x.functionId(node), set };
  if (!isPlainField(x, node)) return undefined;
  const place = placeOfField(name, declaredIn, owner.of, side === "static");
  return { kind: "place", place, variable: isOwn ? `this.${name}` : undefined };
}

function memberReference(x: Extraction, node: ts.PropertyAccessExpression): Reference | undefined {
  const { parent, expression, name } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) return undefined;
  const isOwn = expression.kind === ts.SyntaxKind.ThisKeyword || expression.kind === ts.SyntaxKind.SuperKeyword;
  if (!isOwn && !ts.isIdentifier(expression) && !ts.isPropertyAccessExpression(expression)) return undefined;
  return fieldReference(x, x.evaluate(expression), name.text, isOwn);
}

function placeOfField(name: string, declaredIn: ClassId, seenAs: ClassId, isStatic: boolean): Place {
  const id = `${declaredIn}${isStatic ? "::" : "."}${name}`;
  const file = fileOf(declaredIn);
  return { key: `place ${id} ${seenAs}`, id, name, file, declaredIn, seenAs };
}

function fileOf(id: ClassId): string {
  return id.slice(0, id.indexOf("#", id.lastIndexOf("/")));
}

/** A member that holds data, and no cell, store or function. */
function isPlainField(x: Extraction, node: ts.Node): boolean {
  if (ts.isParameter(node)) return isData(x.store(node) ?? x.declared(node));
  if (!ts.isPropertyDeclaration(node) || (node.initializer !== undefined && isFunctionNode(node.initializer)))
    return false;
  return x.store(node) === undefined && isData(fieldValue(x, node));
}

function isData({ kind }: Value): boolean {
  return kind !== "handle" && kind !== "cell" && kind !== "store" && kind !== "function" && kind !== "class";
}

/** The field that a declaration declares, where it stands. */
function declaredPlace(x: Extraction, node: ts.PropertyDeclaration | ts.ParameterDeclaration): Place | undefined {
  const owner = ts.isParameter(node) ? node.parent.parent : node.parent;
  const name = memberName(node);
  if (name === undefined || !ts.isClassLike(owner)) return undefined;
  if (ts.isParameter(node) && !ts.isParameterPropertyDeclaration(node, node.parent)) return undefined;
  if (!isPlainField(x, node)) return undefined;
  const id = x.classId(owner);
  return placeOfField(name, id, id, hasModifier(node, ts.SyntaxKind.StaticKeyword));
}

function setterOf(x: Extraction, id: ClassId, name: string, side: "instance" | "static"): FunctionId | undefined {
  for (const { node } of chainOf(x, id)) {
    const setter = node.members.find(
      (each): each is ts.SetAccessorDeclaration =>
        ts.isSetAccessorDeclaration(each) &&
        memberName(each) === name &&
        hasModifier(each, ts.SyntaxKind.StaticKeyword) === (side === "static"),
    );
    if (setter !== undefined) return x.functionId(setter);
  }
  return undefined;
}

type Names = ReadonlyMap<string, ts.Node>;

const topNames = new WeakMap<ts.SourceFile, Names>();

/** Variables at the top of a file that may hold data, and all that is imported. */
function namesAtTop(tree: ts.SourceFile): Names {
  return remembered(topNames, tree, () => {
    const mayHoldData = (node: ts.Node): boolean => {
      if (ts.isBindingElement(node)) return true;
      if (!ts.isVariableDeclaration(node)) return isImport(node);
      return node.initializer === undefined || !(isFunctionNode(node.initializer) || ts.isClassLike(node.initializer));
    };
    return new Map([...localsOf(tree)].filter(([, node]) => mayHoldData(node)));
  });
}

function isImport(node: ts.Node): boolean {
  return ts.isImportSpecifier(node) || ts.isImportClause(node);
}

function variableReference(x: Extraction, declaration: ts.Node): Reference | undefined {
  const target = isImport(declaration)
    ? resolveDeclaration(x, declaration as ts.ImportSpecifier | ts.ImportClause)
    : undefined;
  const node = target === undefined ? declaration : target.kind === "declaration" ? target.node : undefined;
  if (node === undefined || !(ts.isVariableDeclaration(node) || ts.isBindingElement(node))) return undefined;
  const name = nameText(node.name);
  if (name === undefined || localsOf(node.getSourceFile()).get(name) !== node || !isData(x.declared(node)))
    return undefined;
  const file = node.getSourceFile().fileName;
  const id = `${file}#${name}`;
  const place = { key: `place ${id}`, id, name, file, declaredIn: undefined, seenAs: undefined };
  return { kind: "place", place, variable: declaration };
}

/** No name of a member, and no key of a literal. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !(ts.isBindingElement(parent) && parent.propertyName === node) && !ts.isClassElement(parent);
}
