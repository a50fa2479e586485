import { describe, expect, it } from "vitest";
import { Folder } from "../../../test/harness/folder.js";
import { type Analysis, createAnalysis } from "./index.js";

const page = `import { Deadline, Linearizable, Replicated, counter } from "@faultline/runtime";
@Replicated()
export class Page {
  @Linearizable() readonly views = counter();
  @Deadline(60)
  async look(): Promise<void> {
    await this.views.increment();
  }
}
`;

/** As `severity rule`, by file. */
function found(folder: Folder, analysis: Analysis): Readonly<Record<string, readonly string[]>> {
  const named = [...analysis.refresh()].map(([file, findings]) => [
    file.slice(folder.root.length + 1),
    findings.map(({ severity, rule }) => `${severity} ${rule}`),
  ]);
  return Object.fromEntries(named);
}

describe("a configuration", () => {
  it("is that of the nearest folder for each file, and that of the command line above it", () => {
    using folder = new Folder({
      "faultline.config.json": `{
        "severities": { "no-strong-counter": "error", "no-impossible-latency": "off" },
        "overrides": [{ "files": ["legacy"], "severities": { "no-strong-counter": "information" } }],
        "exclude": ["generated"]
      }`,
      "src/page.ts": page,
      "legacy/page.ts": page,
      "generated/page.ts": page,
      "packages/shop/package.json": '{ "faultline": { "severities": { "no-strong-counter": "off" } } }',
      "packages/shop/page.ts": page,
    });
    expect(found(folder, createAnalysis({ root: folder.root }))).toEqual({
      "src/page.ts": ["error no-strong-counter"],
      "legacy/page.ts": ["information no-strong-counter"],
      "packages/shop/page.ts": ["error no-impossible-latency"],
    });
    const severities = { "no-strong-counter": "warning", "no-impossible-latency": "off" } as const;
    const asked = createAnalysis({ root: folder.root, severities });
    expect(Object.values(found(folder, asked)).flat()).toEqual([
      "warning no-strong-counter",
      "warning no-strong-counter",
      "warning no-strong-counter",
    ]);
    expect(asked.fileCount).toBe(3);
  });

  it("holds above the folder that is analysed", () => {
    using folder = new Folder({
      "faultline.config.json": '{ "severities": { "no-strong-counter": "off", "no-impossible-latency": "off" } }',
      "packages/shop/page.ts": page,
    });
    expect(createAnalysis({ root: folder.path("packages/shop") }).refresh().size).toBe(0);
  });

  it("says where the replicas are", () => {
    using folder = new Folder({
      "faultline.config.json": '{ "regions": ["frankfurt", "paris", "dublin"] }',
      "page.ts": page,
    });
    const analysis = createAnalysis({ root: folder.root });
    const [finding, ...others] = analysis.findings(folder.path("page.ts"));
    expect(finding?.why).toBe(
      "Every increment waits for a majority (at least 5 ms from frankfurt) and is refused on the cut-off side.",
    );
    expect(others).toEqual([]);
    folder.write("faultline.config.json", '{ "regions": ["sydney", "paris", "dublin"] }');
    analysis.changedOnDisk(folder.path("faultline.config.json"));
    expect(analysis.findings(folder.path("page.ts")).map(({ message, why }) => `${message} ${why}`)).toEqual([
      expect.stringContaining("(at least 170 ms from sydney)"),
      expect.stringMatching(/cannot finish within 60 ms from sydney\. .* = 170 ms\.$/),
    ]);
  });

  it("in one region costs nothing to wait for", () => {
    using folder = new Folder({ "faultline.config.json": '{ "regions": ["tokyo"] }', "page.ts": page });
    const [finding, ...others] = createAnalysis({ root: folder.root }).findings(folder.path("page.ts"));
    expect(finding?.why).toBe("Every increment waits for a majority and is refused on the cut-off side.");
    expect(others).toEqual([]);
  });

  it("may come, change, be broken and go while one works", () => {
    using folder = new Folder({ "src/page.ts": page, "other.ts": "export const one = 1;\n" });
    const analysis = createAnalysis({ root: folder.root });
    const both = ["warning no-strong-counter", "error no-impossible-latency"];
    expect(found(folder, analysis)).toEqual({ "src/page.ts": both });
    const write = (text: string): Readonly<Record<string, readonly string[]>> => {
      folder.write("faultline.config.json", text);
      analysis.changedOnDisk(folder.path("faultline.config.json"));
      return found(folder, analysis);
    };
    expect(write('{ "severities": { "no-impossible-latency": "off" } }')).toEqual({
      "src/page.ts": ["warning no-strong-counter"],
    });
    expect(write('{ "severities": { "no-impossible-latency": ')).toEqual({
      "faultline.config.json": ["error configuration"],
    });
    expect(analysis.findings(folder.path("src/page.ts"))).toHaveLength(1);
    expect(analysis.configurationProblems()).toHaveLength(1);
    expect(write('{ "exclude": ["src"] }')).toEqual({ "faultline.config.json": [], "src/page.ts": [] });
    folder.remove("faultline.config.json");
    analysis.changedOnDisk(folder.path("faultline.config.json"));
    expect(found(folder, analysis)).toEqual({ "src/page.ts": both });
  });

  it("that is open in an editor holds as it is typed", () => {
    using folder = new Folder({ "page.ts": page, "faultline.config.json": "{}" });
    const analysis = createAnalysis({ root: folder.root });
    expect(analysis.findings(folder.path("page.ts"))).toHaveLength(2);
    analysis.open(folder.path("faultline.config.json"), '{ "severities": { "no-strong-counter": "off" } }');
    expect(analysis.findings(folder.path("page.ts"))).toHaveLength(1);
    analysis.open(folder.path("faultline.config.json"), '{ "severities": { "no-strong-count');
    expect(analysis.findings(folder.path("page.ts"))).toHaveLength(1);
    expect(analysis.findings(folder.path("faultline.config.json"))).toHaveLength(1);
    analysis.close(folder.path("faultline.config.json"));
    expect(analysis.findings(folder.path("page.ts"))).toHaveLength(2);
    expect(analysis.findings(folder.path("faultline.config.json"))).toEqual([]);
  });
});

