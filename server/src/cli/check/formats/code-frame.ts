import type picocolors from "picocolors";
import stringWidth from "string-width";
import type { Range } from "../../../documents/finding.js";

interface FrameOptions {
  readonly colors: ReturnType<typeof picocolors.createColors>;
  /** How the marked stretch is painted. */
  readonly mark: (text: string) => string;
}

const linesAround = 2;

/** The lines around a range, with the range underlined. */
export function codeFrame(source: string, range: Range, { colors, mark }: FrameOptions): string {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, range.start.line - linesAround);
  const last = Math.min(lines.length, Math.min(range.end.line, range.start.line + 6) + linesAround);
  const gutter = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number++) {
    const line = lines[number - 1] ?? "";
    shown.push(`  ${colors.dim(`${String(number).padStart(gutter)} │`)} ${line.replaceAll("\t", "  ")}`.trimEnd());
    const stretch = markedStretch(line, number, range);
    if (stretch === undefined) continue;
    const [before, marked] = stretch.map((text) => stringWidth(text.replaceAll("\t", "  "))) as [number, number];
    shown.push(
      `  ${" ".repeat(gutter)} ${colors.dim("│")} ${" ".repeat(before)}${mark("^".repeat(Math.max(1, marked)))}`,
    );
  }
  return shown.join("\n");
}

/** Only the first line of a range is underlined: the rest of a long one would hide the code. */
function markedStretch(
  line: string,
  number: number,
  { start, end }: Range,
): readonly [before: string, marked: string] | undefined {
  if (number !== start.line) return undefined;
  const to = end.line === start.line ? end.column - 1 : line.length;
  return [line.slice(0, start.column - 1), line.slice(start.column - 1, to)];
}
