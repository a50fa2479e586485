import type { TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver/node";
import type { TextEdit } from "../documents/finding.js";
import { toProtocolRange } from "./positions.js";
import type { Session } from "./session.js";

/** Open files are addressed with their version, so that an edit for an older text is refused and not misplaced. */
export function workspaceEdit(edits: readonly TextEdit[], session: Session): WorkspaceEdit {
  const { documents, capabilities } = session;
  const files = [...new Set(edits.map(({ file }) => file))];
  const changes = files.map(
    (file): TextDocumentEdit => ({
      textDocument: { uri: documents.uri(file), version: documents.version(file) ?? null },
      edits: edits
        .filter((edit) => edit.file === file)
        .map(({ range, text }) => ({ range: toProtocolRange(range), newText: text })),
    }),
  );
  if (capabilities.workspace?.workspaceEdit?.documentChanges === true) return { documentChanges: changes };
  return {
    changes: Object.fromEntries(changes.map(({ textDocument, edits: own }) => [textDocument.uri, own as never])),
  };
}
