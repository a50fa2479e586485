import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
} from "vscode-languageserver/node";
import type { Refactor } from "../analysis/analysis.js";
import type { Range } from "../documents/finding.js";
import type { Feature } from "./feature.js";
import { fromProtocolRange } from "./positions.js";
import type { Session } from "./session.js";
import { workspaceEdit } from "./workspace-edit.js";

const kinds: Readonly<Record<Refactor["kind"], CodeActionKind>> = {
  rewrite: `${CodeActionKind.RefactorRewrite}.faultline`,
  extract: `${CodeActionKind.RefactorExtract}.faultline`,
};

/** What the menu of refactorings can be asked for; each has a kind of its own below these. */
export const refactorKinds: readonly CodeActionKind[] = Object.values(kinds);

/** By which an action is found again when a client asks for its edit. */
interface RefactorData {
  readonly file: string;
  readonly range: Range;
  readonly id: Refactor["id"];
  readonly title: string;
}

/** The edits of refactorings, for clients that ask for them only when somebody chooses one. */
export const refactors: Feature = {
  register(session) {
    session.connection.onCodeActionResolve((action) => {
      session.analysis.settle();
      const data = action.data as RefactorData | undefined;
      if (data === undefined || action.edit !== undefined) return action;
      // The text may have changed since: what cannot be offered any more has no edit, and nothing is misplaced.
      const chosen = session.workspace
        .analysisOf(data.file)
        .refactors(data.file, data.range)
        .find(({ id, title }) => id === data.id && title === data.title);
      return chosen === undefined ? action : { ...action, edit: workspaceEdit(chosen.edits(), session) };
    });
  },
};

export function refactorActions(file: string, parameters: CodeActionParams, session: Session): CodeAction[] {
  const range = fromProtocolRange(parameters.range);
  return session.workspace
    .analysisOf(file)
    .refactors(file, range)
    .map((refactor) => actionOf(refactor, { file, range, id: refactor.id, title: refactor.title }, session));
}

function actionOf(refactor: Refactor, data: RefactorData, session: Session): CodeAction {
  const action = { title: refactor.title, kind: `${kinds[refactor.kind]}.${refactor.id}` };
  return resolvesEdits(session.capabilities)
    ? { ...action, data }
    : { ...action, edit: workspaceEdit(refactor.edits(), session) };
}

export function resolvesEdits({ textDocument }: ClientCapabilities): boolean {
  const codeAction = textDocument?.codeAction;
  return codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes("edit") === true;
}
