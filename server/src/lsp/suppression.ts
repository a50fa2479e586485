import type { Finding, TextEdit } from "../documents/finding.js";

/** A comment above the finding's line, indented as that line is. Its reason is for the user to say. */
export function suppression(finding: Finding, text: string): TextEdit {
  const { line } = finding.range.start;
  const lines = text.split(/\r\n|\r|\n/);
  const indentation = /^[\t ]*/.exec(lines[line - 1] ?? "")?.[0] ?? "";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const start = { line, column: 1 };
  return {
    file: finding.file,
    range: { start, end: start },
    text: `${indentation}// faultline-disable-next-line ${finding.rule} -- say why this is right here${lineEnd}`,
  };
}
