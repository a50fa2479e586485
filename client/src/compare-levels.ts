import type { LanguageClient } from "vscode-languageclient/node";
import type { CompareOutcome } from "../../server/src/protocol.js";
import type { Reports } from "./reports.js";
import { runCommand } from "./run-command.js";

/** Compares levels and shows the table, which is what was asked for; the server offers the edit. */
export async function compareLevelsAtCaret(
  client: LanguageClient,
  reports: Reports,
  command: string,
  parameters: readonly unknown[],
): Promise<CompareOutcome | undefined> {
  const hint = "Open a TypeScript file with an annotated class, then compare its levels.";
  const outcome = await runCommand<CompareOutcome>(client, command, parameters, hint);
  if (outcome === undefined) return undefined;
  reports.append(outcome);
  reports.show();
  return outcome;
}
