import type { Range } from "../documents/finding.js";

const identifier = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;

/**
 * The call expression at a position, as far as it stands on that line: `this.balance.update(…)`; the callee alone if the
 * call goes on over several lines; at least the word or character there. Lines and columns from 1, end exclusive.
 */
export function rangeAt(text: string | undefined, line: number, column: number): Range {
  const source = text?.split("\n")[line - 1] ?? "";
  const word = wordAt(source, column - 1);
  const start = receiverStart(source, word.start);
  const end = callEnd(source, word.end);
  return { start: { line, column: start + 1 }, end: { line, column: end + 1 } };
}

function wordAt(source: string, index: number): { readonly start: number; readonly end: number } {
  // A mapping may point at the dot, or at the parenthesis of a call.
  const from = source[index] === "." ? index + 1 : index;
  identifier.lastIndex = from;
  const match = identifier.exec(source);
  return match === null
    ? { start: index, end: Math.max(index + 1, 1) }
    : keywordsSkipped(source, from, from + match[0].length);
}

/** `await x.y()` and `new X()` may be mapped to their first word. */
function keywordsSkipped(source: string, start: number, end: number): { readonly start: number; readonly end: number } {
  if (!/^(await|new|return|yield)$/.test(source.slice(start, end))) return { start, end: chainEnd(source, end) };
  const next = end + (/^[\s(]*/.exec(source.slice(end))?.[0].length ?? 0);
  identifier.lastIndex = next;
  const match = identifier.exec(source);
  return match === null ? { start, end } : { start: next, end: chainEnd(source, next + match[0].length) };
}

/** `this` of `this.balance.update(…)`: the range goes on to the call. */
function chainEnd(source: string, end: number): number {
  return end + (/^(?:\??\.[\p{ID_Continue}$#]+)*/u.exec(source.slice(end))?.[0].length ?? 0);
}

function receiverStart(source: string, start: number): number {
  return start - (/(?:[\p{ID_Continue}$#]+\??\.)*$/u.exec(source.slice(0, start))?.[0].length ?? 0);
}

function callEnd(source: string, end: number): number {
  if (source[end] !== "(") return end;
  let depth = 0;
  for (let i = end; i < source.length; i++) {
    if (source[i] === "(") depth++;
    else if (source[i] === ")" && --depth === 0) return i + 1;
  }
  return end;
}
