import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  CodeActionResolveRequest,
  type CodeLens,
  CodeLensRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import type { InitializationOptions, SimulateOutcome } from "../../server/src/protocol.js";
import type { Project } from "./project.js";

const binary = fileURLToPath(new URL("../../server/bin/faultline.mjs", import.meta.url));

/** What VS Code says of itself, as far as it matters here. */
const usualCapabilities: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: InitializationOptions;
}

/** An editor without a window: the server as a child process, and a copy of each open document. */
export class Editor implements AsyncDisposable {
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #published = new Map<string, readonly Diagnostic[]>();
  readonly #waiting = new Set<() => void>();
  /** Every `publishDiagnostics`, in order. */
  readonly publications: {
    readonly name: string;
    readonly diagnostics: readonly Diagnostic[];
    readonly version: number | undefined;
  }[] = [];

  private constructor(
    readonly project: Project,
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly initialized: InitializeResult,
  ) {}

  static async start(project: Project, { capabilities, initializationOptions }: EditorOptions = {}): Promise<Editor> {
    const child = spawn(process.execPath, [binary, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    const uri = pathToFileURL(project.folder).href;
    const died = once(child, "exit").then(([code]) => Promise.reject(new Error(`The server ended with ${code}.`)));
    const answer = connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "project" }],
      capabilities: capabilities ?? usualCapabilities,
      initializationOptions,
    });
    // A test must not wait for a server that cannot answer; that it ends later is what tests ask of it.
    died.catch(() => undefined);
    const initialized = await Promise.race([answer, died]);
    const editor = new Editor(project, child, connection, initialized);
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri: of, diagnostics, version }) => {
      const name = editor.nameOf(of);
      editor.#published.set(name, diagnostics);
      editor.publications.push({ name, diagnostics, version });
      for (const check of editor.#waiting) check();
    });
    await connection.sendNotification(InitializedNotification.type, {});
    return editor;
  }

  uri(name: string): string {
    return pathToFileURL(this.project.path(name)).href;
  }

  nameOf(uri: string): string {
    return fileURLToPath(uri).slice(this.project.folder.length + 1);
  }

  text(name: string): string {
    return this.#document(name).text;
  }

  /**
   * Opens a file of the project, or an unsaved text in its place; answers the diagnostics of that document. What the
   * server says of the file on disk, before it has heard of the document, carries no version.
   */
  async open(name: string, text: string = this.project.read(name)): Promise<readonly Diagnostic[]> {
    const before = this.publications.length;
    const isAnswer = (said: { readonly name: string; readonly version?: number | undefined }) =>
      said.name === name && said.version === 1;
    this.#texts.set(name, { text, version: 1 });
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: this.uri(name), languageId: "typescript", version: 1, text },
    });
    return this.until(name, () => this.publications.slice(before).some(isAnswer));
  }

  async close(name: string): Promise<void> {
    this.#texts.delete(name);
    const textDocument = { uri: this.uri(name) };
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument });
  }

  /** Replaces the first occurrence of a text, as an incremental change. */
  async edit(name: string, from: string, to: string): Promise<void> {
    const { text } = this.#document(name);
    const offset = text.indexOf(from);
    if (offset < 0) throw new Error(`${name} does not contain ${JSON.stringify(from)}`);
    const range = { start: positionAt(text, offset), end: positionAt(text, offset + from.length) };
    await this.change(name, [{ range, newText: to }]);
  }

  async apply(edit: WorkspaceEdit): Promise<void> {
    const changes = edit.documentChanges?.map((change) => {
      if (!("textDocument" in change)) throw new Error(`unexpected ${change.kind}`);
      return [change.textDocument.uri, change.edits as TextEdit[]] as const;
    });
    for (const [uri, edits] of changes ?? Object.entries(edit.changes ?? {}))
      await this.change(this.nameOf(uri), edits);
  }

  async change(name: string, edits: readonly TextEdit[]): Promise<void> {
    const document = this.#document(name);
    // From the end of the text, so that no edit moves one that is still to come.
    const ordered = [...edits].sort(
      (a, b) => offsetAt(document.text, b.range.start) - offsetAt(document.text, a.range.start),
    );
    for (const { range, newText } of ordered) {
      const before = document.text.slice(0, offsetAt(document.text, range.start));
      document.text = before + newText + document.text.slice(offsetAt(document.text, range.end));
    }
    document.version += 1;
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri(name), version: document.version },
      contentChanges: ordered.map(({ range, newText }) => ({ range, text: newText })),
    });
  }

  /** Waits until the file's published diagnostics are as asked; the test's own deadline bounds it. */
  until(name: string, fits: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    return new Promise((resolve) => {
      const check = () => {
        const diagnostics = this.#published.get(name);
        if (diagnostics === undefined || !fits(diagnostics)) return;
        this.#waiting.delete(check);
        resolve(diagnostics);
      };
      this.#waiting.add(check);
      check();
    });
  }

  async codeActions(
    name: string,
    range: Range,
    diagnostics: readonly Diagnostic[] = [],
    only?: readonly string[],
  ): Promise<readonly CodeAction[]> {
    const context = { diagnostics: [...diagnostics], ...(only === undefined ? {} : { only: [...only] }) };
    const textDocument = { uri: this.uri(name) };
    const answer = await this.connection.sendRequest(CodeActionRequest.type, { textDocument, range, context });
    return (answer ?? []) as CodeAction[];
  }

  /** The edit of an action that came without one. */
  resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest(CodeActionResolveRequest.type, action);
  }

  async lenses(name: string): Promise<readonly CodeLens[]> {
    return (await this.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: this.uri(name) } })) ?? [];
  }

  simulate(name: string, target: string | undefined, options: object = {}): Promise<SimulateOutcome> {
    const parameters = { uri: this.uri(name), ...(target === undefined ? {} : { name: target }), ...options };
    const request = { command: "faultline.simulate", arguments: [parameters] };
    return this.connection.sendRequest(ExecuteCommandRequest.type, request) as Promise<SimulateOutcome>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.stdin?.end();
    await ended;
    this.connection.dispose();
  }

  #document(name: string): { text: string; version: number } {
    const document = this.#texts.get(name);
    if (document === undefined) throw new Error(`${name} is not open`);
    return document;
  }
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

function offsetAt(text: string, { line, character }: Position): number {
  const before = text.split("\n").slice(0, line);
  return before.reduce((sum, each) => sum + each.length + 1, 0) + character;
}
