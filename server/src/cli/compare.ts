import { relative } from "node:path";
import process from "node:process";
import { type Command, InvalidArgumentError } from "commander";
import { type CompareResult, compare } from "../compare/index.js";
import { applyLevels, levelsEdit, renderLevelsEdit } from "./compare/levels-edit.js";
import { configurationOf, usualSchedules } from "./configuration.js";
import { ExitCode, UsageError } from "./exit.js";
import { Progress } from "./progress.js";
import { atLeast, interruptible, parseTarget, refuseImpossible, wallMs } from "./run-options.js";
import { isColored, terminalWidth } from "./terminal.js";

interface Options {
  readonly schedules?: number;
  readonly seed: number;
  readonly timeout?: number;
  readonly format: "pretty" | "json";
  readonly processes?: number;
  readonly apply?: boolean;
}

export function registerCompare(program: Command): void {
  program
    .command("compare")
    .summary("run one workload at all five levels, and find the weakest that suffice")
    .description(
      "Runs the calls of a class at each of the five levels: what they keep and break, refuse under a partition, take and " +
        "cost. Then looks for the weakest level of each field that keeps everything, and shows the edit.",
    )
    .argument("<target>", "file#Class for calls that are generated, or file#scenario")
    .option("--schedules <n>", "schedules for each assignment of levels; 1,000 unless configured", atLeast(1))
    .option("--seed <n>", "seed of the first schedule; schedule i has seed + i − 1", atLeast(0), 1)
    .option("--timeout <ms>", "wall time of the whole command", wallMs)
    .option("--format <format>", "pretty or json", format, "pretty")
    .option("--processes <n>", "processes that share the schedules; one a core unless given", atLeast(1))
    .option("--apply", "write the weakest sufficient levels into the source")
    .action(compareCommand);
}

async function compareCommand(target: string, options: Options): Promise<void> {
  const { file, name } = parseTarget(target);
  if (name === undefined)
    throw new UsageError(
      `"${target}" names no class.`,
      "Write file#Class: levels are compared for one class at a time.",
    );
  const schedules = options.schedules ?? (await configurationOf(file)).schedules ?? usualSchedules;
  refuseImpossible(options.seed, schedules);
  const progress = new Progress(process.stderr);
  const { seed, processes } = options;
  const cwd = process.cwd();
  try {
    const result = await interruptible(options.timeout, (signal) =>
      compare({
        ...{ file, name, schedules, seed, processes, signal, cwd },
        onProgress: (each) => progress.show(each),
        onOutput: (text) => progress.print(text),
      }),
    );
    progress.clear();
    await print(result, file, options);
    process.exitCode = exitCodes[result.outcome];
  } finally {
    progress.clear();
  }
}

/** Breaking at weak levels is what is asked about, so that alone is nothing to fail for. */
const exitCodes: Readonly<Record<CompareResult["outcome"], number>> = {
  found: ExitCode.clean,
  none: ExitCode.found,
  unknown: ExitCode.unknown,
};

async function print(result: CompareResult, file: string, { format: asked, apply }: Options): Promise<void> {
  const isEditWanted = asked === "pretty" || apply === true;
  const edit =
    result.weakest === null || !isEditWanted ? undefined : await levelsEdit(file, result.weakest, process.cwd());
  if (asked === "json") process.stdout.write(`${JSON.stringify(result.document, null, 2)}\n`);
  else {
    const terminal = { color: isColored(process.stdout), width: terminalWidth(process.stdout) };
    process.stdout.write(result.render(terminal));
    if (edit !== undefined) process.stdout.write(`\n${renderLevelsEdit(edit, { ...terminal, cwd: process.cwd() })}\n`);
  }
  if (apply !== true || edit === undefined) return;
  // Beside a document for programs nothing else may stand on standard output.
  const said = asked === "json" ? process.stderr : process.stdout;
  for (const written of applyLevels(edit)) said.write(`wrote ${relative(process.cwd(), written)}\n`);
}

function format(text: string): Options["format"] {
  if (text === "pretty" || text === "json") return text;
  throw new InvalidArgumentError("It has to be pretty or json.");
}
