import assert from "node:assert/strict";
import { commands } from "vscode";
import type { SimulateOutcome } from "../../../server/src/protocol.js";
import { bank, isStatic, open, untilDiagnostics, uriOf } from "./workspace.js";

describe("simulation", () => {
  it("puts what it finds on the line that races", async () => {
    const document = await open(bank);
    const outcome = await simulate("splitBank", 300);
    assert.equal(outcome?.document.runs[0]?.outcome, "violated");
    const diagnostics = await untilDiagnostics(document, (found) => found.some((each) => !isStatic(each)));
    const [finding] = diagnostics.filter((each) => !isStatic(each));
    assert.ok(finding);
    assert.match(finding.message, /money is conserved: violated in \d+ of 300 schedules \(seed \d+\)/);
    assert.match(document.lineAt(finding.range.start.line).text, /incoming\.update/);
  });

  it("says that the right one holds", async () => {
    const outcome = await simulate("splitBankFixed", 100);
    assert.equal(outcome?.document.runs[0]?.outcome, "holds");
    assert.match(outcome.text, /splitBankFixed|linearizable/);
  });
});

async function simulate(name: string, schedules: number): Promise<SimulateOutcome | undefined> {
  return commands.executeCommand<SimulateOutcome | undefined>("faultline.simulate", {
    uri: uriOf(bank).toString(),
    name,
    schedules,
  });
}
