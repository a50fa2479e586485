import type { Checker } from "./checker.js";
import { type Fixed, fixFiles } from "./fix.js";
import type { Results } from "./results.js";
import type { Selection } from "./selection.js";

/** Fixes what is selected of what was found before. Where nothing can be fixed, the analyzer is not even loaded. */
export async function fixFindings(
  checker: Checker,
  selection: Selection,
  before: Results,
): Promise<{ readonly results: Results; readonly fixed: Fixed }> {
  const isFixable = selection.toFix(before.findings).some(({ fixes }) => fixes.some(({ kind }) => kind === "safe"));
  if (!isFixable) return { results: before, fixed: { applied: [], refused: [] } };
  const analysis = await checker.analysis();
  const fixed = fixFiles({ analysis, findings: () => selection.toFix(checker.current(analysis).findings) });
  return { results: checker.current(analysis), fixed };
}
