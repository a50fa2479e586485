import { resolve } from "node:path";
import process from "node:process";
import { type Command, InvalidArgumentError } from "commander";
import { galleryPage } from "../diagram/page.js";
import { type ReplayOptions, type ReplayResult, replay } from "../replay/replay.js";
import { renderSavedTrace } from "../replay/saved-trace.js";
import { readSavedTrace } from "../replay/trace-file.js";
import { targetOfTrace } from "../replay/trace-target.js";
import { galleryOf } from "../simulate/index.js";
import { ExitCode, UsageError } from "./exit.js";
import { refuseUnwritable, writeOutput } from "./output-file.js";
import { writePerfetto } from "./perfetto-file.js";
import { attachHints } from "./replay/attach-hints.js";
import { atLeast, faults, interruptible, parseTarget, strategy, wallMs } from "./run-options.js";
import { isColored, terminalWidth } from "./terminal.js";

interface Options {
  readonly seed?: number;
  readonly faults?: "random" | "none" | readonly unknown[];
  readonly strategy?: ReplayOptions["strategy"];
  readonly shrink: boolean;
  readonly save?: string;
  readonly html?: string;
  readonly perfetto?: string;
  readonly inspect?: number | true;
  readonly timeout?: number;
}

export function registerReplay(program: Command): void {
  program
    .command("replay")
    .summary("run one schedule again and tell its story; in a debugger, if asked")
    .description(
      "Runs one schedule with all that happens in it written down: that of a seed, or one that was saved, which goes on " +
        "to be the same schedule when unrelated code changes. Says so when it no longer fits the program.",
    )
    .argument("<target>", "file#scenario, file#Class, or a trace.json that was saved")
    .option("--seed <n>", "the seed that a run has named", atLeast(0))
    .option("--faults <faults>", "random, none, or a JSON array of faults, as the run was given", faults)
    .option("--strategy <strategy>", "how the run chose its schedules, if it was told", strategy)
    .option("--no-shrink", "show the whole schedule, and not the smallest that fails alike")
    .option("--save <file>", "keep the schedule in a file")
    .option("--html <file>", "also write it as a page with a diagram, which needs no network")
    .option("--perfetto <file>", "also write it for ui.perfetto.dev or chrome://tracing")
    .option("--inspect [port]", "wait for a debugger, and stop it at the operations that race", port)
    .option("--timeout <ms>", "wall time of the whole command", wallMs)
    .action(replayCommand);
}

async function replayCommand(target: string, options: Options): Promise<void> {
  const { inspect, save, html, perfetto, timeout } = options;
  refuseUnwritableFiles(options);
  const asked = target.endsWith(".json") ? savedSchedule(target, options) : seededSchedule(target, options);
  const show = (result: ReplayResult) => {
    const width = terminalWidth(process.stdout);
    process.stdout.write(`${result.render({ color: isColored(process.stdout), width })}\n`);
  };
  let isShown = false;
  let isStopped = () => false;
  const result = await interruptible(timeout, (signal) => {
    isStopped = () => signal.aborted;
    return replay({
      ...asked,
      signal,
      onOutput: (text) => process.stderr.write(text),
      ...(inspect === undefined
        ? {}
        : {
            debug: {
              port: inspect === true ? 0 : inspect,
              onReady(ready, found) {
                show(found);
                isShown = true;
                process.stdout.write(`${attachHints(ready)}\n`);
              },
            },
          }),
    });
  });
  if (isShown) process.stdout.write(isStopped() ? "Stopped.\n" : "The schedule has run to its end.\n");
  else show(result);
  process.exitCode = exitCodes[result.outcome];
  const finished = result.finished === undefined ? [] : [result.finished];
  if (html !== undefined && finished.length > 0) writeOutput(html, galleryPage(galleryOf(finished)));
  if (perfetto !== undefined && finished.length > 0) writePerfetto(perfetto, finished);
  if (save !== undefined) keep(result, save);
}

function refuseUnwritableFiles({ save, html, perfetto }: Options): void {
  if (html !== undefined) refuseUnwritable({ option: "--html", file: html, example: "out.html" });
  if (perfetto !== undefined) refuseUnwritable({ option: "--perfetto", file: perfetto, example: "out.json" });
  if (save === undefined) return;
  refuseUnwritable({ option: "--save", file: save, example: "trace.json" });
  if (!save.endsWith(".json"))
    throw new UsageError(
      `faultline replay would not know ${save} for a trace: those end in .json.`,
      `Write --save ${save}.json`,
    );
}

const exitCodes: Readonly<Record<ReplayResult["outcome"], number>> = {
  violated: ExitCode.found,
  holds: ExitCode.clean,
  unknown: ExitCode.unknown,
  parted: ExitCode.unknown,
};

type Asked = Pick<ReplayOptions, "file" | "name" | "seed" | "faults" | "strategy" | "shrink" | "saved" | "cwd">;

function seededSchedule(target: string, { seed, faults: given, strategy: chosen, shrink }: Options): Asked {
  const parsed = parseTarget(target);
  if (seed === undefined)
    throw new UsageError(
      `Which schedule of ${target}?`,
      `Give its seed, which the report of a run names: faultline replay ${target} --seed 412. Or give a trace that was saved.`,
    );
  return { ...parsed, seed, faults: given, strategy: chosen, shrink, cwd: process.cwd() };
}

function savedSchedule(shown: string, options: Options): Asked {
  const surplus = (["seed", "faults", "strategy"] as const).find((option) => options[option] !== undefined);
  if (surplus !== undefined)
    throw new UsageError(
      `${shown} says which schedule it is, and --${surplus} would say another.`,
      `Leave out --${surplus}, or give file#name in place of the trace.`,
    );
  const path = resolve(shown);
  const trace = readSavedTrace({ path, shown });
  const target = targetOfTrace(trace, process.cwd(), path);
  return { ...target, seed: trace.decisions.seed, saved: { trace, shown } };
}

function keep({ saved, run }: ReplayResult, file: string): void {
  if (saved === undefined)
    throw new UsageError(
      `There is nothing to save: ${run.reason ?? "the schedule was not run."}`,
      "Save a schedule that runs to its end.",
    );
  writeOutput(file, renderSavedTrace(saved));
}

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  throw new InvalidArgumentError("It has to be a port, 0 to 65535; without one, any that is free is taken.");
}
