import { debug, Uri, window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { DebugOutcome } from "../../server/src/protocol.js";
import { askedSchedule } from "./replay-seed.js";
import type { Reports } from "./reports.js";
import { runCommand } from "./run-command.js";

/** Runs one schedule in the editor's own debugger, which stops at each operation that races. */
export async function debugSeedAtCaret(
  client: LanguageClient,
  reports: Reports,
  command: string,
  parameters: readonly unknown[],
): Promise<DebugOutcome | undefined> {
  const schedule = await askedSchedule(client, parameters);
  if (schedule === undefined) return undefined;
  const outcome = await runCommand<DebugOutcome>(client, command, [schedule], "There is nothing to debug here.");
  if (outcome === undefined) return undefined;
  reports.append(outcome);
  if (outcome.debugger === null) {
    reports.show();
    return outcome;
  }
  const folder = workspace.getWorkspaceFolder(Uri.parse(schedule.uri));
  const isAttached = await debug.startDebugging(folder, configuration(outcome.run, outcome.debugger));
  if (!isAttached) void window.showErrorMessage(`No debugger could attach to ${outcome.debugger.url}.`);
  return outcome;
}

/** For the debugger of JavaScript that comes with VS Code. */
const configuration = (
  { target, seed }: DebugOutcome["run"],
  { url, address, port }: NonNullable<DebugOutcome["debugger"]>,
) => ({
  type: "node",
  request: "attach",
  name: `Seed ${seed} of ${target}`,
  ...{ address, port, websocketAddress: url },
  // The process waits for whoever attaches.
  continueOnAttach: true,
  autoAttachChildProcesses: false,
  // The program is made of the user's files, whose map it carries itself.
  resolveSourceMapLocations: null,
  pauseForSourceMap: true,
  skipFiles: ["<node_internals>/**", "**/faultline-host.cjs"],
});
