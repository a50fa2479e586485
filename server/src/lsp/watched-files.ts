import { DidChangeWatchedFilesNotification, FileOperationPatternKind } from "vscode-languageserver/node";
import type { Feature } from "./feature.js";
import { fileOf } from "./positions.js";

/** Sources, and what decides how they are resolved and judged. */
const watched = [
  "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
  "**/{tsconfig*,jsconfig,package,faultline.config}.json",
  "**/.gitignore",
];

/** A folder that is moved or deleted is one event, and its files have none of their own. */
const folders = { filters: [{ scheme: "file", pattern: { glob: "**", matches: FileOperationPatternKind.folder } }] };

/** Other programs (git, generators, another editor) change files too. */
export const watchedFiles: Feature = {
  capabilities: () => ({ workspace: { fileOperations: { didRename: folders, didDelete: folders } } }),

  register(session) {
    const { connection, analysis } = session;
    const changed = (uris: readonly string[]): void => {
      for (const file of uris.map(fileOf)) if (file !== undefined) analysis.changed(file, "disk");
    };
    connection.workspace.onDidRenameFiles(({ files }) =>
      changed(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
    );
    connection.workspace.onDidDeleteFiles(({ files }) => changed(files.map(({ uri }) => uri)));
    connection.onDidChangeWatchedFiles(({ changes }) => {
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