describe("suppressions and severities", () => {
  const suppressed = page
    .replace("  @Linear", "  // faultline-disable-next-line no-strong-counter -- billed by it\n  @Linear")
    .replace("@Deadline(60)", "@Deadline(600)");

  it("a suppression of a rule that is off is in vain", () => {
    using folder = new Folder({ "page.ts": suppressed });
    expect(createAnalysis({ root: folder.root }).findings(folder.path("page.ts"))).toEqual([]);
    const severities = { "no-strong-counter": "off" } as const;
    const [finding] = createAnalysis({ root: folder.root, severities }).findings(folder.path("page.ts"));
    expect(finding).toMatchObject({
      rule: "no-unused-suppression",
      message: "`no-strong-counter` is switched off for this file, so there is nothing to suppress.",
    });
  });

  it("the rules about suppressions can be off or weigh more", () => {
    using folder = new Folder({ "page.ts": suppressed.replace("counter -- billed by it", "counter, require-merge") });
    const rules = (severities: Readonly<Record<string, "off" | "error">>): readonly string[] =>
      createAnalysis({ root: folder.root, severities })
        .findings(folder.path("page.ts"))
        .map(({ severity, rule }) => `${severity} ${rule}`);
    expect(rules({})).toEqual(["warning no-unused-suppression", "error require-reason"]);
    expect(rules({ "no-unused-suppression": "error", "require-reason": "off" })).toEqual([
      "error no-unused-suppression",
    ]);
    expect(rules({ "no-unused-suppression": "off", "require-reason": "off" })).toEqual([]);
  });
});
