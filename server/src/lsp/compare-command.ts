import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from "vscode-languageserver/node";
import { type CompareResult, compare } from "../compare/index.js";
import type { CompareArguments, CompareOutcome } from "../protocol.js";
import { explorationOf, runTarget, shownRun } from "./runs.js";
import type { Session } from "./session.js";
import { scenarioKey } from "./simulation-findings.js";
import { workspaceEdit } from "./workspace-edit.js";

/** Compares the levels of what the user names, from the buffers as they stand, and offers the weakest that suffice. */
export async function compareCommand(
  session: Session,
  request: CompareArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<CompareOutcome> {
  const { file, name } = await runTarget(session, request, "comparison");
  if (name === undefined) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, "Levels are compared for one class at a time: name one.");
  }
  const key = `${scenarioKey(file, name)} at all levels`;
  const title = `Comparing levels of ${name}`;
  return shownRun(session, { key, title, token, progress }, async (signal, onProgress) => {
    const result = await compare({ ...explorationOf(session, request, file), name, signal, onProgress });
    // The answer does not wait for what the user makes of it.
    void offer(session, file, result).catch((error: unknown) =>
      session.report("The levels could not be written", error),
    );
    return { document: result.document, text: result.text, cancelled: signal.aborted };
  });
}

const write = { title: "Write Them" };

/** By messages that every client has. What is written is worked out when the user says so: the text may have changed. */
async function offer(session: Session, file: string, { weakest, document }: CompareResult): Promise<void> {
  const { connection, capabilities, workspace } = session;
  if (weakest === null || capabilities.workspace?.applyEdit !== true) return;
  const edits = () => workspace.analysisOf(file).assignLevels(file, weakest).fix?.edits ?? [];
  if (edits().length === 0) return;
  const levels = Object.entries(document.weakestSufficient ?? {}).map(([field, level]) => `${field} ${level}`);
  const chosen = await connection.window.showInformationMessage(
    `The weakest levels that keep everything: ${levels.join(", ")}.`,
    write,
  );
  if (chosen?.title !== write.title) return;
  session.analysis.settle();
  await connection.workspace.applyEdit({ label: "Change levels", edit: workspaceEdit(edits(), session) });
}
