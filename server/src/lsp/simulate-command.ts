import type { CancellationToken, WorkDoneProgressReporter } from "vscode-languageserver/node";
import { usualSchedules } from "../configuration/index.js";
import type { SimulateArguments, SimulateOutcome } from "../protocol.js";
import { type SimulateRun, simulate } from "../simulate/index.js";
import { reportProgress } from "./progress.js";
import { replacing, runTarget } from "./runs.js";
import type { Session } from "./session.js";
import { scenarioKey } from "./simulation-findings.js";
import { place } from "./simulation-placement.js";

/** Runs what the user asked for, from the buffers as they stand, and puts what it finds on the lines that race. */
export async function simulateCommand(
  session: Session,
  request: SimulateArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<SimulateOutcome> {
  const { file, name } = await runTarget(session, request, "simulation");
  const label = name ?? "the whole file";
  return replacing(session, scenarioKey(file, name ?? ""), async (abort) => {
    token.onCancellationRequested(() => abort.abort());
    clear(session, file, name);
    return reportProgress(session, progress, `Simulating ${label}`, abort, async (onProgress) => {
      const cwd = session.workspace.rootOf(file);
      const configured = session.workspace.analysisOf(file).configuration(file).schedules ?? usualSchedules;
      const show = (run: SimulateRun) => {
        for (const changed of session.simulationFindings.set(place(run, cwd, session))) {
          session.diagnostics.update(changed);
        }
      };
      const { document, text } = await simulate({
        file,
        name,
        schedules: request.schedules ?? session.settings.simulate.schedules ?? configured,
        seed: request.seed ?? session.settings.simulate.seed,
        buffers: session.documents.buffers(),
        signal: abort.signal,
        onProgress,
        // What fails is seen at once, and told again with all that fails when the run has ended.
        onViolation: show,
        cwd,
      });
      for (const run of document.runs) show(run);
      return { document, text, cancelled: abort.signal.aborted };
    });
  });
}

/** What the last run of the same targets found is no longer known to be true. */
function clear(session: Session, file: string, name: string | undefined): void {
  const named =
    name === undefined
      ? session.workspace
          .analysisOf(file)
          .targets(file)
          .map((each) => each.name)
      : [name];
  for (const each of named) {
    for (const changed of session.simulationFindings.set({ key: scenarioKey(file, each), placed: [] })) {
      session.diagnostics.update(changed);
    }
  }
}
