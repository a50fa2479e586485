import { relative, sep } from "node:path";
import type { SyntaxProblem } from "../../analysis/analysis.js";
import type { Finding } from "../../documents/finding.js";

/** What an analysis found: plain data, so that it can be kept. Paths are absolute, findings sorted by place. */
export interface Results {
  /** How many files were looked at. */
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly syntaxErrors: readonly SyntaxProblem[];
  readonly notes: readonly string[];
}

export function sorted(findings: Iterable<Finding>): readonly Finding[] {
  return [...findings].sort((a, b) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1;
    const [x, y] = [a.range.start, b.range.start];
    return x.line - y.line || x.column - y.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
  });
}

export function byFile<T extends { readonly file: string }>(problems: readonly T[]): readonly T[] {
  return [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** Relative to the working directory, with slashes on every system. */
export function nameIn(root: string, file: string): string {
  return relative(root, file).split(sep).join("/");
}

/** `1 finding`, `2 findings`. */
export function counted(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
