import { expect, test } from "vitest";
import { DidChangeWatchedFilesNotification, FileChangeType } from "vscode-languageserver-protocol/node";
import { Editor } from "./editor.js";
import { foundFindings, Project } from "./project.js";

const page = `import { Linearizable, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Linearizable() readonly views = counter();
}
`;

test("a configuration that changes on disk holds at once, and a broken one is found in its own file", async () => {
  using project = new Project({ "page.ts": page });
  await using editor = await Editor.start(project);
  const write = async (text: string): Promise<void> => {
    project.write("faultline.config.json", text);
    await editor.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: editor.uri("faultline.config.json"), type: FileChangeType.Changed }],
    });
  };
  expect(foundFindings(await editor.open("page.ts"))).toEqual(["5 no-strong-counter"]);
  await write('{ "severities": { "no-strong-counter": "off" } }');
  await editor.until("page.ts", (diagnostics) => diagnostics.length === 0);
  await write('{\n  "severities": { "no-strong-count": "off" }\n}');
  const [problem] = await editor.until("faultline.config.json", (diagnostics) => diagnostics.length === 1);
  expect(problem).toMatchObject({
    range: { start: { line: 1, character: 18 }, end: { line: 1, character: 35 } },
    message: expect.stringContaining("There is no rule `no-strong-count`."),
    code: "configuration",
  });
  // What was said last of the page still holds.
  expect(editor.publications.filter(({ name }) => name === "page.ts").at(-1)?.diagnostics).toEqual([]);
  await write("{}");
  await editor.until("faultline.config.json", (diagnostics) => diagnostics.length === 0);
  await editor.until("page.ts", (diagnostics) => diagnostics.length === 1);
});

test("a configuration that is open holds as it is typed, and nothing offers to suppress what is wrong with it", async () => {
  using project = new Project({ "page.ts": page, "faultline.config.json": "{}\n" });
  await using editor = await Editor.start(project);
  await editor.open("page.ts");
  await editor.open("faultline.config.json");
  await editor.edit("faultline.config.json", "{}", '{ "severities": { "no-strong-counter": "information" } }');
  await editor.until("page.ts", ([finding]) => finding?.severity === 3);
  await editor.edit("faultline.config.json", '"information"', '"info"');
  const [problem] = await editor.until("faultline.config.json", (diagnostics) => diagnostics.length === 1);
  expect(problem?.message).toContain("Did you mean `information`?");
  const whole = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
  expect(await editor.codeActions("faultline.config.json", whole)).toEqual([]);
});
