import type { CancellationToken, WorkDoneProgressReporter } from "vscode-languageserver/node";
import type { SimulateArguments, SimulateOutcome } from "../protocol.js";
import { type SimulateRun, simulate } from "../simulate/index.js";
import { explorationOf, runTarget, shownRun } from "./runs.js";
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
  const title = `Simulating ${name ?? "the whole file"}`;
  return shownRun(
    session,
    { key: scenarioKey(file, name ?? ""), title, token, progress },
    async (signal, onProgress) => {
      clear(session, file, name);
      const options = explorationOf(session, request, file);
      const show = (run: SimulateRun) => {
        for (const changed of session.simulationFindings.set(place(run, options.cwd, session))) {
          session.diagnostics.update(changed);
        }
      };
      // What fails is seen at once, and told again with all that fails when the run has ended.
      const { document, text } = await simulate({ ...options, name, signal, onProgress, onViolation: show });
      for (const run of document.runs) show(run);
      return { document, text, cancelled: signal.aborted };
    },
  );
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
