import { structuredPatch } from "diff";
import type { TextEdit } from "../../server/src/documents/finding.js";
import type { FixtureFile } from "./fixture.js";
import { withoutMarkers } from "./markers.js";

/** The files with a fix applied. Edits count lines and columns in the text before. */
export function applyEdits(files: readonly FixtureFile[], edits: readonly TextEdit[]): readonly FixtureFile[] {
  return files.map((file) => {
    const own = edits.filter((edit) => edit.file === file.name);
    const starts = lineStarts(file.text);
    const offset = ({ line, column }: TextEdit["range"]["start"]): number =>
      (starts[line - 1] ?? file.text.length) + column - 1;
    const spans = own.map(({ range, text }, index) => ({
      start: offset(range.start),
      end: offset(range.end),
      text,
      index,
    }));
    spans.sort((a, b) => b.start - a.start || b.index - a.index);
    let { text } = file;
    for (const span of spans) text = text.slice(0, span.start) + span.text + text.slice(span.end);
    return { name: file.name, text };
  });
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** What differs, as unified hunks with one line around each; the file is named when there are several. */
export function diffOf(before: readonly FixtureFile[], after: readonly FixtureFile[]): string {
  const parts: string[] = [];
  for (const [index, file] of before.entries()) {
    const original = withoutMarkers(file.text);
    const changed = withoutMarkers(after[index]?.text ?? "");
    if (changed === original) continue;
    const { hunks } = structuredPatch(file.name, file.name, original, changed, "", "", { context: 1 });
    const body = hunks.map((hunk) => [`@@ line ${hunk.oldStart} @@`, ...hunk.lines].join("\n")).join("\n");
    parts.push(before.length > 1 ? `//- ${file.name}\n${body}` : body);
  }
  return parts.join("\n").trimEnd();
}
