import process from "node:process";
import type { Finding, Range } from "../../../documents/finding.js";
import { counted, nameIn } from "../results.js";
import type { Report } from "./report.js";

/**
 * Workflow commands, from which GitHub Actions makes annotations; the log shows them in one group a file.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function renderGithub({ root, findings }: Report): string {
  // Annotations are placed from the top of the repository, wherever the step runs.
  const top = process.env["GITHUB_WORKSPACE"] || root;
  const lines: string[] = [];
  for (const [file, own] of byFile(findings)) {
    const name = nameIn(top, file);
    lines.push(`::group::${escapeData(`${name}: ${counted(own.length, "finding")}`)}`);
    for (const finding of own) lines.push(annotation(finding, name));
    lines.push("::endgroup::");
  }
  return lines.join("\n");
}

function byFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  return files;
}

const commands = { error: "error", warning: "warning", information: "notice" } as const;

function annotation({ rule, severity, range, message, why, help }: Finding, file: string): string {
  const properties = { file, ...placeOf(range), title: `faultline: ${rule}` };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${commands[severity]} ${list.join(",")}::${escapeData([message, why, help].join("\n"))}`;
}

/** Columns are understood within one line only. */
function placeOf({ start, end }: Range): Readonly<Record<string, number>> {
  if (start.line !== end.line) return { line: start.line, endLine: end.line };
  return { line: start.line, endLine: end.line, col: start.column, endColumn: end.column };
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
