import stringWidth from "string-width";

/** Lines of at most `width` columns, broken between words; a longer word stands alone. Runs of spaces are kept. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(/(?<=\s)(?=\S)/)) {
      if (line !== "" && stringWidth((line + word).trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += word;
    }
    return [...lines, line.trimEnd()];
  });
}
