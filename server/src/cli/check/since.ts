import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { parsePatch, type StructuredPatchHunk } from "diff";
import { isSourceFile } from "../../analysis/workspace/discovery.js";
import type { Finding, Range } from "../../documents/finding.js";
import { UsageError } from "../exit.js";

type Lines = readonly { readonly from: number; readonly to: number }[];

/**
 * Keeps the findings that a change can have caused: those with a line, or a related line, that differs from what it was
 * when the branch left the revision. That is the point of comparison because lines that only the other side changed
 * since then are not this side's. Files that Git does not know yet are new as a whole.
 */
export function sinceRevision(findings: readonly Finding[], revision: string, root: string): readonly Finding[] {
  const changed = changedLines(revision, root);
  const touches = ({ file, range }: { readonly file: string; readonly range: Range }): boolean =>
    changed.get(file)?.some(({ from, to }) => range.start.line <= to && range.end.line >= from) ?? false;
  // A configuration that cannot be used concerns every line, however old it is.
  const isOfCode = ({ file }: Finding): boolean => isSourceFile(file);
  return findings.filter((finding) => !isOfCode(finding) || touches(finding) || finding.related.some(touches));
}

function changedLines(revision: string, root: string): ReadonlyMap<string, Lines> {
  const top = topFolder(root);
  const base = baseOf(revision, top);
  const changed = new Map<string, Lines>();
  const patch = git(top, ["-c", "core.quotePath=false", "diff", ...plainDiff, base, "--", ...sources]);
  for (const { newFileName, hunks } of parsePatch(patch)) {
    if (newFileName === undefined || newFileName === "/dev/null") continue;
    changed.set(resolve(top, newFileName.replace(/^new\//, "")), hunks.map(linesOf));
  }
  const untracked = git(top, ["ls-files", "--others", "--exclude-standard", "-z", "--", ...sources]);
  for (const name of untracked.split("\0").filter((each) => each !== ""))
    changed.set(resolve(top, name), [{ from: 1, to: Number.POSITIVE_INFINITY }]);
  return changed;
}

/** Whatever the user configured for their own eyes. */
const plainDiff = [
  ...["--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--find-renames"],
  ...["--ignore-submodules", "--src-prefix=old/", "--dst-prefix=new/"],
];
const sources = ["*.ts", "*.tsx", "*.mts", "*.cts"];

/** Where lines were only taken away, the lines before and after the gap: a finding that spans both has changed. */
function linesOf({ newStart, newLines }: StructuredPatchHunk): { readonly from: number; readonly to: number } {
  // Of nothing the parser says before which line it is, and not after which as the patch does.
  if (newLines === 0) return { from: newStart - 0.5, to: newStart - 0.5 };
  return { from: newStart, to: newStart + newLines - 1 };
}

function topFolder(root: string): string {
  const { status, stdout, error } = run(root, ["rev-parse", "--show-toplevel"]);
  if (error !== undefined)
    throw new UsageError("--since needs Git, which could not be started.", `Install Git. (${error.message})`);
  if (status !== 0)
    throw new UsageError(
      `${root} is not in a Git repository, so --since cannot tell what changed.`,
      "Leave out --since, or use --baseline, which needs no repository.",
    );
  return stdout.trim();
}

function baseOf(revision: string, top: string): string {
  // A word that begins with a dash would be an option of Git.
  const found = revision.startsWith("-")
    ? undefined
    : run(top, ["rev-parse", "--verify", "-q", `${revision}^{commit}`]);
  if (found?.status !== 0)
    throw new UsageError(
      `Git knows no revision "${revision}" in ${top}.`,
      "Name a commit, branch or tag, such as main or HEAD~1. In CI the clone may be too shallow: fetch more of the history.",
    );
  const commit = found.stdout.trim();
  const { status, stdout } = run(top, ["merge-base", commit, "HEAD"]);
  return status === 0 ? stdout.trim() : commit;
}

function git(folder: string, words: readonly string[]): string {
  const { status, stdout, stderr, error } = run(folder, words);
  if (status === 0) return stdout;
  throw new UsageError(`Git could not say what changed: ${(error?.message ?? stderr).trim()}`, "Leave out --since.");
}

function run(
  folder: string,
  words: readonly string[],
): ReturnType<typeof spawnSync> & { stdout: string; stderr: string } {
  return spawnSync("git", words, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30 });
}
