import fc from "fast-check";
import { expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { type PlacedViolation, SimulationFindings } from "./simulation-findings.js";

const file = "/project/bank.ts";

function violationAt(line: number, inFile = file, related: PlacedViolation["spans"] = []): PlacedViolation {
  const range = { start: { line, character: 2 }, end: { line, character: 8 } };
  const schedule = { uri: `file://${file}`, name: "Account", seed: 1 };
  return {
    file: inFile,
    diagnostic: { range, message: "lost" },
    schedule,
    spans: [{ file: inFile, range }, ...related],
  };
}

test("a finding stays on its line of text, whatever whole edits happen above and below it", () => {
  const edit = fc.record({ line: fc.nat(30), removed: fc.nat(4), text: fc.stringMatching(/^([a-z]{0,3}\n){0,4}$/) });
  fc.assert(
    fc.property(fc.nat(30), fc.array(edit, { maxLength: 8 }), (line, edits) => {
      const lines = Array.from({ length: 31 }, (_, index) => (index === line ? "  MARKED" : `line ${index}`));
      let document = TextDocument.create(`file://${file}`, "typescript", 1, `${lines.join("\n")}\n`);
      const findings = new SimulationFindings();
      findings.set({ key: "bank#split", placed: [violationAt(line)] });
      for (const { line: first, removed, text } of edits) {
        // No editor speaks of lines that are not there.
        const at = (index: number) => ({ line: Math.min(index, document.lineCount - 1), character: 0 });
        const change = { range: { start: at(first), end: at(first + removed) }, text };
        findings.edit(file, [change]);
        document = TextDocument.update(document, [change], document.version + 1);
      }
      // The dumb twin looks for the text itself.
      const marked = document.getText().split("\n").indexOf("  MARKED");
      const found = findings.of(file).map(({ range }) => range.start.line);
      expect(found).toEqual(marked < 0 ? [] : [marked]);
    }),
  );
});

test("an edit on any line that a finding speaks of takes it away, in every file", () => {
  const other = "/project/account.ts";
  const findings = new SimulationFindings();
  const related = { file: other, range: { start: { line: 7, character: 0 }, end: { line: 7, character: 4 } } };
  findings.set({ key: "bank#split", placed: [violationAt(3, file, [related]), violationAt(5)] });
  const inside = { start: { line: 7, character: 2 }, end: { line: 7, character: 2 } };
  expect(findings.edit(other, [{ range: inside, text: "x" }])).toEqual(new Set([file]));
  expect(findings.of(file).map(({ range }) => range.start.line)).toEqual([5]);
  expect(findings.edit(file, [{ text: "all new" }])).toEqual(new Set([file]));
  expect(findings.of(file)).toEqual([]);
});

test("a new run replaces what the last one found", () => {
  const findings = new SimulationFindings();
  findings.set({ key: "bank#split", placed: [violationAt(3)] });
  findings.set({ key: "bank#other", placed: [violationAt(4, "/project/other.ts")] });
  expect(findings.set({ key: "bank#split", placed: [] })).toEqual(new Set([file]));
  expect(findings.of(file)).toEqual([]);
  expect(findings.of("/project/other.ts")).toHaveLength(1);
});
