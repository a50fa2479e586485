import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from "vscode-languageserver/node";
import { usualSchedules } from "../configuration/index.js";
import type { SimulateArguments, SimulateOutcome } from "../protocol.js";
import { simulate } from "../simulate/index.js";
import { fileOf, toProtocolRange } from "./positions.js";
import { reportProgress } from "./progress.js";
import type { Session } from "./session.js";
import { scenarioKey } from "./simulation-findings.js";
import { place } from "./simulation-placement.js";

/** Runs of the same target, so that asking again replaces the one under way. */
const running = new WeakMap<Session, Map<string, AbortController>>();

/** Runs what the user asked for, from the buffers as they stand, and puts what it finds on the lines that race. */
export async function simulateCommand(
  session: Session,
  request: SimulateArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<SimulateOutcome> {
  if (!session.trusted) throw new ResponseError(LSPErrorCodes.RequestFailed, untrusted);
  const file = fileOf(request.uri);
  if (file === undefined) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, `${request.uri} is not a file. Save it, then simulate it.`);
  }
  await session.settingsArriving;
  session.analysis.settle();
  const name = request.name ?? targetAbove(session, file, request.line);
  const label = name ?? "the whole file";
  return replacing(session, scenarioKey(file, name ?? ""), async (abort) => {
    token.onCancellationRequested(() => abort.abort());
    clear(session, file, name);
    return reportProgress(session, progress, `Simulating ${label}`, abort, async (onProgress) => {
      const cwd = session.workspace.rootOf(file);
      const configured = session.workspace.analysisOf(file).configuration(file).schedules ?? usualSchedules;
      const { document, text } = await simulate({
        file,
        name,
        schedules: request.schedules ?? session.settings.simulate.schedules ?? configured,
        seed: request.seed ?? session.settings.simulate.seed,
        buffers: session.documents.buffers(),
        signal: abort.signal,
        onProgress,
        cwd,
      });
      for (const run of document.runs) {
        for (const changed of session.simulationFindings.set(place(run, cwd, session))) {
          session.diagnostics.update(changed);
        }
      }
      return { document, text, cancelled: abort.signal.aborted };
    });
  });
}

const untrusted =
  "Faultline does not run code of a workspace that is not trusted, and a simulation runs this file. " +
  "Trust the workspace, then simulate again; findings and fixes work without that.";

/** Targets are in source order and do not nest, so the last one that starts at or before the line holds it. */
function targetAbove(session: Session, file: string, line: number | undefined): string | undefined {
  if (line === undefined) return undefined;
  const targets = session.workspace.analysisOf(file).targets(file);
  return targets.findLast(({ range }) => toProtocolRange(range).start.line <= line)?.name;
}

async function replacing<T>(session: Session, key: string, work: (abort: AbortController) => Promise<T>): Promise<T> {
  const own = running.get(session) ?? new Map<string, AbortController>();
  running.set(session, own);
  own.get(key)?.abort();
  const abort = new AbortController();
  own.set(key, abort);
  try {
    return await work(abort);
  } finally {
    if (own.get(key) === abort) own.delete(key);
  }
}

/** What the last run of the same targets found is no longer known to be true. */
function clear(session: Session, file: string, name: string | undefined): void {
  const targets = session.workspace.analysisOf(file).targets(file);
  const target = targets.find((candidate) => candidate.name === name);
  const named = name === undefined ? targets.map((each) => each.name) : [name];
  // A class means the scenarios that open it, or calls that are generated for itself.
  for (const each of target?.kind === "class" ? [...target.scenarios, target.name] : named) {
    for (const changed of session.simulationFindings.set({ key: scenarioKey(file, each), placed: [] })) {
      session.diagnostics.update(changed);
    }
  }
}
