import type { Finding, Fix, Position, TextEdit } from "./finding.js";

/**
 * The safe fixes of findings that can be made at once, one a finding. Of two that overlap the first in the order of the
 * findings wins; the other is offered again once the text has been analysed anew. A fix is made whole or not at all,
 * in however many files.
 */
export function combineSafeFixes(findings: readonly Finding[]): readonly Fix[] {
  const chosen: Fix[] = [];
  const taken = new Map<string, TextEdit["range"][]>();
  for (const { fixes } of findings) {
    const fix = fixes.find(({ kind }) => kind === "safe");
    if (fix === undefined || fix.edits.some(({ file, range }) => taken.get(file)?.some((each) => meet(each, range))))
      continue;
    chosen.push(fix);
    for (const { file, range } of fix.edits) taken.set(file, [...(taken.get(file) ?? []), range]);
  }
  return chosen;
}

/** Ranges that only touch meet as well: two insertions at one place would stand in an order that nobody chose. */
function meet(a: TextEdit["range"], b: TextEdit["range"]): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}
