import assert from "node:assert/strict";
import { commands, extensions } from "vscode";
import { bank, open } from "./workspace.js";

describe("the extension", () => {
  it("becomes active with a TypeScript file and offers its commands", async () => {
    await open(bank);
    const extension = extensions.getExtension("faultline.faultline-vscode");
    assert.ok(extension, "the extension is not installed");
    await extension.activate();
    const offered = new Set(await commands.getCommands(true));
    const declared: readonly { command: string }[] = extension.packageJSON.contributes.commands;
    assert.deepEqual(
      declared.map(({ command }) => command).filter((command) => !offered.has(command)),
      [],
    );
  });
});
