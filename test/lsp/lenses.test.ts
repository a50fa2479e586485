import { expect, test } from "vitest";
import { DidChangeConfigurationNotification } from "vscode-languageserver-protocol/node";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";
import { soundStock, stockScenario } from "./sources.js";

test("▶ Simulate stands above classes and scenarios, Compare levels above classes, and both follow edits", async () => {
  using project = new Project({ "stock.ts": soundStock, "scenario.ts": stockScenario });
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  await editor.open("scenario.ts");
  expect(await described(editor, "stock.ts")).toEqual([
    "export class Stock { ← ▶ Simulate Stock",
    "export class Stock { ← Compare levels Stock",
  ]);
  expect(await described(editor, "scenario.ts")).toEqual([
    "export const splitStock = scenario( ← ▶ Simulate splitStock",
  ]);
  await editor.edit("stock.ts", "@Replicated()", "\n\n@Replicated()");
  await editor.edit("stock.ts", "class Stock", "class Store");
  expect(await described(editor, "stock.ts")).toEqual([
    "export class Store { ← ▶ Simulate Store",
    "export class Store { ← Compare levels Store",
  ]);
});

test("each lens can be switched off and on again", async () => {
  using project = new Project({ "stock.ts": soundStock });
  await using editor = await Editor.start(project, {
    initializationOptions: { settings: { codeLens: { simulate: false, compareLevels: false } } },
  });
  await editor.open("stock.ts");
  expect(await editor.lenses("stock.ts")).toEqual([]);
  await editor.connection.sendNotification(DidChangeConfigurationNotification.type, {
    settings: { faultline: { codeLens: { simulate: true, compareLevels: false }, simulate: { schedules: "many" } } },
  });
  expect(await editor.lenses("stock.ts")).toHaveLength(1);
});

async function described(editor: Editor, name: string): Promise<readonly string[]> {
  const lines = editor.text(name).split("\n");
  return (await editor.lenses(name)).map(({ range, command }) => {
    const target = command?.arguments?.[0] as { uri: string; name: string };
    return `${lines[range.start.line]} ← ${command?.title} ${target.name}`;
  });
}
