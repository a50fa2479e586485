import type { CheckDocument } from "../../../documents/check.js";
import { nameIn } from "../results.js";
import type { Report } from "./report.js";

export function renderJson(report: Report): string {
  return JSON.stringify(documentOf(report), null, 2);
}

export function documentOf({ root, results, findings }: Pick<Report, "root" | "results" | "findings">): CheckDocument {
  const placed = <T extends { readonly file: string }>(each: T): T => ({ ...each, file: nameIn(root, each.file) });
  return {
    schema: 1,
    files: results.files,
    findings: findings.map((finding) => ({
      ...placed(finding),
      related: finding.related.map(placed),
      fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(placed) })),
    })),
  };
}
