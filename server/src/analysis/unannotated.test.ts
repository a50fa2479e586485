import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createAnalysis } from "./index.js";

/** What installed packages ship of their sources: large code of other people that knows nothing of this. */
const modules = fileURLToPath(new URL("../../../node_modules/", import.meta.url));
const packages = ["zod/src", "ajv/lib", "@azure/msal-common/src", "@azure/msal-browser/src", "@textlint/types/src"];
const sources = packages.flatMap((folder) =>
  existsSync(modules + folder)
    ? (readdirSync(modules + folder, { recursive: true, encoding: "utf8" }) as string[])
        .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
        .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(`${modules}${folder}/${name}`, "utf8") }))
    : [],
);

describe("large code bases without an annotation", () => {
  it("are there to be looked at", () => {
    expect(sources.length).toBeGreaterThan(300);
  });

  it("have no finding", () => {
    expect(findingsIn(sources)).toEqual([]);
  });

  it("have none either in files that import the runtime and so are looked at closely", () => {
    const closely = sources.filter(({ name }) => name.startsWith("ajv/"));
    expect(closely.length).toBeGreaterThan(50);
    for (const { name, text } of closely)
      expect(findingsIn([{ name, text: `import * as faultline from "@faultline/runtime";\n${text}` }])).toEqual([]);
  }, 120_000);
});

function findingsIn(files: typeof sources): readonly string[] {
  const analysis = createAnalysis({ root: "/nowhere" });
  for (const { name, text } of files) analysis.open(`/nowhere/${name}`, text);
  const findings = [...analysis.refresh().values()].flat();
  expect(analysis.notes).toEqual([]);
  return findings.map(({ file, range, rule, message }) => `${file}:${range.start.line} ${rule}: ${message}`);
}
