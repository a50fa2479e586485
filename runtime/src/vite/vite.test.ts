import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "vite";
import { afterAll, expect, test } from "vitest";
import { faultline } from "./index.js";

const folder = mkdtempSync(join(tmpdir(), "faultline-vite-"));
afterAll(() => rmSync(folder, { recursive: true }));

const source = `
  const names: string[] = [];
  const noted = (...args: any[]): any => { names.push(typeof args[1] === "object" ? "standard" : "legacy"); };
  class Annotated { @noted field = 1; }
  export const dialects = names.concat(String(new Annotated().field));
`;

test.each([
  ["standard", false],
  ["legacy", true],
])("lowers %s decorators, so that Node can run them", async (dialect, experimentalDecorators) => {
  const file = join(folder, `${dialect}.ts`);
  writeFileSync(file, source);
  const server = await createServer({
    ...{ root: folder, configFile: false, logLevel: "silent", appType: "custom" },
    server: { middlewareMode: true, ws: false, watch: null },
    plugins: [faultline({ experimentalDecorators })],
  });
  try {
    expect(await server.ssrLoadModule(file)).toMatchObject({ dialects: [dialect, "1"] });
  } finally {
    await server.close();
  }
});

test("leaves everything but TypeScript with decorators alone", async () => {
  const { transform } = faultline();
  expect(await transform("@sealed class A {}", "/project/a.css")).toBeUndefined();
  expect(await transform("export const a: number = 1;", "/project/a.ts")).toBeUndefined();
  expect(await transform("@sealed class A {}", "/project/node_modules/a/a.ts")).toBeUndefined();
});
