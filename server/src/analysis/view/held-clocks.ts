import { ts } from "ts-morph";
import { givenTo } from "../extract/call-nodes.js";
import { findMember } from "../extract/classes.js";
import { fieldValue } from "../extract/members.js";
import { accessOf } from "../extract/operation-names.js";
import type { Value } from "../extract/values.js";
import type { Sources } from "./view.js";
import { isDate, isWallClock, memberTypes, memberValues } from "./wall-clocks.js";

type CellValue = Value & { readonly kind: "cell" };

/** What a cell holds has a time by the clock as this member: by its type, or because some write puts one there. */
export function holdsClock(
  sources: Sources,
  { declaredIn, field }: Pick<CellValue, "declaredIn" | "field">,
  member: string,
): boolean {
  const { x, usages } = sources;
  const node = findMember(x, declaredIn, field, "instance")?.node;
  const handle = node !== undefined && ts.isPropertyDeclaration(node) ? fieldValue(x, node) : undefined;
  if (handle?.kind !== "handle") return false;
  const declared = node !== undefined && ts.isPropertyDeclaration(node) && node.type !== undefined ? [node.type] : [];
  const types = [...(handle.call.typeArguments ?? []), ...declared];
  if (types.some((each) => isDateMember(sources, each, member))) return true;
  const writes = usages.ofCell(`${declaredIn}.${field}`).flatMap(({ item }) => {
    const isWrite = item.callee.kind === "operation" && accessOf(item.callee.name) !== "read";
    return isWrite ? [...givenTo(item.node)] : [];
  });
  return [...writes, ...handle.call.arguments].some((each) =>
    memberValues(sources, each, member).some((value) => isWallClock(sources, value)),
  );
}

/** `{ at: Date }` */
export function isDateMember({ x }: Sources, type: ts.TypeNode, member: string): boolean {
  return memberTypes(x, type, member).some((each) => isDate(x, each));
}
