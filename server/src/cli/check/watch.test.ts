import { describe, expect, it } from "vitest";
import { RunningCommand } from "../../../../test/harness/command-line.js";
import { Project } from "../../../../test/lsp/project.js";
import { checkDocumentSchema } from "../../documents/check.js";

const page = (body: string): string => `import { Eventual, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Eventual() readonly views = counter();

  async view(): Promise<void> {
    ${body}
  }
}
`;
const floating = "this.views.increment();";
const awaited = "await this.views.increment();";

describe("faultline check --watch", () => {
  it("reports what comes and goes with each change, in files old and new, and ends well with Ctrl-C", async () => {
    using project = new Project({ "page.ts": page(awaited) });
    const command = new RunningCommand(project.folder, ["check", "--watch"]);
    expect(await command.until(/No findings/)).toBe("✓ No findings in 1 file.\n");
    project.write("page.ts", page(floating));
    const added = await command.until(/✗ .*\n/);
    expect(added).toMatch(/^error {2}page\.ts:8:5 {2}no-floating-operation\n/);
    expect(added).toContain("✗ 1 error in 1 file.");
    project.write("more.ts", page(floating));
    const more = await command.until(/✗ .*\n/);
    expect(more).toMatch(/^error {2}more\.ts:8:5/);
    expect(more).not.toContain("page.ts");
    project.write("page.ts", page(awaited));
    expect(await command.until(/✗ .*\n/)).toMatch(
      /^gone {2}page\.ts:8:5 {2}no-floating-operation\n\n✗ 1 error in 2 files/,
    );
    project.remove("more.ts");
    expect(await command.until(/✓ .*\n/)).toMatch(/^gone {2}more\.ts:8:5 .*\n\n✓ No findings in 1 file\.\n$/);
    expect(await command.interrupt()).toBe(0);
  });

  it("says nothing of findings that only moved", async () => {
    using project = new Project({ "page.ts": page(floating) });
    const command = new RunningCommand(project.folder, ["check", "--watch"]);
    await command.until(/✗ .*\n/);
    project.write("page.ts", `// A line more.\n${page(floating)}`);
    project.write("other.ts", page(floating));
    expect(await command.until(/✗ .*\n/)).not.toContain("page.ts");
    expect(await command.interrupt()).toBe(0);
  });

  it("prints a document a line, as JSON, and follows the configuration", async () => {
    using project = new Project({ "page.ts": page(floating) });
    const command = new RunningCommand(project.folder, ["check", "--watch", "--format", "json"]);
    const severities = (line: string) =>
      checkDocumentSchema.parse(JSON.parse(line)).findings.map(({ severity }) => severity);
    expect(severities(await command.until(/\n/))).toEqual(["error"]);
    project.write("faultline.config.json", '{ "severities": { "no-floating-operation": "off" } }');
    expect(severities(await command.until(/\n/))).toEqual([]);
    expect(await command.interrupt()).toBe(0);
  });

  it("fixes what is safe as it comes", async () => {
    using project = new Project({ "page.ts": page(awaited) });
    const command = new RunningCommand(project.folder, ["check", "--watch", "--fix"]);
    await command.until(/No findings[\s\S]*nothing was fixed/);
    project.write("page.ts", page(floating));
    await command.until(/fixed 1 finding in 1 file/);
    expect(project.read("page.ts")).toBe(page(awaited));
    // A mistake in the configuration does not end it.
    project.write("faultline.config.json", '{ "severity": {} }');
    expect(await command.until(/✗ .*\n/)).toMatch(/^error {2}faultline\.config\.json:1:3 /);
    project.write("faultline.config.json", "{}");
    await command.until(/✓ .*\n/);
    expect(await command.interrupt()).toBe(0);
  });
});
