import { type ExtensionContext, workspace } from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from "vscode-languageclient/node";
import type { InitializationOptions } from "../../server/src/protocol.js";

/** A command of the server as the editor invokes it, from a lens or from the palette. */
export type RunCommand = (command: string, parameters: readonly unknown[]) => Promise<unknown>;

/** `own`: commands whose outcome this client shows. The server comes bundled; it talks over the channel that Node opens between parent and child. */
export function createLanguageClient(context: ExtensionContext, own: ReadonlyMap<string, RunCommand>): LanguageClient {
  const module = context.asAbsolutePath("dist/server/main.js");
  const server: ServerOptions = { module, transport: TransportKind.ipc };
  const languages = ["typescript", "typescriptreact", "javascript", "javascriptreact"];
  const options: LanguageClientOptions = {
    documentSelector: [
      ...languages.map((language) => ({ scheme: "file", language })),
      { scheme: "file", pattern: "**/faultline.config.json" },
    ],
    outputChannelName: "Faultline Language Server",
    // Read anew at every start, as trust may have been granted since.
    initializationOptions: (): InitializationOptions => ({ trusted: workspace.isTrusted, diagnostics: "push" }),
    middleware: {
      executeCommand: (command, parameters, next) => (own.get(command) ?? next)(command, parameters),
    },
  };
  return new LanguageClient("faultline", "Faultline", server, options);
}
