import { ts } from "ts-morph";
import { isLevel } from "../../../../runtime/src/levels.js";
import { findMember } from "./classes.js";
import type { Extraction } from "./extraction.js";
import { resolveExport } from "./names.js";
import { operationNames } from "./operation-names.js";
import { memberName } from "./scopes.js";
import { awaited, type ClassId, isCalled, plain, unknown, type Value } from "./values.js";

const promiseMethods = new Set(["then", "catch", "finally"]);

/** `value.name` */
export function memberValue(x: Extraction, value: Value, name: string): Value {
  switch (value.kind) {
    case "instance":
      return (
        instanceMember(x, value.of, name) ?? (promiseMethods.has(name) ? { kind: "builtin", of: value, name } : unknown)
      );
    case "class":
      return staticMember(x, value.of, name);
    case "cell":
      if (value.isStream === true) return operationNames.has(`stream.${name}`) ? streamOperation(value, name) : plain;
      return { kind: "operation", cell: value, name };
    case "handle":
      return { kind: "operation", cell: value, name };
    case "store":
      return isCalled(value) && promiseMethods.has(name)
        ? { kind: "builtin", of: awaited(value), name }
        : { ...value, chain: [...value.chain, name] };
    case "parameter":
      return { ...value, path: [...value.path, name] };
    case "runtime":
      return { kind: "runtime", name: value.name === "*" ? name : `${value.name}.${name}` };
    case "global":
      return { kind: "global", name: `${value.name}.${name}` };
    case "module":
      return x.target(resolveExport(x, value.file, name), name);
    case "object":
      return value.members.get(name) ?? (promiseMethods.has(name) ? { kind: "builtin", of: value, name } : plain);
    case "type":
      return typeMember(x, value.members, name);
    case "collection":
      return name === "length" || name === "size" ? plain : { kind: "builtin", of: value, name };
    case "function":
      return { kind: "builtin", of: value, name };
    case "result":
      return value.of === "session" ? { kind: "runtime", name: `session.${name}` } : plain;
    case "plain":
    case "literal":
    case "operation":
      return promiseMethods.has(name) ? { kind: "builtin", of: plain, name } : plain;
    case "builtin":
    case "unknown":
      return unknown;
  }
}

/** What a stream does, it does to its log. */
const streamOperation = ({ isStream, ...cell }: Value & { readonly kind: "cell" }, name: string): Value => ({
  kind: "operation",
  cell,
  name: `stream.${name}`,
});

function instanceMember(x: Extraction, id: ClassId, name: string): Value | undefined {
  const found = findMember(x, id, name, "instance");
  if (found === undefined) return undefined;
  const { node, declaredIn } = found;
  const store = x.store(node);
  if (store !== undefined) return store;
  if (ts.isMethodDeclaration(node)) return { kind: "function", id: x.functionId(node) };
  if (ts.isGetAccessorDeclaration(node)) return x.returned(node);
  if (ts.isParameter(node)) return node.type === undefined ? unknown : x.type(node.type);
  if (!ts.isPropertyDeclaration(node)) return unknown;
  const value = fieldValue(x, node);
  if (value.kind === "handle") return { kind: "cell", receiver: id, declaredIn, field: name };
  return value.kind === "cell" && value.isStream === true ? { ...value, receiver: id } : value;
}

function staticMember(x: Extraction, id: ClassId, name: string): Value {
  const found = findMember(x, id, name, "static");
  if (found === undefined) return unknown;
  const { node } = found;
  if (ts.isMethodDeclaration(node)) return { kind: "function", id: x.functionId(node) };
  if (ts.isGetAccessorDeclaration(node)) return x.returned(node);
  return ts.isPropertyDeclaration(node) ? fieldValue(x, node) : unknown;
}

/** What a field holds: its initializer, its type, or what the constructor assigns. */
export function fieldValue(x: Extraction, node: ts.PropertyDeclaration): Value {
  return x.remember(node, () => {
    if (node.initializer !== undefined) {
      const value = x.evaluate(node.initializer);
      const { kind } = value;
      if (kind === "handle" || kind === "store" || kind === "function" || node.type === undefined) return value;
    }
    const declared = node.type === undefined ? unknown : x.type(node.type);
    if (declared.kind !== "unknown" && declared.kind !== "plain") return declared;
    const assigned = assignedInConstructor(node);
    return assigned === undefined ? declared : x.evaluate(assigned);
  });
}

export function assignedInConstructor(node: ts.PropertyDeclaration): ts.Expression | undefined {
  if (!ts.isClassLike(node.parent)) return undefined;
  const name = memberName(node);
  const body = node.parent.members.find(
    (member): member is ts.ConstructorDeclaration => ts.isConstructorDeclaration(member) && member.body !== undefined,
  )?.body;
  for (const statement of body?.statements ?? []) {
    const assignment = ts.isExpressionStatement(statement) ? statement.expression : undefined;
    if (
      assignment === undefined ||
      !ts.isBinaryExpression(assignment) ||
      assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken
    )
      continue;
    const { left } = assignment;
    if (
      ts.isPropertyAccessExpression(left) &&
      left.expression.kind === ts.SyntaxKind.ThisKeyword &&
      left.name.text === name
    )
      return assignment.right;
  }
  return undefined;
}

function typeMember(x: Extraction, members: readonly ts.TypeElement[], name: string): Value {
  for (const member of members) {
    if (ts.isPropertySignature(member) && memberName(member) === name && member.type !== undefined)
      return x.type(member.type);
  }
  return unknown;
}

/** `cell.at("eventual")`: the same cell, whose reads ask for less. */
export function atLevel(value: Value, level: Value): Value {
  if (level.kind !== "literal" || !isLevel(level.value)) return unknown;
  if (value.kind === "parameter") return { ...value, path: [...value.path, `@${level.value}`] };
  return value.kind === "cell" ? { ...value, at: level.value } : unknown;
}
