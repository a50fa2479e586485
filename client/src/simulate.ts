import { window } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { SimulateOutcome } from "../../server/src/protocol.js";
import { outcomeMessage } from "./outcome-message.js";
import type { Reports } from "./reports.js";
import { runCommand } from "./run-command.js";

/** Simulates, and answers the outcome, so that other extensions and key bindings can use it. */
export async function simulateAtCaret(
  client: LanguageClient,
  reports: Reports,
  command: string,
  parameters: readonly unknown[],
): Promise<SimulateOutcome | undefined> {
  const hint = "Open a TypeScript file with an annotated class or a scenario, then simulate.";
  const outcome = await runCommand<SimulateOutcome>(client, command, parameters, hint);
  if (outcome === undefined) return undefined;
  reports.append(outcome);
  announce(outcome, reports);
  return outcome;
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
