import { expect, test } from "vitest";
import {
  ApplyWorkspaceEditRequest,
  type ClientCapabilities,
  ExecuteCommandRequest,
  ShowMessageRequest,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { compareDocumentSchema } from "../../server/src/documents/compare.js";
import type { CompareOutcome } from "../../server/src/protocol.js";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";
import { strongCounter } from "./sources.js";

const applying: ClientCapabilities = { workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } } };
const exported = strongCounter.replace(/ +\/\/ !!.*/, "");

test("levels are compared, and the weakest that suffice are written if the user says so", async () => {
  using project = new Project({ "page.ts": exported });
  await using editor = await Editor.start(project, { capabilities: applying });
  await editor.open("page.ts");
  const asked: string[] = [];
  editor.connection.onRequest(ShowMessageRequest.type, ({ message, actions }) => {
    asked.push(message);
    return actions?.[0] ?? null;
  });
  const applied = new Promise<WorkspaceEdit>((resolve) =>
    editor.connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
      resolve(edit);
      return { applied: true };
    }),
  );
  const { document, text, cancelled } = await compareLevels(editor, { name: "Page" });
  expect(cancelled).toBe(false);
  expect(compareDocumentSchema.parse(document)).toMatchObject({
    target: "page.ts#Page",
    weakestSufficient: { views: "eventual" },
  });
  expect(text).toContain("page.ts#Page at all five levels");
  const edits = (await applied).documentChanges?.flatMap((change) => ("edits" in change ? change.edits : []));
  expect(edits?.map((edit) => ("newText" in edit ? edit.newText : ""))).toContain("@Eventual()");
  expect(asked).toEqual(["The weakest levels that keep everything: views eventual."]);
});

test("a line names the class; without one, or a name, nothing can be compared", async () => {
  using project = new Project({ "page.ts": exported });
  await using editor = await Editor.start(project);
  await editor.open("page.ts", exported.replaceAll("Linearizable", "Eventual"));
  const line = exported.split("\n").findIndex((text) => text.includes("views ="));
  const { document } = await compareLevels(editor, { line });
  expect(document.weakestSufficient).toEqual({ views: "eventual" });
  await expect(compareLevels(editor, {})).rejects.toThrow("Levels are compared for one class at a time");
});

function compareLevels(editor: Editor, target: object): Promise<CompareOutcome> {
  const parameters = { uri: editor.uri("page.ts"), schedules: 20, ...target };
  return editor.connection.sendRequest(ExecuteCommandRequest.type, {
    command: "faultline.compareLevels",
    arguments: [parameters],
  });
}
