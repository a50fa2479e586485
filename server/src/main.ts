import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import server from "../package.json" with { type: "json" };
import { serve } from "./lsp/connection.js";

/**
 * Serves one editor over the transport that the command line names (`--stdio`, `--node-ipc`, `--socket=…`), until it
 * disconnects; the process then ends with 0, or with 1 if the editor went away without saying so.
 */
export function startServer(): void {
  serve(createConnection(ProposedFeatures.all), server.version);
}
