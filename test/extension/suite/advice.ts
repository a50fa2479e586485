import assert from "node:assert/strict";
import { commands, window } from "vscode";
import type { AdviseOutcome } from "../../../server/src/protocol.js";
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
