import type { Command } from "commander";
import { UsageError } from "./exit.js";

const laterCommands: Readonly<Record<string, string>> = {};

/** What this release does not have yet is refused in a sentence, and never silently ignored. */
export function registerLaterCommands(program: Command): void {
  for (const [name, summary] of Object.entries(laterCommands))
    program
      .command(name, { hidden: true })
      .description(summary)
      .allowUnknownOption()
      .allowExcessArguments()
      .helpOption(false)
      .action(() => {
        throw new UsageError(
          `\`faultline ${name}\` (${summary}) is not part of this release yet.`,
          "This release has check, simulate, compare, advise, audit, replay, explain, init and lsp: see faultline --help.",
        );
      });
}
