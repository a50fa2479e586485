import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FixtureFile, readFixture } from "../../../test/harness/fixture.js";
import { rules } from "../rules/index.js";
import { createAnalysis } from "./index.js";

const sources: readonly FixtureFile[] = rules.flatMap((rule) =>
  readFixture(fileURLToPath(new URL(`../rules/${rule.id}/cases.fixture`, import.meta.url))).flatMap(
    (each) => each.files,
  ),
);

describe("code that is being typed", () => {
  it("never takes a rule down, wherever a file ends or has a hole", () => {
    const analysis = createAnalysis({ root: "/nowhere" });
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.nat(), fc.nat(40), fc.boolean(), (source, point, length, isEnd) => {
        const start = point % (source.text.length + 1);
        const text = source.text.slice(0, start) + (isEnd ? "" : source.text.slice(start + length));
        analysis.open("/nowhere/case.ts", text);
        for (const finding of analysis.refresh().get("/nowhere/case.ts") ?? []) {
          const lines = text.split("\n");
          const { start: from, end: to } = finding.range;
          expect(from.line).toBeGreaterThan(0);
          expect(to.line).toBeLessThanOrEqual(lines.length);
          expect(to.column - 1).toBeLessThanOrEqual(lines[to.line - 1]?.length ?? 0);
        }
        analysis.targets("/nowhere/case.ts");
        expect(analysis.notes).toEqual([]);
      }),
      { numRuns: 1_500, seed: 7 },
    );
  }, 120_000);

  it("never takes a rule down in the sources of the runtime either", () => {
    const folder = fileURLToPath(new URL("../../../runtime/src/", import.meta.url));
    const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
      /^(?:cells|decorators|transactions)\/.*\.ts$/.test(name),
    );
    const analysis = createAnalysis({ root: "/nowhere" });
    for (const [index, name] of files.entries()) {
      const text = readFileSync(folder + name, "utf8");
      analysis.open(`/nowhere/${name}`, text.slice(0, Math.floor((text.length * (index % 7)) / 6)));
      analysis.refresh();
    }
    expect(analysis.notes).toEqual([]);
  });
});

describe("what only looks broken", () => {
  it.each([
    ["an empty file", ""],
    [
      "a class that extends itself",
      "@Replicated() export class A extends A { @Available() async a() { await this.b(); } }",
    ],
    [
      "classes that extend each other",
      "class A extends B {} class B extends A { @Available() async a() { await this.c.write(1); } }",
    ],
    ["a type that is itself", "type T = T; export class A { @Available() async a(t: T) { await t.c.write(1); } }"],
    [
      "functions that return each other",
      "const f = () => g(); const g = () => f(); export class A { @Available() async a() { await f().c.write(1); } }",
    ],
    ["a variable that is itself", "const x = x.y; export class A { @Available() async a() { await x.write(1); } }"],
    [
      "an import of itself",
      'import { A } from "./case.js"; export { A } from "./case.js"; export class B { @Available() async a(a: A) { await a.c.write(1); } }',
    ],
    [
      "callbacks that call themselves",
      "const run = (f) => f(run); export class A { @Transaction() async a() { await run((g) => g(g)); } }",
    ],
  ])("%s", (_, text) => {
    const analysis = createAnalysis({ root: "/nowhere" });
    analysis.open(
      "/nowhere/case.ts",
      `import { Available, Replicated, Transaction } from "@faultline/runtime";\n${text}`,
    );
    expect(analysis.findings("/nowhere/case.ts")).toEqual([]);
    expect(analysis.notes).toEqual([]);
  });
});
