import assert from "node:assert/strict";
import { type CodeLens, ConfigurationTarget, commands, type TextDocument, workspace } from "vscode";
import { bank, open } from "./workspace.js";

describe("lenses", () => {
  it("▶ Simulate stands above every annotated class and scenario", async () => {
    const document = await open(bank);
    const targets = document
      .getText()
      .split("\n")
      .filter((line) => /^export (class|const \w+ = scenario)/.test(line));
    assert.ok(targets.length > 2);
    assert.deepEqual(
      (await simulateLenses(document)).map(({ range }) => document.lineAt(range.start).text),
      targets,
    );
  });

  it("can be switched off", async () => {
    const document = await open(bank);
    const settings = workspace.getConfiguration("faultline.codeLens");
    await settings.update("simulate", false, ConfigurationTarget.Global);
    // The setting travels to the server in a message that the request for lenses follows.
    assert.deepEqual(await simulateLenses(document), []);
    await settings.update("simulate", undefined, ConfigurationTarget.Global);
    assert.notDeepEqual(await simulateLenses(document), []);
  });
});

async function simulateLenses(document: TextDocument): Promise<readonly CodeLens[]> {
  const lenses = await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 100);
  return lenses.filter(({ command }) => command?.title === "▶ Simulate");
}
