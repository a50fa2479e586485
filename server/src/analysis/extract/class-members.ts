import { ts } from "ts-morph";
import { remembered } from "../remembered.js";
import { type FunctionNode, isFunctionNode, memberName } from "./scopes.js";
import { hasModifier } from "./skeleton.js";

export type Member = ts.ClassElement | ts.ParameterDeclaration;

interface ClassMembers {
  readonly instance: ReadonlyMap<string, Member>;
  readonly static: ReadonlyMap<string, Member>;
}

const members = new WeakMap<ts.ClassLikeDeclaration, ClassMembers>();

export function membersOf(node: ts.ClassLikeDeclaration): ClassMembers {
  return remembered(members, node, () => collect(node));
}

/** A method, or the function that a field holds. */
export function functionOf(member: ts.ClassElement): FunctionNode | undefined {
  if (isFunctionNode(member)) return member;
  if (!ts.isPropertyDeclaration(member) || member.initializer === undefined) return undefined;
  return isFunctionNode(member.initializer) ? member.initializer : undefined;
}

function collect(node: ts.ClassLikeDeclaration): ClassMembers {
  const found = { instance: new Map<string, Member>(), static: new Map<string, Member>() };
  for (const member of node.members) {
    if (ts.isConstructorDeclaration(member)) {
      for (const parameter of member.parameters) {
        if (ts.isParameterPropertyDeclaration(parameter, member) && ts.isIdentifier(parameter.name))
          found.instance.set(parameter.name.text, parameter);
      }
      continue;
    }
    const name = memberName(member);
    if (name === undefined || ts.isSetAccessorDeclaration(member)) continue;
    const side = hasModifier(member, ts.SyntaxKind.StaticKeyword) ? found.static : found.instance;
    const isSignature = ts.isMethodDeclaration(member) && member.body === undefined;
    if (!isSignature || !side.has(name)) side.set(name, member);
  }
  return found;
}
