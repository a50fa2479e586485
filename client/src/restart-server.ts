import { commands, type Disposable } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

export function restartServer(client: LanguageClient): Disposable {
  return commands.registerCommand("faultline.restartServer", () => client.restart());
}
