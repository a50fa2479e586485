import { ts } from "ts-morph";

const { TypeFlags } = ts;
const mostTexts = 12;
const samples = { string: ["a", "b"], number: ["1", "2"], bigint: ["1", "2"] } as const;

/** Some texts of a type such as `user-${string}` or `Uppercase<string>`; none where it is not so simple. */
export function templateTexts(type: ts.Type): readonly string[] {
  if (type.flags & TypeFlags.StringLiteral || type.flags & TypeFlags.NumberLiteral)
    return [String((type as ts.LiteralType).value)];
  if (type.flags & TypeFlags.TemplateLiteral) return ofTemplate(type as ts.TemplateLiteralType);
  if (type.flags & TypeFlags.StringMapping) return ofMapping(type as ts.StringMappingType);
  if (type.flags & TypeFlags.String) return samples.string;
  if (type.flags & TypeFlags.Number) return samples.number;
  if (type.flags & TypeFlags.BigInt) return samples.bigint;
  if (type.isUnion()) return type.types.flatMap(templateTexts).slice(0, mostTexts);
  return [];
}

function ofTemplate({ texts, types }: ts.TemplateLiteralType): readonly string[] {
  let found: readonly string[] = [texts[0] ?? ""];
  for (const [index, type] of types.entries()) {
    const middle = templateTexts(type);
    found = found.flatMap((start) => middle.map((each) => start + each + (texts[index + 1] ?? ""))).slice(0, mostTexts);
  }
  return found;
}

function ofMapping({ symbol, type }: ts.StringMappingType): readonly string[] {
  const change = mappings[symbol.name];
  return change === undefined ? [] : templateTexts(type).map(change);
}

const mappings: Readonly<Record<string, (text: string) => string>> = {
  Uppercase: (text) => text.toUpperCase(),
  Lowercase: (text) => text.toLowerCase(),
  Capitalize: (text) => text.charAt(0).toUpperCase() + text.slice(1),
  Uncapitalize: (text) => text.charAt(0).toLowerCase() + text.slice(1),
};
