import { basename } from "node:path";
import process from "node:process";
import picocolors from "picocolors";
import { isSourceFile } from "../../analysis/workspace/discovery.js";
import type { Finding } from "../../documents/finding.js";
import { ExitCode } from "../exit.js";
import { Checker } from "./checker.js";
import { fingerprints } from "./context.js";
import { fixFindings } from "./fixing.js";
import { documentOf } from "./formats/json.js";
import { renderFinding, renderPretty, summary } from "./formats/pretty.js";
import type { Report } from "./formats/report.js";
import type { Request } from "./options.js";
import { remarksOf, reportOf } from "./printing.js";
import { nameIn } from "./results.js";
import { Selection } from "./selection.js";
import { WatchedChanges } from "./watched-changes.js";

/** Checks, then checks again whenever files change, until it is interrupted. */
export async function watch(request: Request): Promise<void> {
  const changes = await WatchedChanges.of(request.root, isOfInterest);
  let isEnding = false;
  const end = (): void => {
    if (isEnding) process.exit(ExitCode.clean); // Asked twice, in the middle of an analysis.
    isEnding = true;
    void changes.end();
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  try {
    const watched = new Watched(request);
    await watched.check([]);
    for (let files = await changes.next(); files !== undefined; files = await changes.next())
      await watched.check(files);
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
    await changes.end();
  }
  process.exitCode = ExitCode.clean;
}

/** Sources, and what says how they are resolved and judged. */
function isOfInterest(file: string): boolean {
  const name = basename(file);
  return isSourceFile(name) || name === ".gitignore" || name.endsWith(".json");
}

interface State {
  readonly findings: ReadonlyMap<string, Finding>;
  readonly remarks: readonly string[];
}

/** One state after another, and what is told of each: on a terminal all of it on a cleared screen, else what changed. */
class Watched {
  readonly #checker: Checker;
  readonly #selection: Selection;
  #before: State | undefined;

  constructor(private readonly request: Request) {
    // The first change needs the analyzer anyway.
    this.#checker = new Checker(request.analysis, { isCached: false });
    this.#selection = new Selection(request);
  }

  async check(files: readonly string[]): Promise<void> {
    const analysis = await this.#checker.analysis();
    for (const file of files) analysis.changedOnDisk(file);
    // A configuration that cannot be used is a finding here, and no end: somebody is about to mend it.
    const found = this.#checker.current(analysis);
    const fixed = this.request.isFixing ? await fixFindings(this.#checker, this.#selection, found) : undefined;
    const results = fixed?.results ?? found;
    const outcome = { results, selected: this.#selection.of(results.findings), fixed: fixed?.fixed };
    const report = reportOf(this.request, outcome);
    const before = this.#before;
    this.#before = { findings: fingerprints(report), remarks: remarksOf(this.request, outcome) };
    const isScreen = process.stdout.isTTY && this.request.format === "pretty";
    const text = isScreen ? screen(report) : this.#difference(report, before);
    if (text !== "") process.stdout.write(`${text}\n`);
    const said = isScreen ? [] : (before?.remarks ?? []);
    for (const remark of this.#before.remarks) if (!said.includes(remark)) process.stderr.write(`${remark}\n`);
  }

  #difference(report: Report, before: State | undefined): string {
    const now = this.#before?.findings ?? new Map<string, Finding>();
    const known = before?.findings ?? new Map<string, Finding>();
    const added = [...now].filter(([key]) => !known.has(key)).map(([, finding]) => finding);
    const gone = [...known].filter(([key]) => !now.has(key)).map(([, finding]) => finding);
    if (before !== undefined && added.length + gone.length === 0) return "";
    if (this.request.format === "json") return JSON.stringify(documentOf(report));
    if (before === undefined) return renderPretty(report);
    const colors = picocolors.createColors(report.color);
    return [
      ...added.map((finding) => renderFinding(finding, report, colors)),
      ...gone.map(
        ({ file, range, rule }) =>
          `${colors.green("gone")}  ${nameIn(report.root, file)}:${range.start.line}:${range.start.column}  ${colors.dim(rule)}`,
      ),
      summary(report, colors),
    ].join("\n\n");
  }
}

const cleared = "\u001b[2J\u001b[3J\u001b[H";

function screen(report: Report): string {
  const colors = picocolors.createColors(report.color);
  return `${cleared}${renderPretty(report)}\n\n${colors.dim("Watching for changes. Ctrl-C ends.")}`;
}
