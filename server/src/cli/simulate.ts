import process from "node:process";
import { type Command, InvalidArgumentError } from "commander";
import { galleryPage } from "../diagram/page.js";
import {
  blockSize,
  blocksOf,
  galleryOf,
  preview,
  type SimulateOptions,
  type SimulateResult,
  type SimulateRun,
  simulate,
} from "../simulate/index.js";
import { configurationOf, usualSchedules } from "./configuration.js";
import { ExitCode, UsageError } from "./exit.js";
import { refuseUnwritable, writeOutput } from "./output-file.js";
import { writePerfetto } from "./perfetto-file.js";
import { Progress } from "./progress.js";
import { atLeast, faults, interruptible, parseTarget, refuseImpossible, strategy, wallMs } from "./run-options.js";
import { isInContinuousIntegration, toReproduce } from "./simulate/continuous-integration.js";
import { boundsOf, type ExhaustiveOptions, withExhaustive } from "./simulate/exhaustive-options.js";
import { junitReport } from "./simulate/junit.js";
import { prepareFolder, saveTraces } from "./simulate/saved-traces.js";
import { isColored, terminalWidth } from "./terminal.js";

interface Options {
  readonly schedules?: number;
  readonly seed: number;
  readonly faults?: "random" | "none" | readonly unknown[];
  readonly strategy?: SimulateOptions["strategy"];
  readonly timeout?: number;
  readonly format: string;
  readonly html?: string;
  readonly perfetto?: string;
  readonly saveTraces?: string;
  readonly shrink: boolean;
  readonly processes?: number;
  readonly shard?: Shard;
  readonly preview?: boolean;
}

type AllOptions = Options & ExhaustiveOptions;

interface Target {
  readonly file: string;
  readonly name?: string;
  readonly schedules: number;
}

interface Shard {
  readonly index: number;
  readonly count: number;
}

export function registerSimulate(program: Command): void {
  withExhaustive(program.command("simulate"))
    .summary("run annotated classes and scenarios on simulated replicas under faults")
    .description(
      "Runs files on simulated replicas under many schedules: their exported scenarios, and calls that are generated from " +
        "the method signatures of each exported class with @Replicated() that no scenario opens.",
    )
    .argument("<target...>", "file, file#scenario, or file#Class for calls that are generated")
    .option("--schedules <n>", "schedules for each target; 1,000 unless configured", atLeast(1))
    .option("--seed <n>", "seed of the first schedule; schedule i has seed + i − 1", atLeast(0), 1)
    .option("--faults <faults>", "random, none, or a JSON array of faults, in place of the scenario's own", faults)
    .option("--strategy <strategy>", "how generated calls meet: mixed unless given; see docs/workloads.md", strategy)
    .option("--no-shrink", "show failing schedules as they were found, and try no remedy: sooner")
    .option("--timeout <ms>", "wall time of the whole command", wallMs)
    .option("--format <format>", "pretty, json or junit", "pretty")
    .option("--save-traces <folder>", "keep the first failing schedule of each target, for faultline replay")
    .option("--processes <n>", "processes that share the schedules; one a core unless given", atLeast(1))
    .option("--shard <i/n>", "run the i-th of n parts, for n machines that share a run", shard)
    .option("--preview", "say what would be called with what, and run nothing")
    .option("--html <file>", "also write the failing schedules as a page with diagrams, which needs no network")
    .option("--perfetto <file>", "also write the first failing schedule for ui.perfetto.dev or chrome://tracing")
    .action(simulateCommand);
}

async function simulateCommand(targets: readonly string[], options: AllOptions): Promise<void> {
  refuseFormat(options);
  const exhaustive = boundsOf(options);
  const { html, perfetto } = options;
  if (html !== undefined) refuseUnwritable({ option: "--html", file: html, example: "out.html" });
  if (perfetto !== undefined) refuseUnwritable({ option: "--perfetto", file: perfetto, example: "out.json" });
  if (options.saveTraces !== undefined) prepareFolder(options.saveTraces);
  const parsed = await Promise.all(
    targets.map(parseTarget).map(async (target) => {
      const schedules = options.schedules ?? (await configurationOf(target.file)).schedules ?? usualSchedules;
      refuseImpossible(options.seed, schedules);
      refuseEmpty(options.seed, schedules, options.shard);
      return { ...target, schedules };
    }),
  );
  if (options.preview === true) {
    for (const target of parsed)
      process.stdout.write(`${await preview({ ...target, seed: options.seed, cwd: process.cwd() })}\n`);
    return;
  }
  await interruptible(options.timeout, (signal) => simulateAll(parsed, { ...options, exhaustive }, signal));
}

