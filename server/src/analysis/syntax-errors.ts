import { ts } from "ts-morph";
import type { SyntaxProblem } from "./analysis.js";
import { rangeBetween } from "./sites.js";

/** The parser keeps what it stumbled over on the tree, though only programs are meant to ask for it. */
type ParsedTree = ts.SourceFile & { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] };

export function firstSyntaxError(tree: ts.SourceFile | undefined): SyntaxProblem | undefined {
  const first = (tree as ParsedTree | undefined)?.parseDiagnostics?.[0];
  if (tree === undefined || first === undefined) return undefined;
  return {
    file: tree.fileName,
    range: rangeBetween(tree, first.start, first.start + first.length),
    message: ts.flattenDiagnosticMessageText(first.messageText, " ").replace(/\.$/, ""),
  };
}

/** Whether the parser got through a node without guessing. What it guessed cannot be rearranged. */
export function isWhole(node: ts.Node): boolean {
  const problems = (node.getSourceFile() as ParsedTree).parseDiagnostics ?? [];
  return problems.every(({ start }) => start < node.pos || start > node.end);
}
