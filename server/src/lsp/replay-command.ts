import { basename } from "node:path";
import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from "vscode-languageserver/node";
import type { ReplayArguments, ReplayOutcome } from "../protocol.js";
import { type ReplayOptions, type ReplayResult, replay } from "../replay/replay.js";
import { readSavedTrace } from "../replay/trace-file.js";
import { targetOfTrace } from "../replay/trace-target.js";
import { runTarget, shownRun } from "./runs.js";
import type { Session } from "./session.js";
import { scenarioKey } from "./simulation-findings.js";

/** Runs one schedule again, from the buffers as they stand, and tells its story. */
export async function replayCommand(
  session: Session,
  request: ReplayArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<ReplayOutcome> {
  const asked = await askedSchedule(session, request);
  const key = `${scenarioKey(asked.file, asked.name ?? "")} again`;
  return shownRun(session, { key, title: titleOf(asked, "Replaying"), token, progress }, async (signal) =>
    outcomeOf(await replay({ ...asked, signal }), signal),
  );
}

export const outcomeOf = ({ outcome, run, text }: ReplayResult, signal: AbortSignal): ReplayOutcome => ({
  ...{ outcome, run, text },
  cancelled: signal.aborted,
});

/** What is to be run again. */
type Asked = Omit<ReplayOptions, "signal" | "debug">;

export const titleOf = ({ name, file, seed }: Asked, what: string): string =>
  `${what} seed ${seed} of ${name ?? basename(file)}`;

/** Which schedule is meant. */
export async function askedSchedule(session: Session, request: ReplayArguments): Promise<Asked> {
  const { file, name } = await runTarget(session, request, "replay");
  const cwd = session.workspace.rootOf(file);
  const buffers = session.documents.buffers();
  if (file.endsWith(".json")) {
    const shown = basename(file);
    const trace = readSavedTrace({ path: file, shown, buffers });
    return { ...targetOfTrace(trace, cwd, file), seed: trace.decisions.seed, saved: { trace, shown }, buffers };
  }
  const seed = request.seed ?? session.simulationFindings.seedOf(file, name);
  if (seed === undefined)
    throw new ResponseError(
      LSPErrorCodes.RequestFailed,
      `Which schedule of ${name ?? basename(file)}? Give its seed, or simulate first: what fails then names one.`,
    );
  return { file, name, seed, buffers, cwd };
}
