import stringWidth from "string-width";

/** Between words, where no space is held (U+00A0), but not between a number and its unit, nor after a sign that stands for what comes next. */
const breaks = /(?<=[^\S\u00a0])(?!(?<=\d )(?:s|ms|%)(?:\W|$))(?<!(?:^|\s)[?✗…①-⑳]\s)(?=\S)/;

/** Lines of at most `width` columns, broken between words; a longer word stands alone. Runs of spaces are kept. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(breaks)) {
      if (line !== "" && stringWidth((line + word).trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += word;
    }
    return [...lines, line.trimEnd()];
  });
}
