import { existsSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { CountProgress } from "./audit/count-progress.js";
import { renderAudit } from "./audit/report.js";
import { refuseProblems } from "./configuration.js";
import { ExitCode, UsageError } from "./exit.js";
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
    .option("--format <format>", "pretty or json", "pretty")
    .action(auditCommand);
}

async function auditCommand(paths: readonly string[], { project, format }: Options): Promise<void> {
  const root = process.cwd();
  if (format !== "pretty" && format !== "json")
    throw new UsageError(`There is no format "${format}".`, "The formats are pretty, json.");
  refuseMissing(root, paths, project);
  const options = { root, project, paths };
  const { createAnalysis } = await import("../analysis/index.js");
  const { takeInventory } = await import("../analysis/inventory/index.js");
  const { audit } = await import("../audit/index.js");
  const progress = new CountProgress(process.stderr);
  try {
    const analysis = createAnalysis({ ...options, declarationsOnly: true });
    refuseProblems(analysis.configurationProblems());
    const isIncluded = (file: string): boolean => analysis.configuration(file).isIncluded;
    const inventory = takeInventory({ ...options, isIncluded }, (done, total) => progress.show(done, total));
    const models = inventory.files.flatMap((file) => analysis.model(file) ?? []);
    const { regions } = analysis.configuration(resolve(root, paths[0] ?? ".", "_"));
    const document = audit({ inventory, models, regions, cwd: root });
    progress.clear();
    const size = { color: isColored(process.stdout), width: terminalWidth(process.stdout) };
    process.stdout.write(format === "json" ? `${JSON.stringify(document, null, 2)}\n` : renderAudit(document, size));
    for (const { file, range, message } of inventory.syntaxErrors) {
      const at = `${file.slice(root.length + 1)}:${range.start.line}:${range.start.column}`;
      process.stderr.write(`faultline: ${at} does not parse (${message}). What could be read of it was looked at.\n`);
    }
    process.exitCode = ExitCode.clean;
  } finally {
    progress.clear();
  }
}

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
