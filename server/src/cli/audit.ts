import { existsSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { CountProgress } from "./audit/count-progress.js";
import { renderAudit } from "./audit/report.js";
import { refuseProblems } from "./configuration.js";
import { ExitCode, UsageError } from "./exit.js";
import { interruptible } from "./run-options.js";
import { isColored, terminalWidth } from "./terminal.js";

interface Options {
  readonly project?: string;
  readonly format: string;
}

export function registerAudit(program: Command): void {
  program
    .command("audit")
    .summary("inventory of replicated state and stores")
    .description(
      "Lists replicated classes and the stores that the code uses: what is where, at which level, what it holds, and what " +
        "could be weaker or must be stronger. Works on code without a single annotation. Runs no user code.",
    )
    .argument("[path...]", "files or folders; the whole working directory unless told")
    .option("--project <tsconfig.json>", "look at the files of this project only")
    .option("--format <format>", "pretty, markdown or json", "pretty")
    .action(auditCommand);
}

async function auditCommand(paths: readonly string[], { project, format }: Options): Promise<void> {
  const root = process.cwd();
  if (!formats.includes(format))
    throw new UsageError(`There is no format "${format}".`, `The formats are ${formats.join(", ")}.`);
  refuseMissing(root, paths, project);
  const { renderMarkdown, takeAudit } = await import("../audit/index.js");
  const progress = new CountProgress(process.stderr);
  try {
    const onProgress = (done: number, total: number) => progress.show(done, total);
    const onConfigurationProblems = refuseProblems;
    const { document, syntaxErrors } = await interruptible(undefined, (signal) =>
      takeAudit({ root, project, paths, signal, onProgress, onConfigurationProblems }),
    );
    progress.clear();
    const size = { color: isColored(process.stdout), width: terminalWidth(process.stdout) };
    if (format === "json") process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else process.stdout.write(format === "markdown" ? renderMarkdown(document) : renderAudit(document, size));
    for (const { file, range, message } of syntaxErrors) {
      const at = `${relative(root, file).split(sep).join("/")}:${range.start.line}:${range.start.column}`;
      process.stderr.write(`faultline: ${at} does not parse (${message}). What could be read of it was looked at.\n`);
    }
    process.exitCode = document.unseenFiles === 0 ? ExitCode.clean : ExitCode.unknown;
  } finally {
    progress.clear();
  }
}

const formats = ["pretty", "markdown", "json"];

function refuseMissing(root: string, paths: readonly string[], project: string | undefined): void {
  const missing = paths.find((each) => !existsSync(resolve(root, each)));
  if (missing !== undefined) {
    throw new UsageError(
      `There is no file or folder "${missing}" in ${root}.`,
      "Name a file or a folder that exists, or give no path to look at the whole working directory.",
    );
  }
  if (project !== undefined && !existsSync(resolve(root, project)))
    throw new UsageError(`There is no project file "${project}" in ${root}.`, "Name a tsconfig.json with --project.");
}
