import process from "node:process";
import { runInNewContext } from "node:vm";
import { type Command, InvalidArgumentError } from "commander";
import { isLevel, type Level, levels } from "../../../runtime/src/levels.js";
import { galleryPage } from "../diagram/page.js";
import {
  decodeHistory,
  galleryOfHistory,
  HistoryFormatError,
  renderVerdict,
  type VerifyDocument,
  verifyHistory,
} from "../verify/index.js";
import { ExitCode, UsageError } from "./exit.js";
import { refuseUnwritable, writeOutput } from "./output-file.js";
import { wallMs } from "./run-options.js";
import { isColored, terminalWidth } from "./terminal.js";
import { textPieces } from "./verify/text-pieces.js";

interface Options {
  readonly input: string;
  readonly model?: string;
  readonly level?: Level;
  readonly timeout?: number;
  readonly format: "pretty" | "json";
  readonly html?: string;
}

export function registerVerify(program: Command): void {
  program
    .command("verify")
    .summary("judge a recorded history")
    .description(
      "Judges what deployment.record() wrote: each cell by the level that it declares, or all by one that is given. What " +
        "is broken is shown with the operations that show it.",
    )
    .argument("<history>", "a file of JSON Lines, which may be packed with gzip (.gz)")
    .option("--input <format>", "how the history is written: jsonl", "jsonl")
    .option("--model <model>", "what the history is about, where it does not say so itself")
    .option("--level <level>", `judge by this level, not by what cells declare: ${levels.join(", ")}`, level)
    .option("--timeout <ms>", "wall time of the judgement", wallMs)
    .option("--format <format>", "pretty or json", format, "pretty")
    .option("--html <file>", "also write the history as a page with a diagram, which needs no network")
    .action(verifyCommand);
}

function verifyCommand(file: string, options: Options): void {
  refuseOthers(options);
  const { html } = options;
  if (html !== undefined) refuseUnwritable({ option: "--html", file: html, example: "out.html" });
  const history = historyIn(file);
  const limited = new Limited(options.timeout);
  const result = verifyHistory(history, { ...limited, level: options.level, nowMs: () => performance.now() });
  const terminal = { color: isColored(process.stdout), width: terminalWidth(process.stdout) };
  process.stdout.write(
    options.format === "json" ? `${JSON.stringify(result.document, null, 2)}\n` : renderVerdict(result, file, terminal),
  );
  if (html !== undefined) writeOutput(html, galleryPage(galleryOfHistory(result, file)));
  process.exitCode = exitCodes[result.document.verdict];
}

const exitCodes: Readonly<Record<VerifyDocument["verdict"], number>> = {
  valid: ExitCode.clean,
  invalid: ExitCode.found,
  unknown: ExitCode.unknown,
};

/** Checkers compute without a pause, so only the engine can stop them: by time, and by Ctrl-C. */
class Limited {
  private readonly begunMs = performance.now();
  private interrupted: string | undefined;

  constructor(private readonly timeoutMs: number | undefined) {}

  readonly run = <T>(work: () => T): T => {
    const leftMs = this.timeoutMs === undefined ? undefined : this.timeoutMs - (performance.now() - this.begunMs);
    if (this.interrupted !== undefined || (leftMs !== undefined && leftMs < 1)) throw new GivenUp(this.interrupted);
    const timeout = leftMs === undefined ? {} : { timeout: Math.ceil(leftMs) };
    return runInNewContext("work()", { work }, { ...timeout, breakOnSigint: true }) as T;
  };

  readonly givenUp = (error: unknown): string | undefined => {
    const code = (error as { readonly code?: unknown } | null)?.code;
    if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") this.interrupted = "It was stopped by Ctrl-C.";
    if (error instanceof GivenUp || this.interrupted !== undefined) return this.interrupted ?? byTimeout;
    return code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? byTimeout : undefined;
  };
}

const byTimeout = "It was stopped by --timeout.";

class GivenUp extends Error {}

function historyIn(file: string): ReturnType<typeof decodeHistory> {
  let why: unknown;
  try {
    return decodeHistory(textPieces(file), { mayBeCutOff: true });
  } catch (error) {
    why = error;
  }
  if (why instanceof HistoryFormatError)
    throw new UsageError(
      `${file} is no history that can be read. ${why.message}`,
      "deployment.record() writes them: a line that says so, then one for each cell and each event.",
    );
  const { code, message } = why as NodeJS.ErrnoException;
  if (code === undefined) throw why;
  throw new UsageError(
    unreadable[code]?.(file) ?? `${file} could not be read: ${message}`,
    "Name a file that deployment.record() wrote.",
  );
}

const unreadable: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `There is no file ${file}.`,
  EISDIR: (file) => `${file} is a folder.`,
  Z_DATA_ERROR: (file) => `${file} is not packed with gzip, as its name says.`,
};

const otherInputs = ["jepsen", "edn", "porcupine-kv", "plume"];

function refuseOthers({ input, model }: Options): void {
  if (otherInputs.includes(input))
    throw new UsageError(
      `--input ${input} is not in this release yet.`,
      "It reads jsonl: what deployment.record() writes, and encodeHistory() of @faultline/runtime/checkers.",
    );
  if (input !== "jsonl") throw new UsageError(`There is no input "${input}".`, "This release reads --input jsonl.");
  if (model !== undefined)
    throw new UsageError(
      `--model ${model} is not in this release yet.`,
      "Histories of deployment.record() say themselves what each cell is: leave --model out.",
    );
}

function level(text: string): Level {
  if (isLevel(text)) return text;
  throw new InvalidArgumentError(`It has to be one of ${levels.join(", ")}.`);
}

function format(text: string): Options["format"] {
  if (text === "pretty" || text === "json") return text;
  throw new InvalidArgumentError("It has to be pretty or json.");
}
