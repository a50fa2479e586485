import { type CancellationToken, commands, ProgressLocation, window, workspace } from "vscode";
import { ExecuteCommandRequest, type LanguageClient, WorkDoneProgress } from "vscode-languageclient/node";
import type { SimulateArguments, SimulateOutcome } from "../../server/src/protocol.js";
import { outcomeMessage } from "./outcome-message.js";
import type { Reports } from "./reports.js";

/**
 * Simulates what a lens names, or what stands at the caret when the command comes from the palette. Answers the outcome, so
 * that other extensions and key bindings can use it; undefined if nothing could be run, which the user has then been told.
 */
export async function simulateAtCaret(
  client: LanguageClient,
  reports: Reports,
  command: string,
  parameters: readonly unknown[],
): Promise<SimulateOutcome | undefined> {
  const target = (parameters[0] as SimulateArguments | undefined) ?? targetAtCaret(client);
  if (target === undefined) {
    void window.showInformationMessage("Open a TypeScript file with an annotated class or a scenario, then simulate.");
    return undefined;
  }
  try {
    const outcome = await withProgress(client, command, target);
    reports.append(outcome);
    announce(outcome, reports);
    return outcome;
  } catch (error) {
    explain(error);
    return undefined;
  }
}

function targetAtCaret(client: LanguageClient): SimulateArguments | undefined {
  const editor = window.activeTextEditor;
  if (editor === undefined) return undefined;
  const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
  return { uri, line: editor.selection.active.line };
}

let runs = 0;

/** The server reports to a token of ours, so that its progress and our cancel button are one notification. */
function withProgress(client: LanguageClient, command: string, target: SimulateArguments): Promise<SimulateOutcome> {
  const workDoneToken = `faultline.simulate.${++runs}`;
  const options = { location: ProgressLocation.Notification, title: "Faultline", cancellable: true };
  const run = window.withProgress(options, async (progress, cancellation: CancellationToken) => {
    let shown = 0;
    const subscription = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind === "begin") progress.report({ message: value.title });
      if (value.kind !== "report") return;
      const percentage = value.percentage ?? shown;
      progress.report({
        increment: percentage - shown,
        ...(value.message === undefined ? {} : { message: value.message }),
      });
      shown = percentage;
    });
    try {
      const request = { command, arguments: [target], workDoneToken };
      return (await client.sendRequest(ExecuteCommandRequest.type, request, cancellation)) as SimulateOutcome;
    } finally {
      subscription.dispose();
    }
  });
  return Promise.resolve(run);
}

/** The findings are on their lines and the report is one click away; this only says that it is done, and how. */
function announce(outcome: SimulateOutcome, reports: Reports): void {
  const message = outcomeMessage(outcome);
  if (message === undefined) return;
  const show = message.severity === "warning" ? window.showWarningMessage : window.showInformationMessage;
  void show(message.text, "Show Report").then((chosen) => {
    if (chosen !== undefined) reports.show();
  });
}

function explain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const offered = workspace.isTrusted ? [] : ["Manage Workspace Trust"];
  void window.showErrorMessage(message, ...offered).then((chosen) => {
    if (chosen !== undefined) void commands.executeCommand("workbench.trust.manage");
  });
}
