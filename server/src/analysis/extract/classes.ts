import { ts } from "ts-morph";
import { remembered } from "../remembered.js";
import { type Extraction, memberName } from "./extraction.js";
import { hasModifier } from "./skeleton.js";
import type { ClassId } from "./values.js";

export type Member = ts.ClassElement | ts.ParameterDeclaration;

interface ClassMembers {
  readonly instance: ReadonlyMap<string, Member>;
  readonly static: ReadonlyMap<string, Member>;
}

const members = new WeakMap<ts.ClassLikeDeclaration, ClassMembers>();

export function membersOf(node: ts.ClassLikeDeclaration): ClassMembers {
  return remembered(members, node, () => collect(node));
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

export function baseOf(x: Extraction, node: ts.ClassLikeDeclaration): ClassId | undefined {
  const clause = node.heritageClauses?.find((each) => each.token === ts.SyntaxKind.ExtendsKeyword);
  const expression = clause?.types[0]?.expression;
  if (expression === undefined) return undefined;
  const base = x.evaluate(expression);
  return base.kind === "class" ? base.of : undefined;
}

/** The class itself first, then its bases. */
export function chainOf(
  x: Extraction,
  id: ClassId,
): readonly { readonly id: ClassId; readonly node: ts.ClassLikeDeclaration }[] {
  const chain: { readonly id: ClassId; readonly node: ts.ClassLikeDeclaration }[] = [];
  for (let each: ClassId | undefined = id; each !== undefined; ) {
    const node: ts.ClassLikeDeclaration | undefined = x.classNode(each);
    const current: ClassId = each;
    if (node === undefined || chain.some((link) => link.id === current)) break;
    chain.push({ id: each, node });
    each = baseOf(x, node);
  }
  return chain;
}

export function findMember(
  x: Extraction,
  id: ClassId,
  name: string,
  side: "instance" | "static",
): { readonly declaredIn: ClassId; readonly node: Member } | undefined {
  for (const link of chainOf(x, id)) {
    const node = membersOf(link.node)[side].get(name);
    if (node !== undefined) return { declaredIn: link.id, node };
  }
  return undefined;
}
