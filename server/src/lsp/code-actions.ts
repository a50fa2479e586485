import { type CodeAction, CodeActionKind, type CodeActionParams } from "vscode-languageserver/node";
import { combineSafeFixes } from "../documents/combine-fixes.js";
import type { Finding, Fix, TextEdit } from "../documents/finding.js";
import { rules } from "../rules/index.js";
import { toDiagnostic } from "./diagnostics.js";
import type { Feature } from "./feature.js";
import { fileOfDocument, rangesTouch, toProtocolRange } from "./positions.js";
import { refactorActions, refactorKinds, resolvesEdits } from "./refactors.js";
import { replayActions } from "./replay-actions.js";
import type { Session } from "./session.js";
import { fileSuppression, suppression } from "./suppression.js";
import { workspaceEdit } from "./workspace-edit.js";

/** All safe fixes of a file at once, as `editor.codeActionsOnSave` asks for them. */
const fixAllKind = `${CodeActionKind.SourceFixAll}.faultline`;

/** What the light bulb offers for the findings and the code under the caret, and what is fixed on saving. */
export const codeActions: Feature = {
  capabilities: (client) => ({
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, ...refactorKinds, fixAllKind],
      ...(resolvesEdits(client) ? { resolveProvider: true } : {}),
    },
  }),

  register(session) {
    session.connection.onCodeAction((parameters) => {
      session.analysis.settle();
      return actionsAt(parameters, session);
    });
  },
};

function actionsAt(parameters: CodeActionParams, session: Session): CodeAction[] {
  const file = fileOfDocument(parameters);
  if (file === undefined) return [];
  const { only } = parameters.context;
  const findings = session.workspace.analysisOf(file).findings(file);
  const here = findings.filter(({ range }) => rangesTouch(toProtocolRange(range), parameters.range));
  const quickFixes = [
    ...here.flatMap((finding) => finding.fixes.map((fix) => fixAction(finding, fix, parameters, session))),
    ...here.flatMap((finding) => suppressActions(finding, parameters, session)),
    ...replayActions(file, parameters, session),
  ];
  return [
    ...(isWanted(CodeActionKind.QuickFix, only) ? quickFixes : []),
    ...(mayWant(refactorKinds, only)
      ? refactorActions(file, parameters, session).filter(({ kind }) => kind !== undefined && isWanted(kind, only))
      : []),
    // Nobody wants everything fixed who only asks what can be done here.
    ...(only !== undefined && isWanted(fixAllKind, only) ? fixAllActions(file, findings, session) : []),
  ];
}

/** Kinds are a hierarchy: who asks for `source.fixAll` wants `source.fixAll.faultline` as well. */
function isWanted(kind: CodeActionKind, only: readonly CodeActionKind[] | undefined): boolean {
  return only?.some((each) => each === CodeActionKind.Empty || kind === each || kind.startsWith(`${each}.`)) ?? true;
}

/** Spares the search where nothing below any of these kinds is asked for. */
function mayWant(kinds: readonly CodeActionKind[], only: readonly CodeActionKind[] | undefined): boolean {
  return kinds.some((kind) => isWanted(kind, only) || only?.some((each) => each.startsWith(`${kind}.`)));
}

function fixAllActions(file: string, findings: readonly Finding[], session: Session): CodeAction[] {
  // Saving one file must not change another.
  const isLocal = (fix: Fix): boolean => fix.edits.every((edit) => edit.file === file);
  const edits = combineSafeFixes(
    findings.map((finding) => ({ ...finding, fixes: finding.fixes.filter(isLocal) })),
  ).flatMap((fix) => fix.edits);
  if (edits.length === 0) return [];
  return [{ title: "Make all safe fixes of Faultline", kind: fixAllKind, edit: workspaceEdit(edits, session) }];
}

function fixAction(finding: Finding, fix: Fix, parameters: CodeActionParams, session: Session): CodeAction {
  return {
    ...actionFor(finding, fix.title, parameters, session),
    // What is preferred is applied without a look, also by "fix all"; only a safe fix may be.
    ...(fix.kind === "safe" ? { isPreferred: true } : {}),
    edit: workspaceEdit(fix.edits, session),
  };
}

function suppressActions(finding: Finding, parameters: CodeActionParams, session: Session): CodeAction[] {
  const text = session.documents.text(finding.file);
  // What is wrong with a configuration is no rule's finding.
  if (text === undefined || rules.every(({ id }) => id !== finding.rule)) return [];
  const action = (title: string, edit: TextEdit): CodeAction => ({
    ...actionFor(finding, title, parameters, session),
    edit: workspaceEdit([edit], session),
  });
  return [
    action(`Suppress ${finding.rule} on this line`, suppression(finding, text)),
    action(`Suppress ${finding.rule} in this file`, fileSuppression(finding, text)),
  ];
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
