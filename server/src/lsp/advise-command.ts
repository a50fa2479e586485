import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from "vscode-languageserver/node";
import { advise, usualOperationsPerSecond, usualSchedules } from "../advise/index.js";
import type { AdviseOutcome, CompareArguments } from "../protocol.js";
import { explorationOf, runTarget, shownRun } from "./runs.js";
import type { Session } from "./session.js";
import { scenarioKey } from "./simulation-findings.js";

/** Writes a decision record for the class that the user names, from the buffers as they stand. */
export async function adviseCommand(
  session: Session,
  request: CompareArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<AdviseOutcome> {
  const { file, name } = await runTarget(session, request, "decision record");
  if (name === undefined) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, "A decision record is about one class at a time: name one.");
  }
  const key = `${scenarioKey(file, name)} advised`;
  const title = `Writing a decision record for ${name}`;
  return shownRun(session, { key, title, token, progress }, async (signal, onProgress) => {
    const analysis = session.workspace.analysisOf(file);
    const { document, markdown } = await advise({
      ...explorationOf(session, request, file),
      ...{ name, signal, onProgress, analysis },
      // A record is for reading: what the settings ask of a simulation would take five times as long here.
      schedules: request.schedules ?? usualSchedules,
      regions: analysis.configuration(file).regions,
      operationsPerSecond: usualOperationsPerSecond,
      availability: undefined,
    });
    return { document, markdown, cancelled: signal.aborted };
  });
}
