/** A marker below the code that it is about: `//^^^ error: what is wrong`. */
export interface Marker {
  readonly line: number;
  /** From 1, end exclusive; a range of several lines ends with its first one. */
  readonly column: number;
  readonly endColumn: number;
  readonly text: string;
}

const marker = /^(\s*)\/\/( *)(\^+) ?(.*)$/;

export function withoutMarkers(source: string): string {
  return source
    .split("\n")
    .filter((line) => !marker.test(line))
    .join("\n");
}

/** The markers of a source; several may follow one line. */
export function readMarkers(source: string): readonly Marker[] {
  const found: Marker[] = [];
  let code = 0;
  for (const [index, line] of source.split("\n").entries()) {
    const match = marker.exec(line);
    if (match === null) {
      code = index + 1;
      continue;
    }
    const column = (match[1] ?? "").length + 2 + (match[2] ?? "").length + 1;
    found.push({ line: code, column, endColumn: column + (match[3] ?? "").length, text: match[4] ?? "" });
  }
  return found;
}

/** The source with these markers in place of its own. Their lines count in the source as it stands, markers included. */
export function writeMarkers(source: string, markers: readonly Marker[]): string {
  const lines = source.split("\n");
  return lines
    .flatMap((line, index) => {
      if (marker.test(line)) return [];
      const own = markers.filter((each) => each.line === index + 1);
      return [line, ...own.map(render)];
    })
    .join("\n");
}

function render({ column, endColumn, text }: Marker): string {
  // The comment sign takes the two columns before, so what starts further left is marked from the third column on.
  const start = Math.max(column, 3);
  const indent = /^\s*/.exec(" ".repeat(start - 3))?.[0] ?? "";
  return `${indent}//${"^".repeat(Math.max(1, endColumn - start))} ${text}`;
}
