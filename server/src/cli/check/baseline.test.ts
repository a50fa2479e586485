import { describe, expect, it } from "vitest";
import { faultline } from "../../../../test/harness/command-line.js";
import { Project } from "../../../../test/lsp/project.js";
import { baselineDocumentSchema } from "../../documents/baseline.js";
import { checkDocumentSchema } from "../../documents/check.js";

const page = (
  ...bodies: readonly string[]
): string => `import { Eventual, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Eventual() readonly views = counter();

  async view(): Promise<void> {
${bodies.map((body) => `    ${body}\n`).join("")}  }
}
`;
const up = "this.views.increment();";
const down = "this.views.decrement();";

function found(
  project: Project,
  ...words: readonly string[]
): { readonly at: readonly string[]; readonly said: string } {
  const { stdout, stderr } = faultline(project.folder, ["check", "--format", "json", ...words]);
  const { findings } = checkDocumentSchema.parse(JSON.parse(stdout));
  return { at: findings.map(({ file, range }) => `${file}:${range.start.line}`), said: stderr };
}
const known = ["--baseline", "known.json"];

describe("faultline check --baseline", () => {
  it("writes what is found where there is no such file, and reports only what comes later", () => {
    using project = new Project({ "page.ts": page(up) });
    const first = faultline(project.folder, ["check", ...known]);
    expect(first).toMatchObject({ status: 0, stderr: "faultline: 1 finding is known in known.json from now on.\n" });
    expect(baselineDocumentSchema.parse(JSON.parse(project.read("known.json")))).toEqual({
      schema: 1,
      findings: [{ rule: "no-floating-operation", file: "page.ts", code: up, count: 1 }],
    });
    expect(found(project, ...known)).toEqual({ at: [], said: "" });
    project.write("page.ts", page(up, down));
    expect(found(project, ...known)).toEqual({ at: ["page.ts:9"], said: "" });
  });

  it("knows findings again whose lines moved or were indented anew", () => {
    using project = new Project({ "page.ts": page(up) });
    found(project, ...known);
    project.write("page.ts", `// A line more.\n${page(up).replaceAll("    ", "\t\t\t")}`);
    expect(found(project, ...known)).toEqual({ at: [], said: "" });
  });

  it("counts findings on equal lines: one more than known is new", () => {
    using project = new Project({ "page.ts": page(up, up) });
    found(project, ...known);
    project.write("page.ts", page(up, up, up));
    expect(found(project, ...known).at).toEqual(["page.ts:10"]);
  });

  it("says what is gone, and forgets it when it is told to", () => {
    using project = new Project({ "page.ts": page(up, down) });
    found(project, ...known);
    project.write("page.ts", page(up));
    const { at, said } = found(project, ...known);
    expect(at).toEqual([]);
    expect(said).toBe(`faultline: 1 finding in known.json is gone from the code. Take it out with --update-baseline:
  page.ts: no-floating-operation at \`${down}\`
`);
    found(project, ...known, "--update-baseline");
    expect(found(project, ...known).said).toBe("");
    project.write("page.ts", page(up, down));
    expect(found(project, ...known).at).toEqual(["page.ts:9"]);
  });

  it("neither forgets nor misses what is known of files that it was not asked about", () => {
    using project = new Project({ "a.ts": page(up), "b.ts": page(up) });
    found(project, ...known);
    expect(found(project, "a.ts", ...known).said).toBe("");
    project.write("a.ts", page("await this.views.increment();"));
    found(project, "a.ts", ...known, "--update-baseline");
    const { findings } = baselineDocumentSchema.parse(JSON.parse(project.read("known.json")));
    expect(findings.map(({ file }) => file)).toEqual(["b.ts"]);
  });

  it("means the same from another folder", () => {
    using project = new Project({ "inner/page.ts": page(up) });
    found(project, ...known);
    const { stdout, status } = faultline(project.path("inner"), ["check", "--baseline", "../known.json"]);
    expect([stdout, status]).toEqual(["✓ No findings in 1 file.\n", 0]);
  });
});
