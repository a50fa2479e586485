import type { Finding } from "../documents/finding.js";

/** `// faultline-disable-next-line <rule> -- reason`, `/* faultline-disable <rule> -- reason` in a block comment; either comment form does for either. */
const comment = /(?:\/\/|\/\*)[ \t]*faultline-disable(-next-line)?\b[ \t]*([^\n]*)/g;

interface Suppression {
  /** Empty for all rules. */
  readonly rules: readonly string[];
  readonly fromLine: number;
  readonly toLine: number;
}

/** Whether a comment in the file silences a finding. `faultline-disable` holds from its line to the end of the file. */
export function suppressionsOf(text: string): (finding: Finding) => boolean {
  if (!text.includes("faultline-disable")) return () => false;
  const found = [...text.matchAll(comment)].map(read(text));
  return ({ rule, range }) =>
    found.some(({ rules, fromLine, toLine }) => {
      const { line } = range.start;
      return line >= fromLine && line <= toLine && (rules.length === 0 || rules.includes(rule));
    });
}

const read =
  (text: string) =>
  (match: RegExpMatchArray): Suppression => {
    const [ids = ""] = (match[2] ?? "").replace(/\*\/.*$/, "").split("--");
    const rules = ids.split(/[\s,]+/).filter((id) => id !== "");
    const line = text.slice(0, match.index).split("\n").length;
    return match[1] === undefined
      ? { rules, fromLine: line, toLine: Number.POSITIVE_INFINITY }
      : { rules, fromLine: line + 1, toLine: line + 1 };
  };
