import { expect, test } from "vitest";
import {
  type Diagnostic,
  DiagnosticRefreshRequest,
  DiagnosticSeverity,
  DocumentDiagnosticRequest,
  WorkspaceDiagnosticRequest,
} from "vscode-languageserver-protocol/node";
import "./deadline.js";
import { Editor } from "./editor.js";
import { expectedFindings, foundFindings, Project } from "./project.js";
import { mixedStock, soundStock } from "./sources.js";

test("the server says what it can do", async () => {
  using project = new Project({});
  await using editor = await Editor.start(project);
  expect(editor.initialized).toMatchObject({
    serverInfo: { name: "faultline", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: { openClose: true, change: 2 },
      codeActionProvider: {
        codeActionKinds: [
          "quickfix",
          "refactor.rewrite.faultline",
          "refactor.extract.faultline",
          "source.fixAll.faultline",
        ],
      },
      codeLensProvider: {},
      executeCommandProvider: {
        commands: [
          "faultline.simulate",
          "faultline.compareLevels",
          "faultline.advise",
          "faultline.audit",
          "faultline.replaySeed",
          "faultline.debugSeed",
        ],
        workDoneProgress: true,
      },
    },
  });
  expect(editor.initialized.capabilities.diagnosticProvider).toBeUndefined();
});

test("opening a file publishes its findings, with their reason, their page and their fixes", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  const diagnostics = await editor.open("stock.ts");
  expect(foundFindings(diagnostics)).toEqual(expectedFindings(mixedStock));
  const [diagnostic] = diagnostics as [Diagnostic];
  expect(diagnostic).toMatchObject({ source: "faultline", severity: DiagnosticSeverity.Error });
  expect(String(diagnostic.message).split("\n")).toHaveLength(3);
  expect(diagnostic.message).toContain("`reserve`");
  expect(diagnostic.codeDescription?.href).toMatch(/no-mixed-levels-in-transaction/);
  expect(diagnostic.relatedInformation?.length).toBeGreaterThan(0);
  expect(diagnostic.data.fixes.length).toBeGreaterThan(0);
  expect(editor.publications.findLast(({ name }) => name === "stock.ts")?.version).toBe(1);
});

test("a file without findings is answered as well", async () => {
  using project = new Project({ "stock.ts": soundStock });
  await using editor = await Editor.start(project);
  expect(await editor.open("stock.ts")).toEqual([]);
});

test("an edit takes a finding away, and undoing it brings the same one back, each for its version", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  const version = () => editor.publications.findLast(({ name }) => name === "stock.ts")?.version;
  const before = await editor.open("stock.ts");
  await editor.edit("stock.ts", "@Eventual() ", "@Linearizable() ");
  expect(await editor.until("stock.ts", (diagnostics) => diagnostics.length === 0)).toEqual([]);
  expect(version()).toBe(2);
  await editor.edit("stock.ts", "@Linearizable() readonly reserved", "@Eventual() readonly reserved");
  expect(await editor.until("stock.ts", (diagnostics) => diagnostics.length > 0)).toEqual(before);
  expect(version()).toBe(3);
});

test("columns count UTF-16 units, as the protocol does", async () => {
  const text = mixedStock.replace("    await this.reserved", "    /* 𝒳 é */ await this.reserved");
  using project = new Project({ "stock.ts": text });
  await using editor = await Editor.start(project);
  const [diagnostic] = (await editor.open("stock.ts")) as [Diagnostic];
  const line = text.split("\n")[diagnostic.range.start.line] ?? "";
  expect(line.slice(diagnostic.range.start.character)).toMatch(/^(await )?this\.reserved/);
});

test("an edit in one file changes the findings of another that is open", async () => {
  const service = `import { Transaction } from "@faultline/runtime";
import { Stock } from "./stock.js";

export class Desk {
  @Transaction()
  async reserve(stock: Stock): Promise<void> {
    await stock.pieces.update((pieces) => pieces - 1);
    await stock.reserved.update((reserved) => reserved + 1); // !! no-mixed-levels-in-transaction
  }
}
`;
  using project = new Project({ "stock.ts": soundStock, "desk.ts": service });
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  expect(await editor.open("desk.ts")).toEqual([]);
  await editor.edit("stock.ts", "@Linearizable() readonly reserved", "@Eventual() readonly reserved");
  // The import of `Eventual` stands in the good text as well.
  const diagnostics = await editor.until("desk.ts", (found) => found.length > 0);
  expect(foundFindings(diagnostics)).toEqual(expectedFindings(service));
});

test("only diagnostics that changed are sent, and a burst of key strokes is analysed as one", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  const sent = editor.publications.length;
  for (let stroke = 0; stroke < 50; stroke++) void editor.edit("stock.ts", "}\n}\n", `}\n}\n// ${stroke}\n`);
  await editor.lenses("stock.ts");
  expect(editor.publications.length).toBe(sent);
});

test("files that change on disk are read again, open buffers are not", async () => {
  using project = new Project({ "stock.ts": soundStock });
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  project.write("other.ts", mixedStock);
  project.write("stock.ts", mixedStock);
  const changes = ["other.ts", "stock.ts"].map((name) => ({ uri: editor.uri(name), type: 1 }));
  await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
  const diagnostics = await editor.until("other.ts", (found) => found.length > 0);
  expect(foundFindings(diagnostics)).toEqual(expectedFindings(mixedStock));
  expect(editor.publications.filter(({ name, diagnostics: found }) => name === "stock.ts" && found.length > 0)).toEqual(
    [],
  );
});

test("a client that pulls is told when to pull again, and gets nothing pushed", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project, {
    capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
  });
  expect(editor.initialized.capabilities.diagnosticProvider).toMatchObject({ workspaceDiagnostics: true });
  const refreshed = new Promise<void>((resolve) => {
    editor.connection.onRequest(DiagnosticRefreshRequest.type, () => resolve());
  });
  const textDocument = { uri: editor.uri("stock.ts") };
  void editor.open("stock.ts");
  const report = await editor.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument });
  if (report.kind !== "full") throw new Error("the first report is complete");
  expect(foundFindings(report.items)).toEqual(expectedFindings(mixedStock));

  const previousResultId = report.resultId ?? "";
  const again = await editor.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument, previousResultId });
  expect(again).toEqual({ kind: "unchanged", resultId: previousResultId });

  project.write("other.ts", mixedStock);
  const changes = [{ uri: editor.uri("other.ts"), type: 1 as const }];
  await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
  await refreshed;
  const all = await editor.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  const withItems = all.items.filter((item) => item.kind === "full" && item.items.length > 0);
  expect(withItems.map(({ uri }) => editor.nameOf(uri)).sort()).toEqual(["other.ts", "stock.ts"]);
  expect(editor.publications).toEqual([]);
});
