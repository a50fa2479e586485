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
    .option("--format <format>", formatNames.join(", "), "pretty")
    .option("--fix", "make the fixes that are safe, and report what is left")
    .option("--rule <id=severity>", "error, warning, information or off; may be given several times", readRule)
    .option("--max-warnings <n>", "more warnings than this are a failure", readCount)
    .option("--since <revision>", "only findings on lines that changed since the branch left this Git revision")
    .option("--baseline <file>", "report no finding that is known in this file; write it if it does not exist")
    .option("--update-baseline", "write the baseline anew: what is found now is known from now on")
    .option("--watch", "stay, and report what changes with each change of a file")
    .option("--no-cache", "analyse everything, even where nothing changed since the last run")
    .action(checkCommand);
}

async function checkCommand(paths: readonly string[], options: Options): Promise<void> {
  const request = requestOf(paths, options);
  if (request.isWatching) {
    const { watch } = await import("./check/watch.js");
    return watch(request);
  }
  const checker = new Checker(request.analysis, { isCached: request.isCached });
  const selection = new Selection(request);
  const found = await checker.results();
  const fixed = request.isFixing ? await fixFindings(checker, selection, found) : undefined;
  const results = fixed?.results ?? found;
  const selected = selection.of(results.findings);
  await print(request, { results, selected, fixed: fixed?.fixed });
  process.exitCode = exitCodeOf(selected.findings, request);
}
