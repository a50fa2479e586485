import { window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { AuditOutcome } from "../../server/src/protocol.js";
import { runCommand, targetAtCaret } from "./run-command.js";

/** Opens the inventory of a folder: of the file in front, else of the first that is open. */
export async function auditFolder(
  client: LanguageClient,
  command: string,
  parameters: readonly unknown[],
): Promise<AuditOutcome | undefined> {
  const target = parameters[0] ?? targetAtCaret(client) ?? firstFolder(client);
  const hint = "Open a folder or a file, then ask for its inventory.";
  const outcome = await runCommand<AuditOutcome>(client, command, target === undefined ? [] : [target], hint);
  if (outcome === undefined) return undefined;
  const inventory = await workspace.openTextDocument({ language: "markdown", content: outcome.markdown });
  await window.showTextDocument(inventory, { preview: false });
  return outcome;
}

function firstFolder(client: LanguageClient): { readonly uri: string } | undefined {
  const [folder] = workspace.workspaceFolders ?? [];
  return folder && { uri: client.code2ProtocolConverter.asUri(folder.uri) };
}
