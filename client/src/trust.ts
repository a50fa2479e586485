import { type Disposable, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { type TrustChangedParameters, trustChanged } from "../../server/src/protocol.js";

/** Trust can only be granted while a window is open; losing it reloads the window. */
export function announceTrust(client: LanguageClient): Disposable {
  return workspace.onDidGrantWorkspaceTrust(async () => {
    const parameters: TrustChangedParameters = { trusted: true };
    await client.sendNotification(trustChanged, parameters);
  });
}
