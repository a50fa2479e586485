import { readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import type { Analysis } from "../../analysis/analysis.js";
import { combineSafeFixes } from "../../documents/combine-fixes.js";
import type { Finding, Fix } from "../../documents/finding.js";
import { applyTextEdits } from "../../documents/text-edits.js";

/** A fix that makes another finding that has a fix … ends here. ESLint stops after as many. */
const mostRounds = 10;

interface FixOptions {
  readonly analysis: Analysis;
  /** The findings that may be fixed, sorted by place, as the files are now. */
  readonly findings: () => readonly Finding[];
}

export interface Fixed {
  readonly applied: readonly { readonly file: string; readonly rule: string; readonly title: string }[];
  /** Where safe fixes were not made, and why. */
  readonly refused: readonly Refusal[];
}

interface Refusal {
  readonly file: string;
  readonly reason: string;
}

/**
 * Makes safe fixes in the files on disk until there are no more. In each round those that do not overlap are made, and
 * what is left is found anew. A file that does not parse, before or after, is never written.
 */
export function fixFiles({ analysis, findings }: FixOptions): Fixed {
  const applied: Fixed["applied"][number][] = [];
  const unwritable = new Map<string, Refusal>();
  const breaking = new Map<string, Refusal>();
  for (let round = 0; round < mostRounds; round++) {
    const fixable = withSafeFixes(findings()).filter(({ fixes }) => !fixes.some((fix) => breaking.has(keyOf(fix))));
    for (const file of new Set(fixable.flatMap(filesOfFixes))) {
      const reason = whyUnwritable(file, analysis);
      if (reason !== undefined) unwritable.set(file, { file, reason });
    }
    const possible = fixable.filter((finding) => !filesOfFixes(finding).some((file) => unwritable.has(file)));
    const chosen = combineSafeFixes(possible);
    if (chosen.length === 0) break;
    const made = write(chosen, analysis, (fix, file) =>
      breaking.set(keyOf(fix), { file, reason: `after "${fix.title}" it would no longer parse` }),
    );
    for (const { rule, file, fixes } of possible) {
      const fix = fixes.find((each) => made.includes(each));
      if (fix !== undefined) applied.push({ file, rule, title: fix.title });
    }
  }
  return { applied, refused: [...unwritable.values(), ...breaking.values()] };
}

function withSafeFixes(findings: readonly Finding[]): readonly Finding[] {
  return findings.flatMap((finding) => {
    const fixes = finding.fixes.filter(({ kind }) => kind === "safe").slice(0, 1);
    return fixes.length === 0 ? [] : [{ ...finding, fixes }];
  });
}

/** Writes all, or, if together they break a file, the first that does not. */
function write(fixes: readonly Fix[], analysis: Analysis, refuse: (fix: Fix, file: string) => void): readonly Fix[] {
  if (writeWhole(fixes, analysis) === undefined) return fixes;
  for (const fix of fixes) {
    const unparsed = writeWhole([fix], analysis);
    if (unparsed === undefined) return [fix];
    refuse(fix, unparsed);
  }
  return [];
}

/** Answers a file that would no longer parse; nothing is written then. */
function writeWhole(fixes: readonly Fix[], analysis: Analysis): string | undefined {
  const edits = fixes.flatMap((fix) => fix.edits);
  const texts = [...new Set(edits.map(({ file }) => file))].map((file) => {
    const own = edits.filter((edit) => edit.file === file);
    return [file, applyTextEdits(analysis.text(file) ?? "", own)] as const;
  });
  for (const [file, text] of texts) analysis.open(file, text);
  const unparsed = texts.find(([file]) => analysis.syntaxError(file) !== undefined)?.[0];
  if (unparsed === undefined) for (const [file, text] of texts) writeFileAtomic.sync(file, text);
  // From here on what is on disk counts again, be it old or new.
  for (const [file] of texts) analysis.close(file);
  return unparsed;
}

function whyUnwritable(file: string, analysis: Analysis): string | undefined {
  if (analysis.syntaxError(file) !== undefined) return "it does not parse";
  try {
    const isSame = readFileSync(file).equals(Buffer.from(analysis.text(file) ?? "", "utf8"));
    // What is not UTF-8 would not survive, and what somebody else has just changed is not what was analysed.
    return isSame ? undefined : "it is not UTF-8, or was changed meanwhile";
  } catch (error) {
    return (error as Error).message;
  }
}

function filesOfFixes({ fixes }: Finding): readonly string[] {
  return fixes.flatMap((fix) => fix.edits.map(({ file }) => file));
}

function keyOf(fix: Fix): string {
  return JSON.stringify([fix.title, fix.edits]);
}
