import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { Folder } from "../../../test/harness/folder.js";
import { createAnalysis } from "./index.js";

const runtime = fileURLToPath(new URL("../../../runtime", import.meta.url));
const folders: Folder[] = [];

/** A folder on disk with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = new Folder(files);
  folders.push(folder);
  return folder.root;
}

afterEach(() => {
  for (const folder of folders.splice(0)) folder[Symbol.dispose]();
});

const page = (from: string): string => `import { Linearizable, Replicated, counter } from "${from}";
@Replicated()
export class Page {
  @Linearizable() readonly views = counter();
}
`;

describe("symbols are known by the package that they come from", () => {
  it("through a link to the real runtime, under its name or another", () => {
    const root = project({
      "package.json": '{ "name": "app", "type": "module" }',
      "page.ts": page("@faultline/runtime"),
      "other.ts": page("consistency"),
    });
    mkdirSync(join(root, "node_modules/@faultline"), { recursive: true });
    symlinkSync(runtime, join(root, "node_modules/@faultline/runtime"));
    symlinkSync(runtime, join(root, "node_modules/consistency"));
    const analysis = createAnalysis({ root });
    expect(analysis.findings(join(root, "page.ts")).map((finding) => finding.rule)).toEqual(["no-strong-counter"]);
    expect(analysis.findings(join(root, "other.ts")).map((finding) => finding.rule)).toEqual(["no-strong-counter"]);
  });

  it("from the runtime's own sources, by a relative path", () => {
    const analysis = createAnalysis({ root: project({}) });
    const file = join(runtime, "src/not-on-disk.test.ts");
    analysis.open(file, page("./index.js"));
    expect(analysis.findings(file).map((finding) => finding.rule)).toEqual(["no-strong-counter"]);
  });

  it("and not from a package that only has the name of its folder", () => {
    const root = project({
      "page.ts": page("@faultline/runtime"),
      "node_modules/@faultline/runtime/package.json": '{ "name": "something-else" }',
    });
    expect(createAnalysis({ root }).findings(join(root, "page.ts"))).toEqual([]);
  });

  it("through tsconfig paths and workspace packages", () => {
    const root = project({
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@app/*": ["./packages/*/src/index.ts"] } } }',
      "packages/levels/src/index.ts":
        'export { Linearizable as Strict, Replicated, counter } from "@faultline/runtime";\n',
      "packages/page/src/index.ts": page("@app/levels")
        .replace("Linearizable", "Strict")
        .replace("@Linearizable", "@Strict"),
    });
    const analysis = createAnalysis({ root });
    expect(analysis.findings(join(root, "packages/page/src/index.ts"))).toHaveLength(1);
  });
});

describe("the files that are looked at", () => {
  it("leave out what git ignores, dependencies and builds", () => {
    const root = project({
      ".gitignore": "generated/\n*.local.ts\n",
      ".git/HEAD": "",
      "src/page.ts": page("@faultline/runtime"),
      "src/page.local.ts": page("@faultline/runtime"),
      "generated/page.ts": page("@faultline/runtime"),
      "dist/page.ts": page("@faultline/runtime"),
      "node_modules/x/page.ts": page("@faultline/runtime"),
      "src/types.d.ts": "export {};\n",
    });
    const analysis = createAnalysis({ root });
    expect(analysis.fileCount).toBe(1);
    expect([...analysis.refresh().keys()]).toEqual([join(root, "src/page.ts")]);
  });

  it("are those of a project when one is named, and findings those of the paths that are asked for", () => {
    const root = project({
      "tsconfig.json": '{ "include": ["src"] }',
      "src/page.ts": page("@faultline/runtime"),
      "src/other.ts": page("@faultline/runtime"),
      "scripts/page.ts": page("@faultline/runtime"),
    });
    expect(createAnalysis({ root, project: "tsconfig.json" }).fileCount).toBe(2);
    const one = createAnalysis({ root, paths: ["src/other.ts"] });
    expect([...one.refresh().keys()]).toEqual([join(root, "src/other.ts")]);
  });

  it("follow changes on disk", () => {
    const root = project({ "page.ts": page("@faultline/runtime") });
    const analysis = createAnalysis({ root });
    expect(analysis.refresh().size).toBe(1);
    writeFileSync(
      join(root, "page.ts"),
      page("@faultline/runtime").replace("@Linearizable", "@Eventual").replace("{ Linear", "{ Eventual, Linear"),
    );
    analysis.changedOnDisk(join(root, "page.ts"));
    expect(analysis.refresh().get(join(root, "page.ts"))).toEqual([]);
  });
});

describe("targets", () => {
  it("are annotated classes, with the scenarios that open them, and exported scenarios", () => {
    const analysis = createAnalysis({ root: "/nowhere" });
    analysis.open(
      "/nowhere/bank.ts",
      `import { Linearizable, Replicated, register } from "@faultline/runtime";
import { scenario } from "@faultline/runtime/simulation";

@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
}

@Replicated()
class Unused {
  @Linearizable() readonly balance = register(100);
}

export const split = scenario("a split", { regions: ["nyc"], setup: async ({ open }) => { await open(Account, "a").balance.write(1); } }, async () => {});
export const other = scenario("another", { regions: ["nyc"] }, async ({ session }) => {
  const alice = session("nyc").open(Account, "alice");
  await alice.balance.read();
});
const hidden = scenario("hidden", { regions: ["nyc"] }, async () => {});
`,
    );
    expect(
      analysis
        .targets("/nowhere/bank.ts")
        .map(({ name, kind, scenarios, range }) => [kind, name, scenarios, range.start.line]),
    ).toEqual([
      ["class", "Account", ["split", "other"], 5],
      ["class", "Unused", [], 10],
      ["scenario", "split", [], 14],
      ["scenario", "other", [], 15],
    ]);
  });
});

it("severities can be changed and rules turned off", () => {
  const root = project({ "page.ts": page("@faultline/runtime") });
  expect(createAnalysis({ root, severities: { "no-strong-counter": "off" } }).refresh().size).toBe(0);
  const [finding] = createAnalysis({ root, severities: { "no-strong-counter": "error" } }).findings(
    join(root, "page.ts"),
  );
  expect(finding?.severity).toBe("error");
});

it("says where a file does not parse", () => {
  const analysis = createAnalysis({ root: "/nowhere" });
  analysis.open("/nowhere/page.ts", `${page("@faultline/runtime")}export const x = (;\n`);
  expect(analysis.syntaxErrors()).toEqual([
    {
      file: "/nowhere/page.ts",
      range: { start: { line: 6, column: 19 }, end: { line: 6, column: 20 } },
      message: "Expression expected",
    },
  ]);
});
