import picocolors from "picocolors";
import { wrap } from "./wrap.js";

/** A Markdown page as a terminal shows it: headings, code, lists and paragraphs, which is all that rule pages use. */
export function renderPage(
  markdown: string,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const colors = picocolors.createColors(color);
  const marked = (text: string): string =>
    text
      .replace(/\[([^\]]+)\]\([^)]+\)/g, "$1")
      .replace(/`([^`]+)`/g, (quoted, code: string) => (color ? colors.cyan(code) : quoted))
      .replace(/\*\*([^*]+)\*\*/g, (_, bold: string) => colors.bold(bold));
  const lines: string[] = [];
  let isCode = false;
  for (const line of markdown.trimEnd().split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    else if (isCode) lines.push(`    ${colors.dim(line)}`.trimEnd());
    else if (line.startsWith("#")) lines.push(colors.bold(marked(line.replace(/^#+ /, ""))));
    else if (line.startsWith("- "))
      lines.push(
        ...wrap(line.slice(2), Math.min(width, 100) - 4).map(
          (part, index) => `${index === 0 ? "  • " : "    "}${marked(part)}`,
        ),
      );
    else lines.push(...wrap(line, Math.min(width, 100)).map(marked));
  }
  return lines.join("\n");
}
