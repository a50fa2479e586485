import type { Feature } from "./feature.js";

/** Key stroke → analysis → diagnostics. */
export const documentSync: Feature = {
  register(session) {
    const { documents, analysis } = session;
    documents.onChange((file) => analysis.changed(file, "buffer"));
    documents.onClose((file) => analysis.changed(file, "closed"));
    documents.listen(session.connection);
  },

  start(session) {
    const { connection, workspace, analysis, diagnostics } = session;
    if (session.capabilities.workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const folder of removed) diagnostics.forget(workspace.remove(folder.uri));
        for (const folder of added) workspace.add(folder.uri);
        workspace.warm();
        analysis.reopenAll();
      });
    }
    workspace.warm();
    analysis.schedule();
  },
};
