import { expect, test } from "vitest";
import {
  DidChangeWatchedFilesNotification,
  DidRenameFilesNotification,
  FileChangeType,
} from "vscode-languageserver-protocol/node";
import "./deadline.js";
import { Editor } from "./editor.js";
import { expectedFindings, foundFindings, Project } from "./project.js";
import { mixedStock } from "./sources.js";

test("what Git ignores is followed as it changes, in nested folders too", async () => {
  using project = new Project({ ".git/HEAD": "", "generated/stock.ts": mixedStock, "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  const ignore = async (name: string, text: string): Promise<void> => {
    project.write(name, text);
    await editor.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: editor.uri(name), type: FileChangeType.Changed }],
    });
  };
  const until = (name: string, findings: readonly string[]) =>
    editor.until(name, (diagnostics) => String(foundFindings(diagnostics)) === String(findings));
  const expected = expectedFindings(mixedStock);
  await until("generated/stock.ts", expected);
  await ignore(".gitignore", "generated/\n");
  await until("generated/stock.ts", []);
  await ignore(".gitignore", "");
  await until("generated/stock.ts", expected);
  await ignore("generated/.gitignore", "*.ts\n");
  await until("generated/stock.ts", []);
  expect(foundFindings(await editor.open("stock.ts"))).toEqual(expected);
});

test("files move with their folder, for which there is one event", async () => {
  using project = new Project({ "old/stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  await editor.until("old/stock.ts", (diagnostics) => diagnostics.length > 0);
  project.rename("old", "new");
  await editor.connection.sendNotification(DidRenameFilesNotification.type, {
    files: [{ oldUri: editor.uri("old"), newUri: editor.uri("new") }],
  });
  await editor.until("old/stock.ts", (diagnostics) => diagnostics.length === 0);
  const moved = await editor.until("new/stock.ts", (diagnostics) => diagnostics.length > 0);
  expect(foundFindings(moved)).toEqual(expectedFindings(mixedStock));
});
