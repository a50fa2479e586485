import assert from "node:assert/strict";
import { type CodeAction, commands, type TextDocument, workspace } from "vscode";
import { bank, codeOf, expectedFindings, isStatic, open, untilDiagnostics } from "./workspace.js";

describe("findings", () => {
  let document: TextDocument;

  beforeEach(async () => {
    document = await open(bank);
  });

  it("stand on the lines of the bad sample that say so", async () => {
    const diagnostics = await untilDiagnostics(document, (found) => found.some(isStatic));
    const found = diagnostics.filter(isStatic).map((each) => `${each.range.start.line + 1} ${codeOf(each)}`);
    assert.deepEqual(found, expectedFindings(document));
    assert.ok(found.length > 0);
  });

  it("go when their quick fix is applied, and come back when it is undone", async () => {
    const [finding] = (await untilDiagnostics(document, (found) => found.some(isStatic))).filter(isStatic);
    assert.ok(finding);
    const actions = await commands.executeCommand<CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      finding.range,
      "quickfix",
    );
    const raise = actions.find(({ title, edit }) => edit !== undefined && /Linearizable/.test(title));
    assert.ok(raise?.edit, `no such fix among: ${actions.map(({ title }) => title).join(", ")}`);
    assert.ok(await workspace.applyEdit(raise.edit));
    assert.match(document.getText(), /@Linearizable\(\) readonly incoming = register\(0\);/);
    assert.doesNotMatch(document.getText(), /@Eventual\(\)/);
    await untilDiagnostics(document, (found) => !found.some(isStatic));

    await commands.executeCommand("undo");
    assert.match(document.getText(), /@Eventual\(\) readonly incoming/);
    await untilDiagnostics(document, (found) => found.some(isStatic));
  });

  it("are there again after the language server was restarted", async () => {
    await untilDiagnostics(document, (found) => found.some(isStatic));
    const gone = untilDiagnostics(document, (found) => !found.some(isStatic));
    await commands.executeCommand("faultline.restartServer");
    await gone;
    await untilDiagnostics(document, (found) => found.some(isStatic));
  });
});
