import type { CodeLens } from "vscode-languageserver/node";
import { type CompareArguments, commands, type SimulateArguments } from "../protocol.js";
import type { Feature } from "./feature.js";
import { fileOfDocument, toProtocolRange } from "./positions.js";
import type { Session } from "./session.js";

/** `▶ Simulate` above every annotated class and every scenario, `Compare levels` above every class. */
export const lenses: Feature = {
  capabilities: () => ({ codeLensProvider: { resolveProvider: false } }),

  register(session) {
    session.connection.onCodeLens(async (parameters) => {
      await session.settingsArriving;
      const file = fileOfDocument(parameters);
      if (file === undefined) return [];
      session.analysis.settle();
      return lensesOf(file, parameters.textDocument.uri, session);
    });
  },
};

function lensesOf(file: string, uri: string, session: Session): CodeLens[] {
  return session.workspace
    .analysisOf(file)
    .targets(file)
    .flatMap(({ name, kind, range }) => {
      const { simulate, compareLevels } = session.settings.codeLens;
      const target: SimulateArguments & CompareArguments = { uri, name };
      const lens = (title: string, command: string): CodeLens => ({
        range: toProtocolRange(range),
        command: { title, command, arguments: [target] },
      });
      return [
        ...(simulate ? [lens("▶ Simulate", commands.simulate)] : []),
        ...(compareLevels && kind === "class" ? [lens("Compare levels", commands.compareLevels)] : []),
      ];
    });
}
