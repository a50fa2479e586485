import process from "node:process";
import { CommanderError } from "commander";

export const ExitCode = { clean: 0, found: 1, unusable: 2, unknown: 3 } as const;

/** Wrong options or arguments: what is wrong, and what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(
    readonly what: string,
    readonly help: string,
  ) {
    super(`${what}\n\n${help}`);
  }
}

/** Says on standard error what ended the command, and answers with its exit code. */
export function explain(error: unknown): number {
  if (error instanceof CommanderError) return explainUsage(error);
  // By name: the simulator is loaded only by those that simulate.
  const isInput = error instanceof Error && (error.name === "UsageError" || error.name === "UnusableInputError");
  const text = isInput ? error.message : `This is a defect of faultline, please report it. ${stackOf(error)}`;
  process.stderr.write(`faultline: ${text}\n`);
  return ExitCode.unusable;
}

/** Asking for help or the version ends the parser too, with code 0. */
function explainUsage({ exitCode, code, message }: CommanderError): number {
  if (exitCode === 0) return ExitCode.clean;
  const said = code === "commander.help" ? "there is no such command" : message.replace(/^error: /, "");
  const [what = "", ...suggestion] = said.split("\n");
  const hint = suggestion.join(" ").replace(/[()]/g, "").trim();
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}`.replace(/[^.?]$/, "$&.");
  const help = `Run faultline --help for the commands, and faultline help <command> for the options of one.`;
  process.stderr.write(`faultline: ${sentence}\n\n${hint === "" ? "" : `${hint} `}${help}\n`);
  return ExitCode.unusable;
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
