import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import type { Finding, Fix, TextEdit } from "../documents/finding.js";
import { toDiagnostic } from "./diagnostics.js";
import type { Feature } from "./feature.js";
import { fileOfDocument, rangesTouch, toProtocolRange } from "./positions.js";
import type { Session } from "./session.js";
import { suppression } from "./suppression.js";

/** What the light bulb offers for the findings under the caret. */
export const codeActions: Feature = {
  capabilities: () => ({ codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } }),

  register(session) {
    session.connection.onCodeAction((parameters) => {
      session.analysis.settle();
      return actionsAt(parameters, session);
    });
  },
};

function actionsAt(parameters: CodeActionParams, session: Session): CodeAction[] {
  const file = fileOfDocument(parameters);
  const { only } = parameters.context;
  // A client that asks for `quickfix.something` or `refactor` asks for nothing that we have.
  if (file === undefined || only?.every((kind) => kind !== CodeActionKind.QuickFix && kind !== CodeActionKind.Empty)) {
    return [];
  }
  const findings = session.workspace.analysisOf(file).findings(file);
  const here = findings.filter(({ range }) => rangesTouch(toProtocolRange(range), parameters.range));
  return [
    ...here.flatMap((finding) => finding.fixes.map((fix) => fixAction(finding, fix, parameters, session))),
    ...here.flatMap((finding) => suppressAction(finding, parameters, session) ?? []),
  ];
}

function fixAction(finding: Finding, fix: Fix, parameters: CodeActionParams, session: Session): CodeAction {
  return {
    ...actionFor(finding, fix.title, parameters, session),
    // What is preferred is applied without a look, also by "fix all"; only a safe fix may be.
    ...(fix.kind === "safe" ? { isPreferred: true } : {}),
    edit: workspaceEdit(fix.edits, session),
  };
}

function suppressAction(finding: Finding, parameters: CodeActionParams, session: Session): CodeAction | undefined {
  const text = session.documents.text(finding.file);
  if (text === undefined) return undefined;
  const title = `Suppress ${finding.rule} on this line`;
  return {
    ...actionFor(finding, title, parameters, session),
    edit: workspaceEdit([suppression(finding, text)], session),
  };
}

function actionFor(finding: Finding, title: string, parameters: CodeActionParams, session: Session): CodeAction {
  const range = toProtocolRange(finding.range);
  // The client's own copy, where it sent one: it matches actions to squiggles by equality.
  const sent = parameters.context.diagnostics.filter(
    (diagnostic) => diagnostic.code === finding.rule && rangesTouch(diagnostic.range, range),
  );
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: sent.length > 0 ? sent : [toDiagnostic(finding, session)],
  };
}

/** Open files are addressed with their version, so that an edit for an older text is refused and not misplaced. */
function workspaceEdit(edits: readonly TextEdit[], session: Session): WorkspaceEdit {
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
