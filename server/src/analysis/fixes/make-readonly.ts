import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { nodeOf } from "../sites.js";
import type { MutableEvent } from "../view/event-members.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** `readonly` before each member, and a read-only type for what it holds. */
export function makeReadonly(view: View, event: MutableEvent): Fix | undefined {
  const edits = new Edits(view.sources.x);
  for (const place of event.places) {
    const member = nodeOf(place)?.parent;
    if (
      member === undefined ||
      !(ts.isPropertySignature(member) || ts.isPropertyDeclaration(member) || ts.isParameter(member))
    )
      return undefined;
    if (!member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword))
      edits.insert(member.getSourceFile(), member.name.getStart(), "readonly ");
    if (member.type !== undefined) makeTypeReadonly(edits, member.type);
  }
  const [only, ...others] = event.members;
  const what = others.length === 0 ? `\`${only ?? event.type}\`` : `the members of \`${event.type}\``;
  return edits.toFix(`Make ${what} \`readonly\``, "suggested");
}

const readonlyTypes: ReadonlyMap<string, string> = new Map([
  ["Array", "ReadonlyArray"],
  ["Map", "ReadonlyMap"],
  ["Set", "ReadonlySet"],
]);

function makeTypeReadonly(edits: Edits, type: ts.TypeNode): void {
  if (ts.isUnionTypeNode(type)) for (const part of type.types) makeTypeReadonly(edits, part);
  const tree = type.getSourceFile();
  if (ts.isArrayTypeNode(type) || ts.isTupleTypeNode(type)) edits.insert(tree, type.getStart(), "readonly ");
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return;
  const name = readonlyTypes.get(type.typeName.text);
  if (name !== undefined) edits.replace(type.typeName, name);
  else if (type.typeName.text === "Record") edits.replace(type, `Readonly<${type.getText()}>`);
}
