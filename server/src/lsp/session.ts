import type { ClientCapabilities, Connection, InitializeParams } from "vscode-languageserver/node";
import type { InitializationOptions } from "../protocol.js";
import { AnalysisQueue } from "./analysis-queue.js";
import { DiagnosticsPublisher } from "./diagnostics.js";
import { Documents } from "./documents.js";
import { defaultSettings, type Settings } from "./settings.js";
import { SimulationFindings } from "./simulation-findings.js";
import { Workspace } from "./workspace.js";

/** What every feature of one connected editor shares. */
export class Session {
  readonly capabilities: ClientCapabilities;
  readonly options: InitializationOptions;
  readonly workspace: Workspace;
  readonly documents = new Documents();
  readonly analysis: AnalysisQueue;
  readonly simulationFindings = new SimulationFindings();
  readonly diagnostics: DiagnosticsPublisher;
  settings: Settings = defaultSettings;
  /** Settings are asked for, and the answer takes a while; what depends on them waits for this. */
  settingsArriving: Promise<void> = Promise.resolve();
  /** Nothing of an untrusted workspace is ever run. */
  trusted: boolean;

  constructor(
    readonly connection: Connection,
    parameters: InitializeParams,
  ) {
    this.capabilities = parameters.capabilities;
    this.options = readOptions(parameters.initializationOptions);
    this.trusted = this.options.trusted !== false;
    this.workspace = new Workspace(rootsOf(parameters));
    this.analysis = new AnalysisQueue(this);
    this.diagnostics = new DiagnosticsPublisher(this);
  }

  /** For the log of the editor: what failed and where; the session goes on. */
  report(what: string, error: unknown): void {
    this.connection.console.error(
      `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

/** Clients send anything, or nothing; only what has the right shape counts. */
function readOptions(options: unknown): InitializationOptions {
  if (typeof options !== "object" || options === null) return {};
  const { trusted, diagnostics, settings } = options as Record<keyof InitializationOptions, unknown>;
  return {
    trusted: typeof trusted === "boolean" ? trusted : undefined,
    diagnostics: diagnostics === "push" ? diagnostics : undefined,
    settings,
  };
}

function rootsOf(parameters: InitializeParams): readonly string[] {
  const folders = parameters.workspaceFolders ?? [];
  if (folders.length > 0) return folders.map((folder) => folder.uri);
  return parameters.rootUri ? [parameters.rootUri] : [];
}
