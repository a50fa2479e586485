import type { ExtensionContext } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { commands } from "../../server/src/protocol.js";
import { adviseAtCaret } from "./advise.js";
import { auditFolder } from "./audit.js";
import { compareLevelsAtCaret } from "./compare-levels.js";
import { debugSeedAtCaret } from "./debug-seed.js";
import { createLanguageClient, type RunCommand } from "./language-client.js";
import { replaySeedAtCaret } from "./replay-seed.js";
import { reports } from "./reports.js";
import { restartServer } from "./restart-server.js";
import { simulateAtCaret } from "./simulate.js";
import { announceTrust } from "./trust.js";

/** Stops the server before the editor does. */
let stop: (() => Promise<void>) | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = reports();
  const client: LanguageClient = createLanguageClient(
    context,
    new Map<string, RunCommand>([
      [commands.simulate, (command, parameters) => simulateAtCaret(client, output, command, parameters)],
      [commands.compareLevels, (command, parameters) => compareLevelsAtCaret(client, output, command, parameters)],
      [commands.advise, (command, parameters) => adviseAtCaret(client, command, parameters)],
      [commands.audit, (command, parameters) => auditFolder(client, command, parameters)],
      [commands.replaySeed, (command, parameters) => replaySeedAtCaret(client, output, command, parameters)],
      [commands.debugSeed, (command, parameters) => debugSeedAtCaret(client, output, command, parameters)],
    ]),
  );
  stop = () => client.stop();
  context.subscriptions.push(output, restartServer(client), announceTrust(client));
  await client.start();
}

export async function deactivate(): Promise<void> {
  await stop?.();
}
