import type { Position, TextEdit } from "./finding.js";

/** The text with edits that do not overlap. All count lines and columns in the text before. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const offset = offsetsIn(text);
  // Sorting is stable: insertions of one fix at one place stay in their order.
  const ordered = edits
    .map(({ range, text: inserted }) => ({ start: offset(range.start), end: offset(range.end), inserted }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let from = 0;
  for (const { start, end, inserted } of ordered) {
    result += text.slice(from, start) + inserted;
    from = end;
  }
  return result + text.slice(from);
}

/** What stands in a range. */
export function textIn(text: string, range: TextEdit["range"]): string {
  const offset = offsetsIn(text);
  return text.slice(offset(range.start), offset(range.end));
}

/** Lines end where TypeScript says so: the specification of ECMAScript counts U+2028 and U+2029 as well. */
const lineEnd = /\r\n|[\n\r\u2028\u2029]/g;

function offsetsIn(text: string): (position: Position) => number {
  const starts = [0, ...Array.from(text.matchAll(lineEnd), (match) => match.index + match[0].length)];
  return ({ line, column }) => (starts[line - 1] ?? text.length) + column - 1;
}
