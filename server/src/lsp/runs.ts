import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from "vscode-languageserver/node";
import { usualSchedules } from "../configuration/index.js";
import type { SimulateArguments } from "../protocol.js";
import type { SimulateOptions } from "../simulate/index.js";
import { fileOf, toProtocolRange } from "./positions.js";
import { reportProgress } from "./progress.js";
import type { Session } from "./session.js";

/** What a request names: a target, a line that one stands at or above, or a whole file. */
export interface RunRequest {
  readonly uri: string;
  readonly name?: string | undefined;
  readonly line?: number | undefined;
}

export interface RunTarget {
  readonly file: string;
  readonly name: string | undefined;
}

/** Finds what is to be run, from the buffers as they stand. `what` is about to happen: "simulation", "comparison". */
export async function runTarget(session: Session, request: RunRequest, what: string): Promise<RunTarget> {
  if (!session.trusted) throw new ResponseError(LSPErrorCodes.RequestFailed, untrusted(what));
  const file = fileOf(request.uri);
  if (file === undefined) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, `${request.uri} is not a file. Save it, then try again.`);
  }
  await session.settingsArriving;
  session.analysis.settle();
  return { file, name: request.name ?? targetAbove(session, file, request.line) };
}

const untrusted = (what: string): string =>
  `Faultline does not run code of a workspace that is not trusted, and a ${what} runs this file. ` +
  "Trust the workspace, then try again; findings and fixes work without that.";

/** Targets are in source order and do not nest, so the last one that starts at or before the line holds it. */
function targetAbove(session: Session, file: string, line: number | undefined): string | undefined {
  if (line === undefined) return undefined;
  const targets = session.workspace.analysisOf(file).targets(file);
  return targets.findLast(({ range }) => toProtocolRange(range).start.line <= line)?.name;
}

/** How much is to be run: as asked, else as the editor's settings have it, else the project's; from the buffers as they stand. */
export function explorationOf(
  session: Session,
  request: SimulateArguments,
  file: string,
): Pick<SimulateOptions, "file" | "schedules" | "seed" | "buffers" | "cwd"> {
  const { schedules, seed } = session.settings.simulate;
  const configured = session.workspace.analysisOf(file).configuration(file).schedules ?? usualSchedules;
  return {
    file,
    schedules: request.schedules ?? schedules ?? configured,
    seed: request.seed ?? seed,
    buffers: session.documents.buffers(),
    cwd: session.workspace.rootOf(file),
  };
}

interface ShownRun {
  /** Asking again for what has the same key replaces it. */
  readonly key: string;
  readonly title: string;
  readonly token: CancellationToken;
  readonly progress: WorkDoneProgressReporter;
}

/** One run as people see it: with its progress, and ended by whoever asked for it or watches it. */
export function shownRun<T>(
  session: Session,
  { key, title, token, progress }: ShownRun,
  work: (signal: AbortSignal, onProgress: NonNullable<SimulateOptions["onProgress"]>) => Promise<T>,
): Promise<T> {
  return replacing(session, key, (abort) => {
    token.onCancellationRequested(() => abort.abort());
    return reportProgress(session, progress, title, abort, (onProgress) => work(abort.signal, onProgress));
  });
}

/** Runs of the same target, so that asking again replaces the one under way. */
const running = new WeakMap<Session, Map<string, AbortController>>();

export async function replacing<T>(
  session: Session,
  key: string,
  work: (abort: AbortController) => Promise<T>,
): Promise<T> {
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
