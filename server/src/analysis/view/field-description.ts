import { ts } from "ts-morph";

/** What the source says of a field beside its name. */
export interface FieldDescription {
  /** The name of the type of what it holds, or of the elements of that. */
  readonly type: string | undefined;
  /** Its doc comment. A remark after `//` may be about anything near it. */
  readonly comment: string | undefined;
}

/** By the syntax of the field alone, so that it costs nothing and cannot go stale. */
export function describeField(field: ts.PropertyDeclaration, handle: ts.CallExpression): FieldDescription {
  const declared =
    field.type !== undefined && ts.isTypeReferenceNode(field.type) ? field.type.typeArguments : undefined;
  const type = (declared ?? handle.typeArguments)?.at(-1);
  return { type: type && typeName(type), comment: docComment(field) };
}

const wrappers: ReadonlySet<string> = new Set(
  "Array ReadonlyArray Set ReadonlySet Map ReadonlyMap Record Readonly Partial Required NonNullable".split(" "),
);

function typeName(node: ts.TypeNode): string | undefined {
  if (ts.isArrayTypeNode(node)) return typeName(node.elementType);
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return typeName(node.type);
  if (ts.isUnionTypeNode(node)) {
    const names = node.types.flatMap((each) => typeName(each) ?? []);
    return names.length === 1 ? names[0] : undefined;
  }
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const name = ts.isIdentifier(node.typeName) ? node.typeName.text : node.typeName.right.text;
  const held = wrappers.has(name) ? node.typeArguments?.at(-1) : undefined;
  return held === undefined ? name : typeName(held);
}

function docComment(field: ts.PropertyDeclaration): string | undefined {
  const { text } = field.getSourceFile();
  return ts
    .getLeadingCommentRanges(text, field.pos)
    ?.map(({ pos, end }) => text.slice(pos, end))
    .findLast((each) => each.startsWith("/**"));
}
