import { type CancellationToken, WorkDoneProgressReporter } from "vscode-languageserver/node";
import { shrinkProgressText } from "../simulate/index.js";
import { tryingText } from "../simulate/remedy-text.js";
import type { SimulateProgress } from "../simulate/simulate.js";
import type { Session } from "./session.js";

/** Shows a simulation under way. */
export function reportProgress<T>(
  session: Session,
  attached: WorkDoneProgressReporter,
  title: string,
  abort: AbortController,
  work: (onProgress: (progress: SimulateProgress) => void) => Promise<T>,
): Promise<T> {
  let shown = "";
  return withReporter(session, attached, title, abort, (reporter) =>
    work((progress) => {
      const percentage = Math.floor((100 * progress.done) / Math.max(1, progress.total));
      const message = describe(progress);
      // A schedule takes a millisecond or less; a person reads whole percents.
      const tried = progress.done === progress.total ? (progress.shrinking?.tried ?? 0) : 0;
      const next = `${progress.target} ${percentage} ${progress.violated} ${tried} ${progress.trying?.done}`;
      if (next !== shown) reporter.report(percentage, message);
      shown = next;
    }),
  );
}

/** Shows work under way: to the token the client sent with its request, else in a progress that the server asks for. */
export async function withReporter<T>(
  session: Session,
  attached: WorkDoneProgressReporter,
  title: string,
  abort: AbortController,
  work: (reporter: WorkDoneProgressReporter) => Promise<T>,
): Promise<T> {
  const reporter = await reporterFor(session, attached);
  const own = (reporter as { readonly token?: CancellationToken }).token;
  own?.onCancellationRequested(() => abort.abort());
  reporter.begin(title, 0, undefined, true);
  try {
    return await work(reporter);
  } finally {
    reporter.done();
  }
}

async function reporterFor(session: Session, attached: WorkDoneProgressReporter): Promise<WorkDoneProgressReporter> {
  if (!WorkDoneProgressReporter.isNullInstance(attached)) return attached;
  if (session.capabilities.window?.workDoneProgress !== true) return attached;
  return session.connection.window.createWorkDoneProgress();
}

function describe({ done, total, violated, first, shrinking, trying }: SimulateProgress): string {
  if (shrinking !== undefined && done === total) return shrinkProgressText(shrinking);
  if (trying !== undefined) return tryingText(trying);
  const count = (value: number) => value.toLocaleString("en-US");
  return `${count(done)} of ${count(total)} schedules${violated === 0 ? "" : `, ${count(violated)} violated`}${first === undefined ? "" : `, first ${first.name} with seed ${first.seed}`}`;
}
