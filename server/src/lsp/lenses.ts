import type { CodeLens } from "vscode-languageserver/node";
import { commands, type SimulateArguments } from "../protocol.js";
import type { Feature } from "./feature.js";
import { fileOfDocument, toProtocolRange } from "./positions.js";
import type { Session } from "./session.js";

/** `▶ Simulate` above every annotated class and every scenario. */
export const lenses: Feature = {
  capabilities: () => ({ codeLensProvider: { resolveProvider: false } }),

  register(session) {
    session.connection.onCodeLens(async (parameters) => {
      await session.settingsArriving;
      const file = fileOfDocument(parameters);
      if (file === undefined || !session.settings.codeLens.simulate) return [];
      session.analysis.settle();
      return lensesOf(file, parameters.textDocument.uri, session);
    });
  },
};

function lensesOf(file: string, uri: string, session: Session): CodeLens[] {
  return session.workspace
    .analysisOf(file)
    .targets(file)
    .map(({ name, range }) => {
      const target: SimulateArguments = { uri, name };
      return {
        range: toProtocolRange(range),
        command: { title: "▶ Simulate", command: commands.simulate, arguments: [target] },
      };
    });
}
