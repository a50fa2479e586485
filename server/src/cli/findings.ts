import picocolors from "picocolors";
import type { Finding, Severity } from "../documents/finding.js";
import { codeFrame } from "./code-frame.js";
import { wrap } from "./wrap.js";

interface RenderOptions {
  /** How many files were looked at. */
  readonly files: number;
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly source: (file: string) => string;
  /** How a file is called in the report. */
  readonly name: (file: string) => string;
}

type Colors = ReturnType<typeof picocolors.createColors>;

/** Findings for people: where, what, the code, why, what to do. */
export function renderFindings(findings: readonly Finding[], options: RenderOptions): string {
  const colors = picocolors.createColors(options.color);
  return [
    ...findings.map((finding) => renderFinding(finding, options, colors)),
    summary(findings, options, colors),
  ].join("\n\n");
}

function renderFinding(finding: Finding, options: RenderOptions, colors: Colors): string {
  const { start } = finding.range;
  const severity = paint(finding.severity, colors);
  const place = `${options.name(finding.file)}:${start.line}:${start.column}`;
  // Colour stands in for the backticks; without it they stay.
  const marked = (text: string): string =>
    options.color ? text.replace(/`([^`]+)`/g, (_, code: string) => colors.cyan(code)) : text;
  const paragraph = (label: string, text: string): string =>
    wrap(text, options.width - 8)
      .map((line, index) => `  ${index === 0 ? colors.bold(label.padEnd(6)) : " ".repeat(6)}${marked(line)}`)
      .join("\n");
  return [
    `${severity(finding.severity)}  ${colors.underline(place)}  ${colors.dim(finding.rule)}`,
    paragraph("What", finding.message),
    "",
    codeFrame(options.source(finding.file), finding.range, { colors, mark: severity }),
    "",
    paragraph("Why", finding.why),
    paragraph("Do", finding.help),
    ...finding.related.map(
      (each) =>
        `  ${colors.dim("See".padEnd(6))}${colors.dim(`${options.name(each.file)}:${each.range.start.line}`)}  ${marked(each.message)}`,
    ),
  ].join("\n");
}

function paint(severity: Severity, colors: Colors): (text: string) => string {
  return severity === "error" ? colors.red : severity === "warning" ? colors.yellow : colors.blue;
}

function summary(findings: readonly Finding[], { files }: RenderOptions, colors: Colors): string {
  const looked = `${files.toLocaleString("en")} ${files === 1 ? "file" : "files"}`;
  if (findings.length === 0) return `${colors.green("✓")} No findings in ${looked}.`;
  const count = (severity: Severity, word: string): string => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? "" : paint(severity, colors)(`${number} ${word}${number === 1 ? "" : "s"}`);
  };
  const counts = [count("error", "error"), count("warning", "warning"), count("information", "note")].filter(
    (each) => each !== "",
  );
  const rule = findings[0]?.rule ?? "";
  return `${colors.red("✗")} ${counts.join(", ")} in ${looked}. ${colors.dim(`More about a rule: faultline explain ${rule}`)}`;
}
