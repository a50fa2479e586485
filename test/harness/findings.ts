import { createAnalysis } from "../../server/src/analysis/index.js";
import type { Finding } from "../../server/src/documents/finding.js";
import type { FixtureFile } from "./fixture.js";
import type { Marker } from "./markers.js";

/** All findings of some files that lie nowhere but in the fixture. */
export function findingsOf(files: readonly FixtureFile[]): readonly Finding[] {
  const analysis = createAnalysis({ root: "/fixture-that-is-not-on-disk" });
  for (const { name, text } of files) analysis.open(name, text);
  const findings = files.flatMap(({ name }) => analysis.findings(name));
  if (analysis.notes.length > 0) throw new Error(analysis.notes.join("\n"));
  return findings;
}

/** The markers that a file would have if it expected exactly these findings. */
export function markersFor(file: string, findings: readonly Finding[], source: string): readonly Marker[] {
  const lines = source.split("\n");
  return findings
    .filter((finding) => finding.file === file)
    .map(({ range, severity, message }) => ({
      line: range.start.line,
      column: Math.max(3, range.start.column),
      endColumn:
        range.end.line === range.start.line ? range.end.column : (lines[range.start.line - 1] ?? "").length + 1,
      text: `${severity}: ${message}`,
    }));
}
