import { DidChangeWatchedFilesNotification } from "vscode-languageserver/node";
import type { Feature } from "./feature.js";
import { fileOf } from "./positions.js";

/** Sources, and what decides how they are resolved and judged. */
const watched = ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}", "**/{tsconfig*,jsconfig,package,faultline.config}.json"];

/** Other programs (git, generators, another editor) change files too. */
export const watchedFiles: Feature = {
  register(session) {
    session.connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri } of changes) {
        const file = fileOf(uri);
        // An open buffer is the truth about its file, whatever lies on disk.
        if (file !== undefined && session.documents.text(file) === undefined) session.analysis.changed(file, "disk");
      }
    });
  },

  async start(session) {
    if (session.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
    const watchers = watched.map((globPattern) => ({ globPattern }));
    await session.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  },
};
