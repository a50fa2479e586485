import type { SpawnSyncReturns } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultline as run } from "../../../test/harness/command-line.js";
import { checkDocumentSchema } from "../documents/check.js";

let folder = "";

const bank = `import { Eventual, Linearizable, Replicated, Transaction, counter, register } from "@faultline/runtime";

@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  @Eventual() readonly incoming = register(0);
  @Linearizable() readonly visits = counter();

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((b) => b - amount);
    await to.incoming.update((b) => b + amount);
  }
}
`;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "faultline-check-")));
  writeFileSync(join(folder, "bank.ts"), bank);
  writeFileSync(join(folder, "broken.ts"), `${bank}export const x = (;\n`);
  writeFileSync(join(folder, "plain.ts"), "export const one = 1;\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const faultline = (...words: readonly string[]): SpawnSyncReturns<string> => run(folder, words);

describe("faultline check", () => {
  it("prints a document that keeps to its schema, with paths from the working directory", () => {
    const { stdout, status } = faultline("check", "bank.ts", "--format", "json");
    const document = checkDocumentSchema.parse(JSON.parse(stdout));
    expect(document.files).toBe(1);
    expect(
      document.findings.map(({ rule, severity, file, range }) => [rule, severity, file, range.start.line]),
    ).toEqual([
      ["no-strong-counter", "warning", "bank.ts", 7],
      ["no-mixed-levels-in-transaction", "error", "bank.ts", 12],
    ]);
    expect(
      document.findings.flatMap((finding) => finding.fixes.flatMap((fix) => fix.edits.map((edit) => edit.file))),
    ).toContain("bank.ts");
    expect(status).toBe(1);
  });

  it("shows people the code, why it matters and what to do", () => {
    const { stdout } = faultline("check", "bank.ts", "--rule", "no-strong-counter=off");
    expect(stdout).toMatchInlineSnapshot(`
      "error  bank.ts:12:11  no-mixed-levels-in-transaction
        What  \`transfer\` changes \`balance\` (linearizable) and \`incoming\` (eventual) in one transaction, but only \`balance\` can
              be rolled back.

        10 │   async transfer(to: Account, amount: number): Promise<void> {
        11 │     await this.balance.update((b) => b - amount);
        12 │     await to.incoming.update((b) => b + amount);
           │           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        13 │   }
        14 │ }

        Why   If the change of \`balance\` aborts, the change of \`incoming\` has already left: what was to move from one to the
              other appears twice, or is lost.
        Do    Raise \`incoming\` to \`@Linearizable()\`, change \`incoming\` after the commit, or make it a saga that compensates.
        See   bank.ts:11  \`balance\` is linearizable: \`update\` changes it here
        See   bank.ts:12  \`incoming\` is eventual: \`update\` changes it here

      ✗ 1 error in 1 file. More about a rule: faultline explain no-mixed-levels-in-transaction
      "
    `);
  });

  it("ends with 0 when clean, and counts warnings as failures only beyond the limit", () => {
    expect(faultline("check", "plain.ts")).toMatchObject({ status: 0, stdout: "✓ No findings in 1 file.\n" });
    const warnings = ["check", "bank.ts", "--rule", "no-mixed-levels-in-transaction=warning"];
    expect(faultline(...warnings).status).toBe(0);
    expect(faultline(...warnings, "--max-warnings", "1").status).toBe(1);
  });

  it("still prints its document for a file that does not parse, and says so", () => {
    const { stdout, stderr, status } = faultline("check", "broken.ts", "--format", "json");
    expect(checkDocumentSchema.parse(JSON.parse(stdout)).findings).toHaveLength(2);
    expect(stderr).toContain("broken.ts:15:19 does not parse (Expression expected)");
    expect(status).toBe(1);
  });

  it.each([
    [["check", "nowhere.ts"], 'There is no file or folder "nowhere.ts"'],
    [["check", "--project", "nowhere.json"], 'There is no project file "nowhere.json"'],
    [["check", "--format", "xml"], 'There is no format "xml"'],
    [["check", "--watch", "--format", "sarif"], "--watch does not end"],
    [["check", "--update-baseline"], "--update-baseline was not told which file"],
    [["check", "--baseline", "plain.ts"], "is no baseline"],
    [["check", "--since", "main"], "is not in a Git repository"],
    [["check", "--rule", "no-strong=off"], "Did you mean no-strong-counter?\n"],
    [["check", "--rule", "teapot=off"], 'There is no rule "teapot". The rules are no-cap-impossible-write, '],
    [["check", "--max-warnings", "few"], "whole number"],
    [["explain", "no-strong"], "Did you mean no-strong-counter?"],
  ])("refuses %j in a paragraph", (words, sentence) => {
    const { stderr, stdout, status } = faultline(...words);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it("offers no rule in place of a word that is like none", () => {
    expect(faultline("explain", "teapot").stderr).toMatch(/^faultline: There is no rule "teapot"\.\n\nThe rules are:/);
  });

  it("says that it found nothing to check", () => {
    mkdirSync(join(folder, "empty"), { recursive: true });
    const { stdout, stderr, status } = faultline("check", "empty", "--format", "json");
    expect(checkDocumentSchema.parse(JSON.parse(stdout)).files).toBe(0);
    expect(stderr).toMatch(/^faultline: There is no TypeScript file in empty, /);
    expect(status).toBe(0);
  });

  it("explains a rule", () => {
    const { stdout, status } = faultline("explain", "no-cap-impossible-write");
    expect(stdout).toContain("Why it matters");
    expect(status).toBe(0);
  });
});
