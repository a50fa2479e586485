import { readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { structuredPatch } from "diff";
import writeFileAtomic from "write-file-atomic";
import type { Level } from "../../../../runtime/src/levels.js";
import { applyTextEdits } from "../../documents/text-edits.js";
import { Style } from "../../simulate/style.js";

/** What writes levels into the source. */
export interface LevelsEdit {
  readonly files: readonly { readonly file: string; readonly before: string; readonly after: string }[];
  /** Fields whose level cannot be written where they stand. */
  readonly unwritten: readonly string[];
}

/**
 * Looks through the file's own folder, and through all of `root` only for classes that are not there. The analyzer is loaded
 * only when there is something to write.
 */
export async function levelsEdit(
  file: string,
  levels: Readonly<Record<string, Level>>,
  root: string,
): Promise<LevelsEdit> {
  const { createAnalysis } = await import("../../analysis/index.js");
  const assigned = (folder: string) => createAnalysis({ root: folder, paths: [file] }).assignLevels(file, levels);
  const near = assigned(dirname(file));
  const { fix, unwritten } = near.unwritten.length === 0 ? near : assigned(root);
  const edits = fix?.edits ?? [];
  const files = [...new Set(edits.map((edit) => edit.file))].map((each) => {
    const before = readFileSync(each, "utf8");
    const own = edits.filter((edit) => edit.file === each);
    return { file: each, before, after: applyTextEdits(before, own) };
  });
  return { files, unwritten };
}

/** Answers the files that were written. */
export function applyLevels({ files }: LevelsEdit): readonly string[] {
  for (const { file, after } of files) writeFileAtomic.sync(file, after);
  return files.map(({ file }) => file);
}

/** As a diff, which shows more than titles would. */
export function renderLevelsEdit(
  { files, unwritten }: LevelsEdit,
  { color, cwd }: { readonly color: boolean; readonly cwd: string },
): string {
  const style = new Style(color);
  const painted = (line: string): string =>
    line.startsWith("+") ? style.good(line) : line.startsWith("-") ? style.bad(line) : line;
  const diffs = files.flatMap(({ file, before, after }) => {
    const { hunks } = structuredPatch(file, file, before, after, "", "", { context: 0 });
    return [
      `  ${style.bold(relative(cwd, file))}`,
      ...hunks.flatMap(({ lines }) => lines.map((line) => `    ${painted(line)}`)),
    ];
  });
  const byHand = unwritten.length === 0 ? [] : [`  To be written by hand: ${unwritten.join(", ")}.`];
  const said = files.length === 0 && unwritten.length === 0 ? ["  The code says so already."] : diffs;
  return [...said, ...byHand].join("\n");
}
