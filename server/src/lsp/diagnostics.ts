import { isDeepStrictEqual } from "node:util";
import {
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import type { Finding, Fix } from "../documents/finding.js";
import type { Feature } from "./feature.js";
import { fileOf, fileOfDocument, toProtocolRange } from "./positions.js";
import { rulePage } from "./rule-page.js";
import type { Session } from "./session.js";
import { isInside } from "./workspace.js";

/** What `data` of a diagnostic holds: a client, or a tool behind it, can apply a fix without asking again. */
export interface DiagnosticData {
  readonly fixes: readonly Fix[];
}

export const diagnostics: Feature = {
  capabilities(_client, session) {
    if (!session.diagnostics.pulled) return {};
    const provider = { identifier: "faultline", interFileDependencies: true, workspaceDiagnostics: true };
    return { diagnosticProvider: provider };
  },

  register(session) {
    const { documents, analysis, connection, simulationFindings, diagnostics: publisher } = session;
    documents.onOpen((file) => publisher.opened(file));
    documents.onEdit(({ file, changes }) => {
      for (const changed of simulationFindings.edit(file, changes)) publisher.update(changed, changed === file);
    });
    if (!publisher.pulled) return;
    connection.languages.diagnostics.on((parameters) => {
      const file = fileOfDocument(parameters);
      analysis.settle(...(file === undefined ? [] : [file]));
      return file === undefined ? { kind: "full", items: [] } : publisher.report(file, parameters.previousResultId);
    });
    connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }) => {
      await analysis.complete();
      return { items: publisher.reportAll(new Map(previousResultIds.map(({ uri, value }) => [uri, value]))) };
    });
  },
};

/** Sends a file's diagnostics when, and only when, they are others than those the client has. */
export class DiagnosticsPublisher {
  /** The client asks for diagnostics itself and can be told to ask again. */
  readonly pulled: boolean;
  readonly #findings = new Map<string, readonly Diagnostic[]>();
  /** What the client knows, with a number that changes with it. */
  readonly #known = new Map<string, { readonly items: readonly Diagnostic[]; readonly result: number }>();
  readonly #mustAnswer = new Set<string>();
  /** Of files whose own text did not change. */
  #hasNews = false;
  #results = 0;

  constructor(private readonly session: Session) {
    const { textDocument, workspace } = session.capabilities;
    const canPull = textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true;
    this.pulled = canPull && session.options.diagnostics !== "push";
  }

  /** A file that was just opened gets an answer even if there is nothing to say. */
  opened(file: string): void {
    this.#mustAnswer.add(file);
  }

  /** Findings that changed; `edited` are the files whose own text changed, which a pulling client asks for anyway. */
  accept(changed: ReadonlyMap<string, readonly Finding[]>, edited: ReadonlySet<string>): void {
    for (const [file, findings] of changed) {
      this.#findings.set(
        file,
        findings.map((finding) => toDiagnostic(finding, this.session)),
      );
    }
    for (const file of new Set([...changed.keys(), ...edited, ...this.#mustAnswer])) {
      this.#hasNews = (this.#renew(file) && !edited.has(file)) || this.#hasNews;
    }
    this.#mustAnswer.clear();
    // A client asks again for all that it shows: once, when all is known, and not with every turn of the analysis.
    if (!this.#hasNews || !this.session.workspace.isComplete) return;
    this.#hasNews = false;
    if (this.pulled) this.session.connection.languages.diagnostics.refresh();
  }

  /** The simulation's findings in this file changed. */
  update(file: string, asksAnyway = false): void {
    if (this.#renew(file) && this.pulled && !asksAnyway) this.session.connection.languages.diagnostics.refresh();
  }

  /** Nothing is said any more about the files of a folder that left the workspace. */
  forget(root: string | undefined): void {
    const files = [...this.#findings.keys()].filter((file) => root !== undefined && isInside(root, file));
    this.accept(new Map(files.map((file) => [file, []])), new Set());
  }

  report(file: string, previous: string | undefined): DocumentDiagnosticReport {
    const { items, result } = this.#known.get(file) ?? { items: [], result: 0 };
    const resultId = String(result);
    return resultId === previous ? { kind: "unchanged", resultId } : { kind: "full", resultId, items: [...items] };
  }

  reportAll(previous: ReadonlyMap<string, string>): WorkspaceDocumentDiagnosticReport[] {
    const asked = [...previous.keys()].flatMap((uri) => fileOf(uri) ?? []);
    return [...new Set([...this.#known.keys(), ...asked])].map((file) => {
      const uri = this.session.documents.uri(file);
      const version = this.session.documents.version(file) ?? null;
      return { uri, version, ...this.report(file, previous.get(uri)) } as WorkspaceDocumentDiagnosticReport;
    });
  }

  #renew(file: string): boolean {
    const { documents, simulationFindings, connection } = this.session;
    const items = [...(this.#findings.get(file) ?? []), ...simulationFindings.of(file)];
    const known = this.#known.get(file)?.items ?? [];
    const differs = !isDeepStrictEqual(items, known);
    if (differs || !this.#known.has(file)) this.#known.set(file, { items, result: ++this.#results });
    if (this.pulled || !(differs || this.#mustAnswer.has(file))) return differs;
    const version = documents.version(file);
    const uri = documents.uri(file);
    void connection.sendDiagnostics({ uri, diagnostics: items, ...(version === undefined ? {} : { version }) });
    return differs;
  }
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

export function toDiagnostic(finding: Finding, session: Session): Diagnostic {
  const page = rulePage(finding.rule);
  const data: DiagnosticData = { fixes: finding.fixes };
  return {
    range: toProtocolRange(finding.range),
    severity: severities[finding.severity],
    source: "faultline",
    code: finding.rule,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    message: [finding.message, finding.why, finding.help].filter((part) => part !== "").join("\n"),
    ...related(finding.related, session),
    data,
  };
}

/** Related locations, for clients that can show them. */
export function related(
  locations: Finding["related"],
  session: Session,
): { relatedInformation?: NonNullable<Diagnostic["relatedInformation"]> } {
  const { textDocument } = session.capabilities;
  const supported =
    textDocument?.publishDiagnostics?.relatedInformation === true ||
    textDocument?.diagnostic?.relatedInformation === true;
  if (!supported || locations.length === 0) return {};
  return {
    relatedInformation: locations.map(({ file, range, message }) => ({
      location: { uri: session.documents.uri(file), range: toProtocolRange(range) },
      message,
    })),
  };
}
