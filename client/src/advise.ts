import { window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { AdviseOutcome } from "../../server/src/protocol.js";
import { runCommand } from "./run-command.js";

/** Opens the decision record as a document of its own, to be kept where the user likes. */
export async function adviseAtCaret(
  client: LanguageClient,
  command: string,
  parameters: readonly unknown[],
): Promise<AdviseOutcome | undefined> {
  const hint = "Open a TypeScript file with an annotated class, then ask for its decision record.";
  const outcome = await runCommand<AdviseOutcome>(client, command, parameters, hint);
  if (outcome === undefined) return undefined;
  const record = await workspace.openTextDocument({ language: "markdown", content: outcome.markdown });
  await window.showTextDocument(record, { preview: false });
  return outcome;
}
