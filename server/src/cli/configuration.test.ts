import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { faultline } from "../../../test/harness/command-line.js";
import { Folder } from "../../../test/harness/folder.js";
import { checkDocumentSchema } from "../documents/check.js";
import { simulateDocumentSchema } from "../documents/simulate.js";

const page = `import { Linearizable, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Linearizable() readonly views = counter();
}
`;

/** As `file severity rule`. */
function found(folder: Folder, ...words: readonly string[]): readonly string[] {
  const { stdout } = faultline(folder.root, ["check", "--format", "json", ...words]);
  return checkDocumentSchema
    .parse(JSON.parse(stdout))
    .findings.map(({ file, severity, rule }) => `${file} ${severity} ${rule}`);
}

describe("faultline check", () => {
  it("goes by the nearest configuration, what is asked for above it, and never by an older one", () => {
    using folder = new Folder({
      "package.json": '{ "name": "shop", "faultline": { "exclude": ["old"] } }',
      "page.ts": page,
      "old/page.ts": page,
      "packages/stock/faultline.config.json": '{ "severities": { "no-strong-counter": "error" } }',
      "packages/stock/page.ts": page,
    });
    expect(found(folder)).toEqual([
      "packages/stock/page.ts error no-strong-counter",
      "page.ts warning no-strong-counter",
    ]);
    expect(found(folder, "--rule", "no-strong-counter=information", "packages/stock")).toEqual([
      "packages/stock/page.ts information no-strong-counter",
    ]);
    folder.write("faultline.config.json", '{ "severities": { "no-strong-counter": "off" } }');
    expect(found(folder)).toEqual(["packages/stock/page.ts error no-strong-counter"]);
    folder.write("packages/stock/faultline.config.json", '{ "severities": { "no-strong-counter": "off" } }');
    expect(found(folder)).toEqual([]);
  });

  it("says that a configuration cannot be used, where, and what is right", () => {
    using folder = new Folder({
      "page.ts": page,
      "faultline.config.json": '{\n  "severities": { "no-strong-count": "off" },\n  "regions": ["tokio"]\n}\n',
    });
    const { stdout, stderr, status } = faultline(folder.root, ["check"]);
    expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
    expect(stderr).toMatchInlineSnapshot(`
      "faultline: The configuration cannot be used.

      faultline.config.json:2:19  There is no rule \`no-strong-count\`. Did you mean \`no-strong-counter\`?
      faultline.config.json:3:15  \`regions[0]\` is "tokio", which is not one of its values. Did you mean \`tokyo\`?

      Nothing was done. Mend the configuration, or take out what is wrong.
      "
    `);
  });

  it("says that the configuration leaves out what was asked for", () => {
    using folder = new Folder({ "page.ts": page, "faultline.config.json": '{ "exclude": ["page.ts"] }' });
    const { stdout, stderr, status } = faultline(folder.root, ["check", "page.ts"]);
    expect({ stdout, status }).toEqual({ stdout: "✓ No findings in 0 files.\n", status: 0 });
    expect(stderr).toContain("the configuration leaves out");
  });
});

describe("faultline init", () => {
  it("writes a configuration and a scenario that holds, and keeps what is there", () => {
    using folder = new Folder({ "package.json": '{ "name": "shop", "type": "module" }' });
    mkdirSync(folder.path("node_modules/@faultline"), { recursive: true });
    symlinkSync(
      fileURLToPath(new URL("../../../runtime", import.meta.url)),
      folder.path("node_modules/@faultline/runtime"),
    );
    const first = faultline(folder.root, ["init"]);
    expect(first.stdout).toMatchInlineSnapshot(`
      "wrote  faultline.config.json
      wrote  first.scenario.ts

      npx faultline check                        finds consistency anti-patterns
      npx faultline simulate first.scenario.ts   runs the scenario while the network splits
      "
    `);
    expect(found(folder)).toEqual([]);
    folder.write(
      "faultline.config.json",
      readFileSync(folder.path("faultline.config.json"), "utf8").replace("1000", "20"),
    );
    const { stdout, status } = faultline(folder.root, ["simulate", "first.scenario.ts", "--format", "json"]);
    const { runs } = simulateDocumentSchema.parse(JSON.parse(stdout));
    expect(runs.map(({ outcome, schedules }) => ({ outcome, schedules }))).toEqual([
      { outcome: "holds", schedules: 20 },
    ]);
    expect(status).toBe(0);
    expect(faultline(folder.root, ["init"]).stdout).toContain("kept   faultline.config.json\nkept   first.scenario.ts");
  });
});
