import picocolors from "picocolors";
import terminalLink from "terminal-link";
import type { Finding, Severity } from "../../../documents/finding.js";
import { rulePage } from "../../rule-page.js";
import { wrap } from "../../wrap.js";
import { counted, nameIn } from "../results.js";
import { codeFrame } from "./code-frame.js";
import type { Report } from "./report.js";

type Colors = ReturnType<typeof picocolors.createColors>;

/** Findings for people: where, what, the code, why, what to do. */
export function renderPretty(report: Report): string {
  const colors = picocolors.createColors(report.color);
  return [...report.findings.map((finding) => renderFinding(finding, report, colors)), summary(report, colors)].join(
    "\n\n",
  );
}

/** One finding, as it stands in the report. */
export function renderFinding(finding: Finding, report: Report, colors: Colors): string {
  const { start } = finding.range;
  const severity = paint(finding.severity, colors);
  const place = `${nameIn(report.root, finding.file)}:${start.line}:${start.column}`;
  // Colour stands in for the backticks; without it they stay.
  const marked = (text: string): string =>
    report.color ? text.replace(/`([^`]+)`/g, (_, code: string) => colors.cyan(code)) : text;
  const paragraph = (label: string, text: string): string =>
    wrap(text, report.width - 8)
      .map((line, index) => `  ${index === 0 ? colors.bold(label.padEnd(6)) : " ".repeat(6)}${marked(line)}`)
      .join("\n");
  return [
    `${severity(finding.severity)}  ${colors.underline(place)}  ${colors.dim(linked(finding.rule, report))}`,
    paragraph("What", finding.message),
    "",
    codeFrame(report.source(finding.file), finding.range, { colors, mark: severity }),
    "",
    paragraph("Why", finding.why),
    paragraph("Do", finding.help),
    ...finding.related.map(
      (each) =>
        `  ${colors.dim("See".padEnd(6))}${colors.dim(`${nameIn(report.root, each.file)}:${each.range.start.line}`)}  ${marked(each.message)}`,
    ),
  ].join("\n");
}

/** The rule's page is a click away where the terminal can do that. Whoever wants no colours wants no links either. */
function linked(rule: string, { color }: Report): string {
  const page = color ? rulePage(rule) : undefined;
  return page === undefined ? rule : terminalLink(rule, page.url, { fallback: (text) => text });
}

function paint(severity: Severity, colors: Colors): (text: string) => string {
  return severity === "error" ? colors.red : severity === "warning" ? colors.yellow : colors.blue;
}

/** How many there are, in what. */
export function summary({ findings, results }: Report, colors: Colors): string {
  const looked = counted(results.files, "file");
  if (findings.length === 0) return `${colors.green("✓")} No findings in ${looked}.`;
  const count = (severity: Severity, noun: string): readonly string[] => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [paint(severity, colors)(counted(number, noun))];
  };
  const counts = [...count("error", "error"), ...count("warning", "warning"), ...count("information", "note")];
  const rule = findings[0]?.rule ?? "";
  return `${colors.red("✗")} ${counts.join(", ")} in ${looked}. ${colors.dim(`More about a rule: faultline explain ${rule}`)}`;
}
