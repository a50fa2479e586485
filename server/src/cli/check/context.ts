import { createHash } from "node:crypto";
import type { Finding } from "../../documents/finding.js";
import type { Report } from "./formats/report.js";
import { nameIn } from "./results.js";

/** More of a long range says nothing more about which one it is. */
const mostLines = 3;

/**
 * The code that a finding is about, by which it is known again after its lines moved: the text of its lines, with every
 * stretch of blanks as one.
 */
export function contextOf({ range }: Pick<Finding, "range">, source: string): string {
  const lines = source.split(/\r\n|\r|\n/);
  const last = Math.min(range.end.line, range.start.line + mostLines - 1);
  return lines
    .slice(range.start.line - 1, last)
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * Findings by what stays the same from run to run. Of those with the same code in one file the first has number 0, the
 * next 1, so that each has a fingerprint of its own.
 */
export function fingerprints({
  root,
  findings,
  source,
}: Pick<Report, "root" | "findings" | "source">): ReadonlyMap<string, Finding> {
  const counts = new Map<string, number>();
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const place = [finding.rule, nameIn(root, finding.file), contextOf(finding, source(finding.file))];
    const key = place.join("\0");
    const number = counts.get(key) ?? 0;
    counts.set(key, number + 1);
    found.set(
      createHash("sha256")
        .update(JSON.stringify([...place, number]))
        .digest("hex")
        .slice(0, 32),
      finding,
    );
  }
  return found;
}
