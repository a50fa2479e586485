import { expect, test } from "vitest";
import type { CodeAction, Diagnostic } from "vscode-languageserver-protocol/node";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";
import { mixedStock, strongCounter } from "./sources.js";

test("the fix that raises the weaker cell leaves a file without findings", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  const action = await actionFor(editor, "stock.ts", /Linearizable/);
  expect(action.diagnostics).toHaveLength(1);
  await editor.apply(action.edit ?? {});
  expect(await editor.until("stock.ts", (diagnostics) => diagnostics.length === 0)).toEqual([]);
  expect(editor.text("stock.ts")).toContain("@Linearizable() readonly reserved");
});

test("each fix that is offered takes its finding away and leaves text that is analysed", async () => {
  for (const text of [mixedStock, strongCounter]) {
    using project = new Project({ "file.ts": text });
    await using editor = await Editor.start(project);
    const [diagnostic] = (await editor.open("file.ts")) as [Diagnostic];
    const fixes = () => editor.codeActions("file.ts", diagnostic.range, [], ["quickfix"]);
    const count = (await fixes()).length;
    expect(count).toBeGreaterThan(1);
    for (let index = 0; index < count; index++) {
      const action = (await fixes())[index];
      await editor.apply(action?.edit ?? {});
      await editor.until("file.ts", (diagnostics) => diagnostics.every(({ code }) => code !== diagnostic.code));
      await editor.edit("file.ts", editor.text("file.ts"), text);
      await editor.until("file.ts", (diagnostics) => diagnostics.some(({ code }) => code === diagnostic.code));
    }
  }
});

test("suppressing puts a comment above the line, as far to the right as the line", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  const action = await actionFor(editor, "stock.ts", /^Suppress/);
  expect(action.isPreferred).toBeUndefined();
  await editor.apply(action.edit ?? {});
  const lines = editor.text("stock.ts").split("\n");
  const index = lines.findIndex((line) => line.includes("faultline-disable-next-line"));
  expect(lines[index]).toMatch(/^ {4}\/\/ faultline-disable-next-line no-mixed-levels-in-transaction -- \S/);
  expect(lines[index + 1]).toContain("this.reserved.update");
  await editor.until("stock.ts", (diagnostics) => diagnostics.length === 0);
});

test("suppressing in the file puts one comment at its top, below the line that says what runs it", async () => {
  using project = new Project({ "stock.ts": `#!/usr/bin/env node\n${mixedStock}` });
  await using editor = await Editor.start(project);
  const action = await actionFor(editor, "stock.ts", /in this file$/);
  await editor.apply(action.edit ?? {});
  expect(editor.text("stock.ts").split("\n")[1]).toMatch(
    /^\/\* faultline-disable no-mixed-levels-in-transaction -- \S.* \*\/$/,
  );
  await editor.until("stock.ts", (diagnostics) => diagnostics.length === 0);
});

test("all safe fixes of a file are one action, for who asks for it", async () => {
  using project = new Project({ "views.ts": twoSafeFixes });
  await using editor = await Editor.start(project);
  await editor.open("views.ts");
  const whole = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  expect(await editor.codeActions("views.ts", whole)).toEqual([]);
  expect(await editor.codeActions("views.ts", whole, [], ["source.organizeImports"])).toEqual([]);
  for (const kind of ["source", "source.fixAll"]) {
    const actions = await editor.codeActions("views.ts", whole, [], [kind]);
    expect(actions.map((action) => action.kind)).toEqual(["source.fixAll.faultline"]);
  }
  const [action] = await editor.codeActions("views.ts", whole, [], ["source.fixAll.faultline"]);
  await editor.apply(action?.edit ?? {});
  await editor.until("views.ts", (diagnostics) => diagnostics.length === 0);
  expect(editor.text("views.ts")).toContain("@Eventual() readonly visits = counter();");
  expect(editor.text("views.ts")).toContain("await this.visits.increment();");
  expect(await editor.codeActions("views.ts", whole, [], ["source.fixAll.faultline"])).toEqual([]);
});

test("what somebody should look at is not fixed with all the rest", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  const whole = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  expect(await editor.codeActions("stock.ts", whole, [], ["source.fixAll"])).toEqual([]);
});

const twoSafeFixes = `import { Linearizable, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Linearizable() readonly visits = counter();

  async view(): Promise<void> {
    this.visits.increment();
  }
}
`;

test("fixes are edits of the version they were made for", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  const action = await actionFor(editor, "stock.ts", /Linearizable/);
  expect(action.edit?.documentChanges).toEqual([
    expect.objectContaining({ textDocument: { uri: editor.uri("stock.ts"), version: 1 } }),
  ]);
});

test("a client without versioned edits gets plain ones", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project, { capabilities: {} });
  const action = await actionFor(editor, "stock.ts", /Linearizable/);
  expect(Object.keys(action.edit?.changes ?? {})).toEqual([editor.uri("stock.ts")]);
});

test("where there is no finding there is nothing to fix", async () => {
  using project = new Project({ "stock.ts": mixedStock });
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  expect(await editor.codeActions("stock.ts", nowhere)).toEqual([]);
});

async function actionFor(editor: Editor, name: string, title: RegExp): Promise<CodeAction> {
  const [diagnostic] = (await editor.open(name)) as [Diagnostic];
  const actions = await editor.codeActions(name, diagnostic.range, [diagnostic]);
  const action = actions.find((candidate) => title.test(candidate.title));
  if (action === undefined) throw new Error(`none of ${actions.map((each) => each.title).join(", ")} is like ${title}`);
  return action;
}
