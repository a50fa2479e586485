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

  it("have none either where every file imports the runtime and so is looked at closely", () => {
    const closely = sources.filter(({ name }) => name.startsWith("ajv/"));
    expect(closely.length).toBeGreaterThan(100);
    expect(findingsIn(closely.map(({ name, text }) => ({ name, text: `${importsRuntime}${text}` })))).toEqual([]);
  }, 120_000);

  it("can be looked at when they reach a cell by every way that they take", () => {
    const generator = "ajv/lib/compile/codegen/index.ts";
    const written = sources
      .filter(({ name }) => name.startsWith("ajv/"))
      .map(({ name, text }) => ({ name, text: name === generator ? `${counted}${text.replace(emitted, hit)}` : text }));
    expect(written.find(({ name }) => name === generator)?.text).toContain(hit);
    expect(findingsIn(written.map(({ name, text }) => ({ name, text: `${importsRuntime}${text}` })))).toEqual([]);
  }, 120_000);
});

const importsRuntime = 'import * as faultline from "@faultline/runtime";\n';

/** A cell in the heart of a code generator: hundreds of functions that call one another come to write it. */
const counted = `import { Eventual, Replicated, counter, open } from "@faultline/runtime";
@Replicated() class Statistics { @Eventual() readonly nodes = counter(); }
`;
const emitted = /private _leafNode\(node: LeafNode\): CodeGen \{/;
const hit = `private _leafNode(node: LeafNode): CodeGen {
    void open(Statistics, "all").then(async (all) => { if (node !== undefined) await all.nodes.increment(); });`;

function findingsIn(files: typeof sources): readonly string[] {
  const analysis = createAnalysis({ root: "/nowhere" });
  for (const { name, text } of files) analysis.open(`/nowhere/${name}`, text);
  const findings = [...analysis.refresh().values()].flat();
  expect(analysis.notes).toEqual([]);
  return findings.map(({ file, range, rule, message }) => `${file}:${range.start.line} ${rule}: ${message}`);
}
