import { type Connection, TextDocumentSyncKind } from "vscode-languageserver/node";
import { codeActions } from "./code-actions.js";
import { diagnostics } from "./diagnostics.js";
import { documentSync } from "./document-sync.js";
import { executeCommand } from "./execute-command.js";
import type { Feature } from "./feature.js";
import { lenses } from "./lenses.js";
import { refactors } from "./refactors.js";
import { Session } from "./session.js";
import { settings } from "./settings.js";
import { trust } from "./trust.js";
import { watchedFiles } from "./watched-files.js";

const features: readonly Feature[] = [
  settings,
  trust,
  documentSync,
  watchedFiles,
  diagnostics,
  codeActions,
  refactors,
  lenses,
  executeCommand,
];

/** Serves one editor until it disconnects. */
export function serve(connection: Connection, version: string): void {
  connection.onInitialize((parameters) => {
    const session = new Session(connection, parameters);
    for (const feature of features) feature.register(session);
    connection.onInitialized(() => void start(session));
    const promised = features.map((feature) => feature.capabilities?.(session.capabilities, session) ?? {});
    return {
      serverInfo: { name: "faultline", version },
      capabilities: Object.assign(
        { positionEncoding: "utf-16", textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental } },
        ...promised,
      ),
    };
  });
  connection.listen();
}

/** Side by side: one feature that a client refuses, or keeps waiting, must not cost the others. */
async function start(session: Session): Promise<void> {
  const starting = features.map(async (feature) => feature.start?.(session));
  for (const result of await Promise.allSettled(starting)) {
    if (result.status === "rejected") session.report("A feature could not start", result.reason);
  }
}
