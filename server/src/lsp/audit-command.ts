import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from "vscode-languageserver/node";
import { renderMarkdown, takeAudit } from "../audit/index.js";
import type { AuditArguments, AuditOutcome } from "../protocol.js";
import { fileOf } from "./positions.js";
import { withReporter } from "./progress.js";
import { replacing } from "./runs.js";
import type { Session } from "./session.js";

/** Takes stock of the folder that a file is in, from the buffers as they stand. It runs no code, so it needs no trust. */
export async function auditCommand(
  session: Session,
  { uri }: AuditArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<AuditOutcome> {
  const file = fileOf(uri);
  if (file === undefined)
    throw new ResponseError(LSPErrorCodes.RequestFailed, `${uri} is no file or folder on disk: open one of those.`);
  const root = session.workspace.folderOf(file);
  return replacing(session, `${root} audited`, (abort) => {
    token.onCancellationRequested(() => abort.abort());
    const { signal } = abort;
    return withReporter(session, progress, "Taking stock of the state that is shared", abort, async (reporter) => {
      const { document } = await takeAudit({
        ...{ root, signal, buffers: session.documents.buffers() },
        onProgress: (done, total) =>
          reporter.report(
            Math.floor((100 * done) / Math.max(1, total)),
            `${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} files`,
          ),
      });
      return { document, markdown: renderMarkdown(document), cancelled: signal.aborted };
    });
  });
}
