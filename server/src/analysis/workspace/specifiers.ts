/** `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`, `require("x")`, in text that may be broken. */
const specifier = /\b(?:from|import|require)\b\s*\(?\s*(["'])([^"'\n]{1,300})\1/g;

/**
 * The module specifiers a file mentions, in source order and without repetition. A scan of the text and no parse, because
 * it runs over every file of a project; a match inside a comment or a string only costs a parse later.
 */
export function moduleSpecifiers(text: string): readonly string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(specifier)) if (match[2] !== undefined) found.add(match[2]);
  return [...found];
}

/** The same as one text. */
export function specifiersKey(text: string): string {
  return moduleSpecifiers(text).join("\0");
}
