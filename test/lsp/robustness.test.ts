import { once } from "node:events";
import { expect, test } from "vitest";
import {
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
} from "vscode-languageserver-protocol/node";
import "./deadline.js";
import { Editor } from "./editor.js";
import { expectedFindings, foundFindings, Project } from "./project.js";
import { mixedStock } from "./sources.js";

test("malformed messages cost an error at most, never the server", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  const { connection } = editor;
  const nowhere = { start: { line: 900, character: 900 }, end: { line: 901, character: 0 } };
  await expect(connection.sendRequest("faultline/unheardOf", {})).rejects.toThrow();
  await expect(connection.sendRequest("workspace/executeCommand", { command: "rm" })).rejects.toThrow(
    /no command "rm"/,
  );
  await expect(
    connection.sendRequest("workspace/executeCommand", { command: "faultline.simulate", arguments: [7] }),
  ).rejects.toThrow(/uri/);
  await expect(connection.sendRequest("textDocument/codeAction", { textDocument: 7 })).rejects.toThrow();
  for (const uri of ["untitled:Untitled-1", "file://%ff/%zz", "not an address", "file:///does/not/exist.ts"]) {
    const textDocument = { uri, languageId: "typescript", version: 1, text: mixedStock };
    await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    await connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: nowhere, text: "}" }],
    });
    expect(await connection.sendRequest("textDocument/codeLens", { textDocument: { uri } })).toBeInstanceOf(Array);
  }
  editor.process.stdin?.write("Content-Length: 9\r\n\r\n{ broken}");
  await connection.sendNotification("faultline/trustChanged", null as never);
  await connection.sendNotification("workspace/didChangeConfiguration", { settings: 7 });
  await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: "::", type: 1 }] });
  expect(foundFindings(await editor.open("stock.ts"))).toEqual(expectedFindings(mixedStock));
});

test("every prefix of a file can be open", async () => {
  using project = new Project({ "stock.ts": "" });
  await using editor = await Editor.start(project);
  await editor.open("stock.ts", "");
  for (const line of mixedStock.split(/(?<=\n)/)) {
    for (const part of line.match(/.{1,7}|\n/g) ?? []) {
      const text = editor.text("stock.ts");
      const at = { line: text.split("\n").length - 1, character: (text.split("\n").at(-1) ?? "").length };
      await editor.change("stock.ts", [{ range: { start: at, end: at }, newText: part }]);
    }
    await editor.lenses("stock.ts");
  }
  const diagnostics = await editor.until("stock.ts", (found) => found.length > 0);
  expect(foundFindings(diagnostics)).toEqual(expectedFindings(mixedStock));
});

test("the server ends when it is asked to, with 0", async () => {
  using project = new Project({});
  await using editor = await Editor.start(project);
  const ended = once(editor.process, "exit");
  await editor.connection.sendRequest("shutdown");
  await editor.connection.sendNotification("exit");
  expect(await ended).toEqual([0, null]);
});

test("the server ends when its editor is gone", async () => {
  using project = new Project({});
  await using editor = await Editor.start(project);
  const ended = once(editor.process, "exit");
  editor.process.stdin?.end();
  expect(await ended).toEqual([1, null]);
});
