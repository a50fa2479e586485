import process from "node:process";
import type { Finding } from "../../documents/finding.js";
import { ExitCode } from "../exit.js";
import { isColored, terminalWidth } from "../terminal.js";
import type { Fixed } from "./fix.js";
import { formats, type Report } from "./formats/index.js";
import type { Request } from "./options.js";
import { counted, nameIn, type Results } from "./results.js";
import type { Selected } from "./selection.js";
import { SourceTexts } from "./source-texts.js";

interface Outcome {
  readonly results: Results;
  readonly selected: Selected;
  readonly fixed?: Fixed | undefined;
}

/** The report on standard output, and all that is no finding on standard error, so that a document stays one. */
export async function print(request: Request, outcome: Outcome): Promise<void> {
  const render = await formats[request.format]();
  const text = render(reportOf(request, outcome));
  if (text !== "") process.stdout.write(`${text}\n`);
  for (const remark of remarksOf(request, outcome)) process.stderr.write(`${remark}\n`);
}

export function reportOf({ root }: Request, { results, selected }: Outcome): Report {
  const texts = new SourceTexts();
  return {
    root,
    results,
    findings: selected.findings,
    source: (file) => texts.of(file),
    color: isColored(process.stdout),
    width: terminalWidth(process.stdout),
  };
}

/** What could not be looked at fully, what was fixed, and what is not reported. */
export function remarksOf(request: Request, { results, selected, fixed }: Outcome): readonly string[] {
  const { root, analysis } = request;
  const unparsed = results.syntaxErrors.map(({ file, range, message }) => {
    const at = `${nameIn(root, file)}:${range.start.line}:${range.start.column}`;
    return `${at} does not parse (${message}). What could be read of the file was checked; findings may be missing.`;
  });
  const defects = results.notes.map(
    (note) => `${note}\nThis is a defect of faultline, please report it. The other rules were checked.`,
  );
  return [
    ...unparsed,
    ...defects,
    ...(fixed === undefined ? [] : fixedText(fixed, selected.findings, root)),
    ...selected.remarks,
    ...(results.files === 0 ? [nothingChecked(analysis.paths ?? [])] : []),
  ].map((text) => `faultline: ${text}`);
}

export function exitCodeOf(findings: readonly Finding[], { maxWarnings }: Request): number {
  const warnings = findings.filter((finding) => finding.severity === "warning").length;
  const isFailure = warnings > maxWarnings || findings.some((finding) => finding.severity === "error");
  return isFailure ? ExitCode.found : ExitCode.clean;
}

function fixedText({ applied, refused }: Fixed, left: readonly Finding[], root: string): readonly string[] {
  const files = new Set(applied.map(({ file }) => file)).size;
  const made = applied.map(({ file, rule, title }) => `  ${nameIn(root, file)}: ${title} (${rule})`);
  const what =
    applied.length === 0
      ? "nothing was fixed."
      : `fixed ${counted(applied.length, "finding")} in ${counted(files, "file")}:`;
  const suggested = left.filter(({ fixes }) => fixes.some(({ kind }) => kind === "suggested")).length;
  return [
    [what, ...made].join("\n"),
    ...refused.map(({ file, reason }) => `${nameIn(root, file)} was not fixed: ${reason}.`),
    ...(suggested === 0
      ? []
      : [
          `${counted(suggested, "finding")} left with fixes that somebody should look at first: an editor offers them.`,
        ]),
  ];
}

function nothingChecked(paths: readonly string[]): string {
  const where = paths.length === 0 ? "the working directory" : paths.join(", ");
  return `There is no TypeScript file in ${where}, but for what Git ignores and the configuration leaves out. Nothing was checked.`;
}
