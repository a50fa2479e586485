import type { ts } from "ts-morph";
import type { Fix, Position } from "../../documents/finding.js";
import type { Suppression } from "../suppressions.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** Takes rules out of a suppression, or the whole comment where none are named. */
export function removeSuppression(
  view: View,
  suppression: Suppression,
  rules: readonly string[] | undefined,
  kind: Fix["kind"],
): Fix | undefined {
  if (rules !== undefined) {
    const kept = suppression.rules.filter((id) => !rules.includes(id));
    const title = `Remove ${rules.map((id) => `\`${id}\``).join(", ")} from the suppression`;
    return writeRules(view, suppression, kept, title, kind);
  }
  const tree = view.sources.x.documents.tree(suppression.site.file);
  if (tree === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  const { start, end } = withBlanks(
    tree.text,
    offsetOf(tree, suppression.site.range.start),
    offsetOf(tree, suppression.site.range.end),
  );
  edits.splice(tree, start, end, "");
  return edits.toFix("Remove the suppression", kind);
}

/** Puts the rule that was meant in the place of one that does not exist. */
export function renameInSuppression(view: View, suppression: Suppression, from: string, to: string): Fix | undefined {
  const rules = suppression.rules.map((id) => (id === from ? to : id));
  return writeRules(view, suppression, [...new Set(rules)], `Suppress \`${to}\` instead`, "suggested");
}

/** Puts the word that was meant in the place of one that does not exist, and the comment above what it stands behind. */
export function disableNextLine(view: View, { site, directive }: Suppression): Fix | undefined {
  const tree = view.sources.x.documents.tree(site.file);
  if (tree === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  const [start, end] = [offsetOf(tree, site.range.start), offsetOf(tree, site.range.end)];
  const word = tree.text.indexOf(directive, start);
  const line = tree.text.slice(offsetOf(tree, { line: site.range.start.line, column: 1 }), start);
  if (line.trim() === "") edits.splice(tree, word, word + directive.length, "faultline-disable-next-line");
  else {
    const indent = /^[\t ]*/.exec(line)?.[0] ?? "";
    const comment = `${tree.text.slice(start, word)}faultline-disable-next-line${tree.text.slice(word + directive.length, end)}`;
    const { start: from, end: to } = withBlanks(tree.text, start, end);
    edits.splice(tree, start - line.length, start - line.length, `${indent}${comment}\n`);
    edits.splice(tree, from, to, "");
  }
  return edits.toFix("Write `faultline-disable-next-line`", "suggested");
}

function writeRules(
  view: View,
  { site, directive, rules }: Suppression,
  next: readonly string[],
  title: string,
  kind: Fix["kind"],
): Fix | undefined {
  const tree = view.sources.x.documents.tree(site.file);
  const [first] = rules;
  const last = rules.at(-1);
  if (tree === undefined || first === undefined || last === undefined) return undefined;
  const from = tree.text.indexOf(directive, offsetOf(tree, site.range.start)) + directive.length;
  const start = tree.text.indexOf(first, from);
  // One after the other, as one id may be a part of another.
  const end = rules.reduce((at, id) => tree.text.indexOf(id, at) + id.length, from);
  const edits = new Edits(view.sources.x);
  edits.splice(tree, start, end, next.join(", "));
  return edits.toFix(title, kind);
}

/** The whole line where nothing else stands on it, else the comment with the blanks that kept it apart. */
function withBlanks(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const before = /[\t ]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const after = /^[\t ]*/.exec(text.slice(end))?.[0].length ?? 0;
  const isFirst = start - before === 0 || text[start - before - 1] === "\n";
  const lineEnd = /^\r?\n|^$/.exec(text.slice(end + after))?.[0].length;
  if (isFirst && lineEnd !== undefined) return { start: start - before, end: end + after + lineEnd };
  return lineEnd === undefined ? { start, end: end + after } : { start: start - before, end };
}

function offsetOf(tree: ts.SourceFile, { line, column }: Position): number {
  return tree.getPositionOfLineAndCharacter(line - 1, column - 1);
}
