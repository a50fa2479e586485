import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { faultline } from "../../../../../test/harness/command-line.js";
import { Project } from "../../../../../test/lsp/project.js";
import { applyTextEdits } from "../../../documents/text-edits.js";
import { Checker } from "../checker.js";
import { SourceTexts } from "../source-texts.js";
import { renderSarif } from "./sarif.js";

const account = `import { Eventual, Linearizable, Replicated, Transaction, counter, register } from "@faultline/runtime";

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
const awkward = "with space, 100%/a:b.ts";

async function sarif({ folder: root }: Project): Promise<Log> {
  const results = await new Checker({ root }, { isCached: false }).results();
  const texts = new SourceTexts();
  const source = (file: string): string => texts.of(file);
  const report = { root, results, findings: results.findings, source, color: false, width: 120 };
  return JSON.parse(renderSarif(report)) as Log;
}

describe("sarif", () => {
  // The schema that the standard comes with, in the package that validates with it.
  const ajv = new Ajv.default({ strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  it("keeps to the schema of SARIF 2.1.0, with and without findings, and for a file that does not parse", async () => {
    for (const files of [
      { [awkward]: account },
      { "plain.ts": "" },
      { "broken.ts": `${account}export const x = (;\n` },
    ]) {
      using project = new Project(files);
      const log = await sarif(project);
      validate(log);
      expect(validate.errors).toBeNull();
      expect(validate({ ...log, runs: [{ ...log.runs[0], tool: undefined }] })).toBe(false);
    }
  });

  it("holds rules with their pages, places, related places, and fixes that can be made", async () => {
    using project = new Project({ "account.ts": account });
    const [run] = (await sarif(project)).runs;
    expect(run?.results?.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["no-strong-counter", "warning"],
      ["no-mixed-levels-in-transaction", "error"],
    ]);
    const [counter, mixed] = run?.results ?? [];
    const rule = run?.tool.driver.rules?.[mixed?.ruleIndex ?? -1];
    expect(rule?.id).toBe("no-mixed-levels-in-transaction");
    expect(rule?.help?.markdown).toContain("## ");
    expect(rule?.defaultConfiguration).toEqual({ level: "error" });
    expect(mixed?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "account.ts", uriBaseId: "SRCROOT" },
      region: { startLine: 12, startColumn: 11, endLine: 12, endColumn: 48 },
    });
    expect(mixed?.relatedLocations?.map(({ id, message }) => [id, message?.text])).toEqual([
      [1, "`balance` is linearizable: `update` changes it here"],
      [2, "`incoming` is eventual: `update` changes it here"],
    ]);
    const [change] = counter?.fixes?.[0]?.artifactChanges ?? [];
    const edits = (change?.replacements ?? []).map(({ deletedRegion: region, insertedContent }) => ({
      file: "account.ts",
      range: {
        start: { line: region.startLine ?? 0, column: region.startColumn ?? 0 },
        end: { line: region.endLine ?? 0, column: region.endColumn ?? 0 },
      },
      text: insertedContent?.text ?? "",
    }));
    expect(applyTextEdits(account, edits)).toBe(
      account.replace("@Linearizable() readonly visits", "@Eventual() readonly visits"),
    );
  });

  it("names files so that any machine understands them", async () => {
    using project = new Project({ [awkward]: account });
    const [run] = (await sarif(project)).runs;
    const uri = run?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    expect(uri).toBe("with%20space%2C%20100%25/a%3Ab.ts");
    expect(run?.originalUriBaseIds?.["SRCROOT"]?.uri).toMatch(/^file:\/\/\/.*\/$/);
  });

  it("gives a finding the same fingerprint wherever its line moves, and each its own", async () => {
    using project = new Project({ "account.ts": account });
    const fingerprints = async () => {
      const [run] = (await sarif(project)).runs;
      return run?.results?.map(({ partialFingerprints }) => partialFingerprints);
    };
    const before = await fingerprints();
    expect(new Set(before?.map((each) => JSON.stringify(each))).size).toBe(2);
    project.write("account.ts", `// A line more.\n\n${account}`);
    expect(await fingerprints()).toEqual(before);
  });
});

describe("github", () => {
  it("groups annotations by file, with everything escaped that would end a command", () => {
    using project = new Project({ [awkward]: account });
    const { stdout, status } = faultline(project.folder, ["check", "--format", "github"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("::group::with space, 100%25/a:b.ts: 2 findings");
    expect(lines[1]).toMatch(
      /^::warning file=with space%2C 100%25\/a%3Ab\.ts,line=7,endLine=7,col=3,endColumn=18,title=/,
    );
    expect(lines[2]).toMatch(
      /^::error .*,title=faultline%3A no-mixed-levels-in-transaction::`transfer` changes .*%0AIf the /,
    );
    expect(lines[3]).toBe("::endgroup::");
    expect(status).toBe(1);
  });

  it("places annotations from the top of the repository, and prints nothing where nothing is found", () => {
    using project = new Project({ "inner/account.ts": account, "plain.ts": "" });
    const environment = { GITHUB_WORKSPACE: project.folder };
    const { stdout } = faultline(project.path("inner"), ["check", "--format", "github"], environment);
    expect(stdout).toContain("::error file=inner/account.ts,");
    expect(faultline(project.folder, ["check", "plain.ts", "--format", "github"], environment).stdout).toBe("");
  });
});

describe("pretty", () => {
  const page = new URL("../../../../dist/rules/no-strong-counter/rule.md", import.meta.url).href;
  const link = `\u001b]8;;${page}\u0007no-strong-counter\u001b]8;;\u0007`;

  it("links a finding to the page of its rule where the terminal can", () => {
    using project = new Project({ "account.ts": account });
    const able = { FORCE_HYPERLINK: "1", FORCE_COLOR: "1", NO_COLOR: "" };
    expect(faultline(project.folder, ["check"], able).stdout).toContain(link);
  });

  it("prints neither links nor colours into a pipe, or for who wants none", () => {
    using project = new Project({ "account.ts": account });
    for (const environment of [{ NO_COLOR: "" }, { FORCE_HYPERLINK: "1", NO_COLOR: "1" }])
      expect(faultline(project.folder, ["check"], environment).stdout).not.toContain("\u001b");
  });
});
