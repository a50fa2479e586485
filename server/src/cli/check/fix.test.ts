import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { faultline } from "../../../../test/harness/command-line.js";
import { Project } from "../../../../test/lsp/project.js";
import { checkDocumentSchema } from "../../documents/check.js";

const page = (body: string): string => `import { Linearizable, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Linearizable() readonly visits = counter();

  async view(): Promise<void> {
${body}
  }
}
`;

const bank = `import { Eventual, Linearizable, Replicated, Transaction, register } from "@faultline/runtime";

@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  @Eventual() readonly incoming = register(0);

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((b) => b - amount);
    await to.incoming.update((b) => b + amount);
  }
}
`;

describe("faultline check --fix", () => {
  it("makes all safe fixes, of several files, says which, and ends clean", () => {
    using project = new Project({
      "page.ts": page("    this.visits.increment();\n    this.visits.decrement();"),
      "other/page.ts": page("    this.visits.increment();"),
    });
    const { stdout, stderr, status } = faultline(project.folder, ["check", "--fix"]);
    expect(stdout).toBe("✓ No findings in 2 files.\n");
    expect(stderr).toBe(`faultline: fixed 5 findings in 2 files:
  other/page.ts: Make \`visits\` \`@Eventual() counter()\` (no-strong-counter)
  other/page.ts: Await \`increment\` (no-floating-operation)
  page.ts: Make \`visits\` \`@Eventual() counter()\` (no-strong-counter)
  page.ts: Await \`increment\` (no-floating-operation)
  page.ts: Await \`decrement\` (no-floating-operation)
`);
    expect(status).toBe(0);
    expect(project.read("page.ts")).toBe(
      page("    await this.visits.increment();\n    await this.visits.decrement();")
        .replace("{ Linearizable,", "{ Eventual,")
        .replace("@Linearizable()", "@Eventual()"),
    );
    const again = faultline(project.folder, ["check", "--fix"]);
    expect(again.stderr).toBe("faultline: nothing was fixed.\n");
  });

  it("leaves what somebody should look at, prints it, and says how much that is", () => {
    using project = new Project({ "bank.ts": bank });
    const { stdout, stderr, status } = faultline(project.folder, ["check", "--fix", "--format", "json"]);
    const { findings } = checkDocumentSchema.parse(JSON.parse(stdout));
    expect(findings.map(({ rule }) => rule)).toEqual(["no-mixed-levels-in-transaction"]);
    expect(stderr).toBe(`faultline: nothing was fixed.
faultline: 1 finding left with fixes that somebody should look at first: an editor offers them.
`);
    expect(status).toBe(1);
    expect(project.read("bank.ts")).toBe(bank);
  });

  it("never writes a file that does not parse, nor one that is not UTF-8", () => {
    const broken = `${page("    this.visits.increment();")}export const x = (;\n`;
    using project = new Project({ "broken.ts": broken, "latin.ts": "" });
    const latin = Buffer.from(page("    this.visits.increment(); // Z\u00e4hler"), "latin1");
    writeFileSync(project.path("latin.ts"), latin);
    const { stderr } = faultline(project.folder, ["check", "--fix"]);
    expect(stderr).toContain("broken.ts was not fixed: it does not parse.");
    expect(stderr).toContain("latin.ts was not fixed: it is not UTF-8, or was changed meanwhile.");
    expect(project.read("broken.ts")).toBe(broken);
    expect(readFileSync(project.path("latin.ts")).equals(latin)).toBe(true);
  });

  it("keeps line ends, the byte order mark and the permissions of what it writes", () => {
    const text = `\uFEFF${page("    this.visits.increment();")}`.replaceAll("\n", "\r\n");
    using project = new Project({ "page.ts": text });
    chmodSync(project.path("page.ts"), 0o640);
    faultline(project.folder, ["check", "--fix"]);
    const fixed = project.read("page.ts");
    expect(fixed.startsWith("\uFEFFimport")).toBe(true);
    expect(fixed).toContain("    await this.visits.increment();\r\n");
    expect(fixed.replaceAll("\r\n", "")).not.toContain("\n");
    expect(statSync(project.path("page.ts")).mode & 0o777).toBe(0o640);
  });

  it("fixes nothing that is known in the baseline", () => {
    const text = page("    this.visits.increment();");
    using project = new Project({ "page.ts": text });
    faultline(project.folder, ["check", "--baseline", "known.json"]);
    const { stderr } = faultline(project.folder, ["check", "--fix", "--baseline", "known.json"]);
    expect(stderr).toBe("faultline: nothing was fixed.\n");
    expect(project.read("page.ts")).toBe(text);
  });
});
