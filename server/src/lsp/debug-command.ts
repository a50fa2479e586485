import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { CancellationToken, WorkDoneProgressReporter } from "vscode-languageserver/node";
import type { DebugOutcome, ReplayArguments } from "../protocol.js";
import type { Debuggable } from "../replay/debug.js";
import { type ReplayResult, replay } from "../replay/replay.js";
import { toProtocolRange } from "./positions.js";
import { reportProgress } from "./progress.js";
import { askedSchedule, outcomeOf, titleOf } from "./replay-command.js";
import { replacing } from "./runs.js";
import type { Session } from "./session.js";
import { scenarioKey } from "./simulation-findings.js";

/** Runs one schedule for a debugger, and answers once that can attach; the schedule goes on behind the answer. */
export async function debugCommand(
  session: Session,
  request: ReplayArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<DebugOutcome> {
  const asked = await askedSchedule(session, request);
  const { file, name = "", cwd } = asked;
  return new Promise((answer, reject) => {
    const run = replacing(session, `${scenarioKey(file, name)} in a debugger`, async (abort) => {
      const cancellation = token.onCancellationRequested(() => abort.abort());
      const told = (result: ReplayResult, ready?: Debuggable): DebugOutcome => ({
        ...outcomeOf(result, abort.signal),
        ...placesOf(ready, cwd),
      });
      let end: Promise<ReplayResult> | undefined;
      const begun = new Promise<DebugOutcome>((resolveOutcome, fail) => {
        const onReady = (ready: Debuggable, result: ReplayResult) => resolveOutcome(told(result, ready));
        end = replay({ ...asked, signal: abort.signal, debug: { port: 0, onReady } });
        end.then((result) => resolveOutcome(told(result)), fail);
      });
      answer(await reportProgress(session, progress, titleOf(asked, "Preparing"), abort, () => begun));
      // Whoever asked has been answered; from here on it is the debugger that ends it.
      cancellation.dispose();
      await end;
    });
    run.catch(reject);
  });
}

function placesOf(ready: Debuggable | undefined, cwd: string): Pick<DebugOutcome, "debugger" | "stops"> {
  if (ready === undefined) return { debugger: null, stops: [] };
  const { hostname, port } = new URL(ready.url);
  const stops = ready.stops.map(({ file, range }) => ({
    uri: pathToFileURL(resolve(cwd, file)).href,
    ...toProtocolRange(range).start,
  }));
  return { debugger: { url: ready.url, address: hostname, port: Number(port) }, stops };
}
