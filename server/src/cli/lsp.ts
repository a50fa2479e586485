import type { Command } from "commander";
import { UsageError } from "./exit.js";

export function registerLsp(program: Command): void {
  program
    .command("lsp")
    .summary("start the language server")
    .description("Starts the language server, for any editor that speaks the Language Server Protocol.")
    .option("--stdio", "speak over standard input and output")
    .action(async ({ stdio }: { readonly stdio?: true }) => {
      if (stdio !== true)
        throw new UsageError("The language server was not told how to speak.", "Start it with faultline lsp --stdio.");
      const { startServer } = await import("../main.js");
      startServer();
    });
}
