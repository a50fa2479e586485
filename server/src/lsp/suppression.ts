import type { Finding, TextEdit } from "../documents/finding.js";

/** A comment above the finding's line, indented as that line is. Its reason is for the user to say. */
export function suppression(finding: Finding, text: string): TextEdit {
  const { line } = finding.range.start;
  const indentation = /^[\t ]*/.exec(linesOf(text)[line - 1] ?? "")?.[0] ?? "";
  const comment = `// faultline-disable-next-line ${finding.rule} -- say why this is right here`;
  return insertion(finding.file, line, `${indentation}${comment}${lineEndOf(text)}`);
}

/** A comment at the top of the file, below the line that says what runs it. */
export function fileSuppression(finding: Finding, text: string): TextEdit {
  const line = text.startsWith("#!") ? 2 : 1;
  const comment = `/* faultline-disable ${finding.rule} -- say why this is right in this file */`;
  return insertion(finding.file, line, `${comment}${lineEndOf(text)}`);
}

function insertion(file: string, line: number, text: string): TextEdit {
  const start = { line, column: 1 };
  return { file, range: { start, end: start }, text };
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
