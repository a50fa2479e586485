import { readdirSync, rmSync, utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { faultline } from "../../../../test/harness/command-line.js";
import { Project } from "../../../../test/lsp/project.js";
import type { AnalysisOptions } from "../../analysis/analysis.js";
import { Checker } from "./checker.js";
import { ResultCache } from "./result-cache.js";

const files = {
  "cells.ts": `import { Eventual, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Eventual() readonly views = counter();
}
`,
  "index.ts": `export * from "./cells.js";\n`,
  "view.ts": `import { Page } from "./index.js";

export function view(page: Page): void {
  page.views.increment();
}
`,
  "plain.ts": "export const one = 1;\n",
};

/** Compares what a kept result would say with an analysis, keeps that, and answers whether the kept one counted. */
async function check(project: Project, options: Partial<AnalysisOptions> = {}): Promise<boolean> {
  const asked: AnalysisOptions = { root: project.folder, ...options };
  const kept = await ResultCache.for(asked)?.read();
  const isWhole = kept !== undefined && kept.part === undefined;
  const fresh = await new Checker(asked, { isCached: false }).results();
  if (isWhole) expect(kept.results).toEqual(fresh);
  expect(await new Checker(asked, { isCached: true }).results()).toEqual(fresh);
  return isWhole;
}

describe("results of earlier runs", () => {
  it("are taken while nothing changed, and are what an analysis says", async () => {
    using project = new Project(files);
    expect(await check(project)).toBe(false);
    expect(await check(project)).toBe(true);
    const warning = { severities: { "no-floating-operation": "warning" } } as const;
    expect(await check(project, warning)).toBe(false);
    expect(await check(project, warning)).toBe(true);
    expect(await check(project)).toBe(true);
    expect(readdirSync(project.path("node_modules/.cache/faultline"))).toHaveLength(2);
  });

  it("are printed as those of an analysis are, unless they are not wanted", () => {
    using project = new Project({ ...files, "broken.ts": `${files["view.ts"]}export const x = (;\n` });
    const run = (...words: readonly string[]) => {
      const { stdout, stderr, status } = faultline(project.folder, ["check", ...words], { NODE_DEBUG: "faultline" });
      const lines = stderr.split("\n");
      const said = lines.filter((line) => !line.startsWith("FAULTLINE "));
      return { printed: [stdout, said, status], isKept: lines.length > said.length };
    };
    const first = run();
    expect(first.isKept).toBe(false);
    expect(run()).toEqual({ ...first, isKept: true });
    expect(run("--no-cache")).toEqual(first);
  });

  it("are taken after a checkout that gave the same texts new times", async () => {
    using project = new Project(files);
    await check(project);
    for (const name of Object.keys(files)) utimesSync(project.path(name), 1_000_000, 1_000_000);
    expect(await check(project)).toBe(true);
    expect(await check(project)).toBe(true);
  });

  const changes: readonly (readonly [string, (project: Project) => void])[] = [
    [
      "a file was edited",
      (project) => project.write("view.ts", files["view.ts"].replace("page.views", "await page.views")),
    ],
    ["a file was edited that holds no finding", (project) => project.write("cells.ts", "export class Page {}\n")],
    ["a file came", (project) => project.write("more.ts", files["view.ts"])],
    ["a file went", (project) => project.remove("view.ts")],
    ["a file came that an import finds first", (project) => project.write("index/index.ts", "export class Page {}\n")],
    ["Git ignores a file", (project) => project.write(".gitignore", "view.ts\n")],
    [
      "a rule was configured",
      (project) => project.write("faultline.config.json", '{ "severities": { "no-floating-operation": "off" } }'),
    ],
    [
      "a path was mapped",
      (project) =>
        project.write("tsconfig.json", '{ "compilerOptions": { "paths": { "@faultline/runtime": ["./plain.ts"] } } }'),
    ],
    ["the package became another", (project) => project.write("package.json", '{ "name": "@faultline/runtime" }')],
  ];
  it.each(changes)("are not taken when %s", async (_, change) => {
    using project = new Project(files);
    await check(project);
    change(project);
    expect(await check(project)).toBe(false);
  });

  it("are taken with a project file as well", async () => {
    using project = new Project(files);
    const options = { project: "tsconfig.json" };
    await check(project, options);
    expect(await check(project, options)).toBe(true);
    project.write("more.ts", files["view.ts"]);
    expect(await check(project, options)).toBe(false);
  });

  it("are no loss when they are broken", async () => {
    using project = new Project(files);
    await check(project);
    const [name = ""] = readdirSync(project.path("node_modules/.cache/faultline"));
    project.write(`node_modules/.cache/faultline/${name}`, '{ "identity": ');
    expect(await check(project)).toBe(false);
    expect(await check(project)).toBe(true);
  });

  it("are not kept where no packages are installed to keep them with", async () => {
    using project = new Project(files);
    rmSync(project.path("node_modules"), { recursive: true });
    expect(ResultCache.for({ root: project.folder })).toBeUndefined();
    expect(await check(project)).toBe(false);
    expect(await check(project)).toBe(false);
  });
});