type RunOptions = Options & Pick<SimulateOptions, "exhaustive">;

async function simulateAll(targets: readonly Target[], options: RunOptions, signal: AbortSignal): Promise<void> {
  const progress = new Progress(process.stderr);
  const results: SimulateResult[] = [];
  try {
    for (const target of targets) {
      const result = await simulateOne(target, { ...options, signal }, progress);
      results.push(result);
      progress.clear();
      if (options.format !== "pretty") continue;
      const width = terminalWidth(process.stdout);
      process.stdout.write(`${result.render({ color: isColored(process.stdout), width })}\n`);
    }
  } finally {
    progress.clear();
    // Also where one of the next cannot be run: what the others took an hour for is known.
    if (results.length > 0) conclude(results, options);
  }
}

function simulateOne(
  target: Target,
  options: RunOptions & { readonly signal: AbortSignal },
  progress: Progress,
): Promise<SimulateResult> {
  const { seed, exhaustive, faults: given, strategy: chosen, shrink, processes, shard: part, signal } = options;
  return simulate({
    ...{ ...target, seed, exhaustive, faults: given, strategy: chosen, shrink, processes, shard: part, signal },
    cwd: process.cwd(),
    onProgress: (each) => progress.show(each),
    onViolation: (run) => progress.announce(run),
    onOutput: (text) => progress.print(text),
  });
}

/** The documents, the files, and in continuous integration the one command. */
function conclude(results: readonly SimulateResult[], options: Options): void {
  const finished = results.flatMap((result) => result.finished);
  const runs = results.flatMap(({ document }) => document.runs);
  if (options.format === "junit") process.stdout.write(`${junitReport(finished)}\n`);
  if (options.format === "json") process.stdout.write(`${JSON.stringify({ schema: 1, runs }, null, 2)}\n`);
  process.exitCode = exitCodeOf(runs);
  writeFiles(finished, options);
  if (!isInContinuousIntegration(process.env)) return;
  // Beside a document for programs nothing else may stand on standard output.
  const said = options.format === "pretty" ? process.stdout : process.stderr;
  said.write(toReproduce(finished));
}

/** After what is printed, which is not lost when one of them cannot be written. */
function writeFiles(finished: SimulateResult["finished"], { saveTraces: folder, html, perfetto }: Options): void {
  if (folder !== undefined) saveTraces(finished, folder);
  if (html !== undefined) writeOutput(html, galleryPage(galleryOf(finished)));
  if (perfetto !== undefined) writePerfetto(perfetto, finished);
}

function refuseEmpty(seed: number, schedules: number, shard: Shard | undefined): void {
  const parts = blocksOf({ seed, schedules }).length;
  if (shard === undefined || shard.index <= parts) return;
  throw new UsageError(
    `Of ${schedules} schedules nothing is left for part ${shard.index} of ${shard.count}.`,
    `They are handed out ${blockSize} at a time: give at most ${parts} ${parts === 1 ? "part" : "parts"}, or more --schedules.`,
  );
}

function refuseFormat({ format, html, perfetto, saveTraces: folder, preview: isPreview }: Options): void {
  if (format !== "pretty" && format !== "json" && format !== "junit")
    throw new UsageError(
      `There is no format "${format}".`,
      "Use --format pretty, which is the default, --format json or --format junit.",
    );
  if (isPreview === true && format !== "pretty")
    throw new UsageError("--preview prints text only.", "Leave out --format, or --preview.");
  const file = html !== undefined ? "--html" : perfetto !== undefined ? "--perfetto" : "--save-traces";
  if (isPreview === true && (html ?? perfetto ?? folder) !== undefined)
    throw new UsageError(
      `--preview runs nothing, so there is nothing for ${file}.`,
      `Leave out ${file}, or --preview.`,
    );
}

function exitCodeOf(runs: readonly SimulateRun[]): number {
  if (runs.some(({ outcome }) => outcome === "violated")) return ExitCode.found;
  return runs.every(({ outcome }) => outcome === "holds") ? ExitCode.clean : ExitCode.unknown;
}

function shard(text: string): Shard {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count };
  throw new InvalidArgumentError("It has to be i/n with i from 1 to n, such as 2/4 for the second of four parts.");
}
