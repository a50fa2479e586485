import assert from "node:assert/strict";
import { commands, window } from "vscode";
import type { AdviseOutcome, AuditOutcome } from "../../../server/src/protocol.js";
import { bank, open, uriOf } from "./workspace.js";

describe("a decision record", () => {
  it("opens as a document of its own, that nobody has to save", async () => {
    await open(bank);
    const target = { uri: uriOf(bank).toString(), name: "SafeAccount", schedules: 10 };
    const outcome = await commands.executeCommand<AdviseOutcome | undefined>("faultline.advise", target);
    assert.ok(outcome);
    const record = window.activeTextEditor?.document;
    assert.equal(record?.languageId, "markdown");
    assert.equal(record.getText(), outcome.markdown);
    assert.match(outcome.markdown, /^# Which consistency the fields of `SafeAccount` need/);
    // What comes after finds the source in front again.
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});

describe("an inventory", () => {
  it("opens as a document of its own, of the folder that the file in front is in", async () => {
    await open(bank);
    const outcome = await commands.executeCommand<AuditOutcome | undefined>("faultline.audit");
    assert.ok(outcome);
    const inventory = window.activeTextEditor?.document;
    assert.equal(inventory?.languageId, "markdown");
    assert.equal(inventory.getText(), outcome.markdown);
    assert.ok(outcome.document.stores.some(({ name }) => name === "SafeAccount"));
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});
