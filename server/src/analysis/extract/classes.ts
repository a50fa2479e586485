import { ts } from "ts-morph";
import { type Member, membersOf } from "./class-members.js";
import type { Extraction } from "./extraction.js";
import type { ClassId } from "./values.js";

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
