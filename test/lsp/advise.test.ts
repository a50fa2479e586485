import { expect, test } from "vitest";
import { ExecuteCommandRequest } from "vscode-languageserver-protocol/node";
import { adviseDocumentSchema } from "../../server/src/documents/advise.js";
import type { AdviseOutcome } from "../../server/src/protocol.js";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";
import { strongCounter } from "./sources.js";

const exported = strongCounter.replace(/ +\/\/ !!.*/, "");

test("a decision record is written for the class at a line, from the buffer as it stands", async () => {
  using project = new Project({ "page.ts": exported });
  await using editor = await Editor.start(project);
  await editor.open("page.ts", exported.replaceAll("Linearizable", "Causal"));
  const line = exported.split("\n").findIndex((text) => text.includes("views ="));
  const { document, markdown, cancelled } = await advise(editor, { line });
  expect(cancelled).toBe(false);
  const { fields, target, regions } = adviseDocumentSchema.parse(document);
  expect(target).toBe("page.ts#Page");
  expect(regions).toEqual({ names: ["nyc", "london", "tokyo"], areDefault: true });
  expect(fields.map(({ field, annotated, decision }) => [field, annotated, decision.level])).toEqual([
    ["views", "causal", "eventual"],
  ]);
  expect(markdown).toContain("# Which consistency the fields of `Page` need");
  await expect(advise(editor, {})).rejects.toThrow("A decision record is about one class at a time");
});

function advise(editor: Editor, target: object): Promise<AdviseOutcome> {
  const parameters = { uri: editor.uri("page.ts"), schedules: 10, ...target };
  return editor.connection.sendRequest(ExecuteCommandRequest.type, {
    command: "faultline.advise",
    arguments: [parameters],
  });
}
