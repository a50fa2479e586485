import { existsSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { Checker } from "./check/checker.js";
import { fixFindings } from "./check/fixing.js";
import { formatNames } from "./check/formats/index.js";
import { type Options, readCount, readRule, requestOf } from "./check/options.js";
import { exitCodeOf, print } from "./check/printing.js";
import { Selection } from "./check/selection.js";

export function registerCheck(program: Command): void {
  program
    .command("check")
    .summary("find consistency anti-patterns")
    .description("Finds where code breaks the consistency that its annotations ask for. Runs no user code.")
    .argument("[path...]", "files or folders; the whole working directory unless told")
    .option("--project <tsconfig.json>", "look at the files of this project only")
    .option("--format <format>", "pretty or json", "pretty")
    .option("--rule <id=severity>", "error, warning, information or off; may be given several times", readRule)
    .option("--max-warnings <n>", "more warnings than this are a failure", readCount)
    .option("--fix", "comes later")
    .option("--since <revision>", "comes later")
    .option("--baseline <file>", "comes later")
    .option("--watch", "comes later")
    .action(checkCommand);
}

function checkCommand(paths: readonly string[], options: Options): void {
  refuseLater(options);
  const root = process.cwd();
  const missing = paths.find((each) => !existsSync(resolve(root, each)));
  if (missing !== undefined) {
    throw new UsageError(
      `There is no file or folder "${missing}" in ${root}.`,
      "Name a file or a folder that exists, or give no path to check the whole working directory.",
    );
  }
  const { project } = options;
  if (project !== undefined && !existsSync(resolve(root, project))) {
    throw new UsageError(`There is no project file "${project}" in ${root}.`, "Name a tsconfig.json with --project.");
  }
  const settings: AnalysisOptions = { root, project, paths, severities: options.rule ?? {} };
  const analysis = createAnalysis(settings);
  const findings = [...analysis.refresh().values()].flat().sort(byFile);
  process.stdout.write(
    options.format === "json"
      ? `${JSON.stringify(documentOf(analysis, findings, root), null, 2)}\n`
      : `${render(analysis, findings, root)}\n`,
  );
  complain(analysis, root);
  if (analysis.fileCount === 0) process.stderr.write(`faultline: ${nothingChecked(paths)}\n`);
  const warnings = findings.filter((finding) => finding.severity === "warning").length;
  const isFailure =
    findings.some((finding) => finding.severity === "error") ||
    warnings > (options.maxWarnings ?? Number.POSITIVE_INFINITY);
  process.exitCode = isFailure ? ExitCode.found : ExitCode.clean;
}

function render(analysis: Analysis, findings: readonly Finding[], root: string): string {
  return renderFindings(findings, {
    files: analysis.fileCount,
    color: isColored(process.stdout),
    width: terminalWidth(process.stdout),
    source: (file) => analysis.text(file) ?? "",
    name: (file) => nameIn(root, file),
  });
}

/** What could not be looked at fully goes to standard error, so that a document on standard output stays one. */
function complain(analysis: Analysis, root: string): void {
  for (const { file, range, message } of analysis.syntaxErrors()) {
    const at = `${nameIn(root, file)}:${range.start.line}:${range.start.column}`;
    process.stderr.write(
      `faultline: ${at} does not parse (${message}). What could be read of the file was checked; findings may be missing.\n`,
    );
  }
  for (const note of analysis.notes)
    process.stderr.write(
      `faultline: ${note}\nThis is a defect of faultline, please report it. The other rules were checked.\n`,
    );
}

function nothingChecked(paths: readonly string[]): string {
  const where = paths.length === 0 ? "the working directory" : paths.join(", ");
  return `There is no TypeScript file in ${where}, but for what Git ignores. Nothing was checked.`;
}

export function documentOf(
  analysis: Pick<Analysis, "fileCount">,
  findings: readonly Finding[],
  root: string,
): CheckDocument {
  const placed = <T extends { readonly file: string }>(each: T): T => ({ ...each, file: nameIn(root, each.file) });
  return {
    schema: 1,
    files: analysis.fileCount,
    findings: findings.map((finding) => ({
      ...placed(finding),
      related: finding.related.map(placed),
      fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(placed) })),
    })),
  };
}

/** Relative to the working directory, with slashes on every system. */
function nameIn(root: string, file: string): string {
  return relative(root, file).split(sep).join("/");
}

function byFile(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  const [x, y] = [a.range.start, b.range.start];
  return x.line - y.line || x.column - y.column || (a.rule < b.rule ? -1 : 1);
}

function refuseLater({ format, fix, since, baseline, watch }: Options): void {
  if (format === "sarif" || format === "github") {
    throw new UsageError(`--format ${format} is not part of this release yet.`, "Use --format json.");
  }
  if (format !== "pretty" && format !== "json") {
    throw new UsageError(
      `There is no format "${format}".`,
      "Use --format pretty, which is the default, or --format json.",
    );
  }
  const checker = new Checker(request.analysis, { isCached: request.isCached });
  const selection = new Selection(request);
  const fixed = request.isFixing ? await fixFindings(checker, selection) : undefined;
  const results = fixed?.results ?? (await checker.results());
  const selected = selection.of(results.findings);
  await print(request, { results, selected, fixed: fixed?.fixed });
  process.exitCode = exitCodeOf(selected.findings, request);
}
