import { type CancellationToken, commands, ProgressLocation, window, workspace } from "vscode";
import { ExecuteCommandRequest, type LanguageClient, WorkDoneProgress } from "vscode-languageclient/node";

/** What a lens names, or the place of the caret. */
export interface Target {
  readonly uri: string;
  readonly line?: number;
}

/**
 * Has the server run what a lens names, or what stands at the caret when the command comes from the palette. Undefined if
 * nothing could be run, which the user has then been told; `hint` says what there should have been.
 */
export async function runCommand<Outcome>(
  client: LanguageClient,
  command: string,
  parameters: readonly unknown[],
  hint: string,
): Promise<Outcome | undefined> {
  const target = (parameters[0] as Target | undefined) ?? targetAtCaret(client);
  if (target === undefined) {
    void window.showInformationMessage(hint);
    return undefined;
  }
  try {
    return (await withProgress(client, command, target)) as Outcome;
  } catch (error) {
    explain(error);
    return undefined;
  }
}

/** Where the user stands in the source. */
export function targetAtCaret(client: LanguageClient): Target | undefined {
  const editor = window.activeTextEditor;
  if (editor === undefined) return undefined;
  const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
  return { uri, line: editor.selection.active.line };
}

let runs = 0;

/** The server reports to a token of ours, so that its progress and our cancel button are one notification. */
function withProgress(client: LanguageClient, command: string, target: Target): Promise<unknown> {
  const workDoneToken = `${command}.${++runs}`;
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
      return await client.sendRequest(ExecuteCommandRequest.type, request, cancellation);
    } finally {
      subscription.dispose();
    }
  });
  return Promise.resolve(run);
}

function explain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const offered = workspace.isTrusted ? [] : ["Manage Workspace Trust"];
  void window.showErrorMessage(message, ...offered).then((chosen) => {
    if (chosen !== undefined) void commands.executeCommand("workbench.trust.manage");
  });
}
