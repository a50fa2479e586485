import { createRequire } from "node:module";
import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { Folder } from "../../../test/harness/folder.js";
import { bundleProgram } from "./bundle.js";

const require = createRequire(import.meta.url);

/** Bundles the first of these files and evaluates it: what it exports. */
async function evaluated(
  files: Readonly<Record<string, string>>,
  buffers: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  using folder = new Folder(files);
  const [first = ""] = Object.keys(files);
  const { code } = await bundleProgram({
    file: folder.path(first),
    cwd: folder.root,
    buffers: new Map(Object.entries(buffers).map(([name, text]) => [folder.path(name), text])),
  });
  const module = { exports: {} };
  vm.compileFunction(code, ["exports", "require", "module"])(module.exports, require, module);
  return module.exports;
}

const annotated = `
  const kept: unknown[] = [];
  Object.assign(Reflect, { metadata: (key: string, value: unknown) => () => kept.push(key, value) });
  const Injectable = () => (target: object) => {};
  export class Mailer {}
  @Injectable() class Service { constructor(readonly mailer: Mailer) {} }
  export { kept };`;

const legacy = '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }';

describe("types that decorators ask for", () => {
  it("are kept for files", async () => {
    const { kept, Mailer } = await evaluated({ "service.ts": annotated, "tsconfig.json": legacy });
    expect(kept).toEqual(["design:paramtypes", [Mailer]]);
  });

  it("are kept beside JSX", async () => {
    const page = `${annotated}\nconst React = { createElement: (type: string) => type };\nexport const page = <b />;`;
    const { kept, Mailer, page: made } = await evaluated({ "page.tsx": page, "tsconfig.json": legacy });
    expect([kept, made]).toEqual([["design:paramtypes", [Mailer]], "b"]);
  });

  it("are kept for buffers that were not saved", async () => {
    const files = { "service.ts": "export const old = 1;", "tsconfig.json": legacy };
    const { kept, Mailer } = await evaluated(files, { "service.ts": annotated });
    expect(kept).toEqual(["design:paramtypes", [Mailer]]);
  });
});

describe("a tsconfig that only refers to others", () => {
  const layout = {
    "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./test" }] }',
    "test/tsconfig.json": '{ "include": ["."] }',
  };
  const withApplication = (compilerOptions: object) => ({
    ...layout,
    "tsconfig.app.json": JSON.stringify({ compilerOptions, include: ["src"] }),
  });

  it("gives the decorators of the project that the file belongs to", async () => {
    const decorated = `
      const positions: number[] = [];
      const Inject = () => (_: object, __: undefined, index: number) => { positions.push(index); };
      class Service { constructor(readonly id: string, @Inject() readonly mailer: object) {} }
      export { positions };`;
    const application = withApplication({ experimentalDecorators: true });
    expect(await evaluated({ "src/service.ts": decorated, ...application })).toEqual({ positions: [1] });
  });

  it("gives its paths and its JSX", async () => {
    const options = { paths: { "@/*": ["./src/*"] }, jsx: "react-jsx", jsxImportSource: "@/jsx" };
    const files = {
      "src/page.tsx": 'import { one } from "@/one";\nexport const page = <b one={one} />;',
      "src/one.ts": "export const one = 1;",
      "src/jsx/jsx-runtime.ts": "export const jsx = (type: string, properties: object) => [type, properties];",
      ...withApplication(options),
    };
    expect(await evaluated(files)).toEqual({ page: ["b", { one: 1 }] });
  });
});

describe("packages that are not installed", () => {
  const file = (text: string) => ({ "main.ts": 'export { found } from "optional";', ...installed(text) });
  const installed = (text: string) => ({
    "node_modules/optional/package.json": '{ "name": "optional", "main": "index.js" }',
    "node_modules/optional/index.js": text,
  });

  it.each([
    ["a module", 'export const found = import("absent").catch(({ code, message }) => [code, message]);'],
    [
      "CommonJS",
      'function load(ask) { try { return ask(); } catch ({ code, message }) { return [code, message]; } }\nexports.found = load(() => require("absent"));',
    ],
  ])("are missing when a package asks for them: %s", async (_, text) => {
    const { found } = await evaluated(file(text));
    expect(await found).toEqual([
      "MODULE_NOT_FOUND",
      "Cannot find package 'absent', which optional asks for. Install it if the code needs it.",
    ]);
  });

  it("are an error where the user's own file asks", async () => {
    await expect(evaluated({ "main.ts": 'import "absent";' })).rejects.toThrow("imports a module that cannot be found");
  });
});

it("waiting at the top level of a module is refused with the line", async () => {
  const refused = evaluated({ "main.ts": "export const one = await Promise.resolve(1);" });
  await expect(refused).rejects.toMatchObject({
    what: expect.stringContaining("main.ts awaits, or imports a file that awaits, at the top level"),
    where: expect.stringMatching(/Top-level await[\s\S]*main\.ts:1:19/),
  });
  await expect(refused).rejects.toMatchObject({ where: expect.not.stringContaining("cjs") });
});
