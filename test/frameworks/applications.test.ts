import { ts } from "ts-morph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesOf, PackedRuntime, Project, type Run } from "./project.js";
import { compile } from "./types.js";

let runtime: PackedRuntime;

beforeAll(() => {
  runtime = new PackedRuntime();
});

afterAll(() => runtime[Symbol.dispose]());

const outcomes = (runs: readonly Run[]) => runs.map(({ target, outcome, reason }) => [target, outcome, reason]);

/** Names of the operations of which some succeeded. */
const succeeded = (runs: readonly Run[]) => [
  ...new Set(runs.flatMap(({ operations }) => operations.filter(({ ok }) => ok > 0).map(({ name }) => name))),
];

describe("a NestJS application, as docs/frameworks.md has it", () => {
  // As `nest new` writes it for CommonJS.
  const compilerOptions = {
    module: "commonjs",
    moduleResolution: "node",
    declaration: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    allowSyntheticDefaultImports: true,
    target: "ES2021",
    outDir: "./dist",
    incremental: true,
    skipLibCheck: true,
    strictNullChecks: true,
  };
  let application: Project;

  beforeAll(() => {
    const files = {
      "package.json": '{ "name": "shop", "private": true }',
      "tsconfig.json": JSON.stringify({ compilerOptions }),
      "src/main.ts": `
        import { NestFactory } from "@nestjs/core";
        import { open, type ReplicatedType } from "@faultline/runtime";
        import { AppModule } from "./app.module";
        import { Mailer } from "./mail/mailer";
        import { Shop } from "./stock/shop";
        import type { Stock } from "./stock/stock";
        import { Visits } from "./visits/visits";

        async function main(): Promise<void> {
          const application = await NestFactory.createApplicationContext(AppModule, { logger: false });
          await application.get(Shop).order("ticket");
          await application.get(Visits).enter();
          const stocks: ReplicatedType<Stock> = application.get("stocks");
          const left = await open(stocks, "ticket").left.read();
          console.log(JSON.stringify([left, await application.get(Visits).total.read(), application.get(Mailer).sent]));
        }
        void main();`,
      "src/console.d.ts": "declare const console: { log(text: string): void };",
      ...filesOf("docs/frameworks.md", "NestJS"),
    };
    application = new Project(runtime, files, ["@nestjs/common", "@nestjs/core", "reflect-metadata", "rxjs"]);
  });

  afterAll(() => application[Symbol.dispose]());

  it("compiles, and runs in Node with its cells in one process", () => {
    const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, application.root);
    const files = ["main.ts", "console.d.ts", "stock/stock.scenarios.ts"].map((name) =>
      application.path(`src/${name}`),
    );
    expect(compile(files, { ...options, incremental: false, types: [] })).toEqual([]);
    expect(JSON.parse(application.run(process.execPath, ["dist/main.js"]))).toEqual([
      9,
      1,
      ["1 of ticket reserved", "thank you"],
    ]);
  });

  it("simulates: a class that is made with what it needs, one that needs nothing, and the whole container", () => {
    const runs = application.simulate(
      "src/stock/stock.ts#stocks",
      "src/visits/visits.ts",
      "src/stock/stock.scenarios.ts",
    );
    expect(outcomes(runs)).toEqual([
      ["src/stock/stock.ts#stocks", "holds", null],
      ["src/visits/visits.ts#Visits", "holds", null],
      ["src/stock/stock.scenarios.ts#lastOnes", "holds", null],
    ]);
    expect(succeeded(runs).toSorted()).toEqual(["enter", "reserve", "view"]);
  });
});

describe("a workspace", () => {
  let workspace: Project;

  beforeAll(() => {
    const counted = (name: string, imports: string, value: string) => `
      ${imports}
      import { counter, Eventual, Replicated } from "@faultline/runtime";

      @Replicated()
      export class ${name} {
        @Eventual() readonly total = counter();

        async add(): Promise<void> {
          await this.total.increment(${value});
        }
      }`;
    workspace = new Project(runtime, {
      "package.json": '{ "private": true, "workspaces": ["packages/*", "apps/*"] }',
      // A package that is linked as sources, another with its build.
      "packages/rates/package.json": '{ "name": "@acme/rates", "type": "module", "exports": "./src/index.ts" }',
      "packages/rates/src/index.ts": 'export { rate } from "./rate.js";',
      "packages/rates/src/rate.ts": "export enum Step { One = 1 }\nexport const rate: number = Step.One;",
      "packages/text/package.json": '{ "name": "@acme/text", "main": "dist/index.js", "types": "dist/index.d.ts" }',
      "packages/text/dist/index.js": '"use strict";\nexports.shout = (text) => text.toUpperCase();',
      "packages/text/dist/index.d.ts": "export declare function shout(text: string): string;",
      // ECMAScript modules: extensions, path aliases, subpath imports, JSON, JSX, `import()`.
      "apps/modules/package.json":
        '{ "name": "modules", "type": "module", "imports": { "#sizes": "./src/sizes.json" } }',
      "apps/modules/tsconfig.json": `{
        // Comments, as \`tsc --init\` writes them.
        "compilerOptions": { "module": "nodenext", "jsx": "react-jsx", "jsxImportSource": "@app/jsx", "paths": { "@app/*": ["./src/*"] } },
      }`,
      "apps/modules/src/jsx/jsx-runtime.ts": "export const jsx = (type: string) => type.length;",
      "apps/modules/src/label.tsx": "export const label = <b />;",
      "apps/modules/src/one.mts": "export const one = 1;",
      "apps/modules/src/sizes.json": '{ "small": 1 }',
      "apps/modules/src/nested/half.ts": 'export { default as sizes } from "#sizes" with { type: "json" };',
      "apps/modules/src/cart.ts": `
        ${counted(
          "Cart",
          `import { rate } from "@acme/rates";
           import { shout } from "@acme/text";
           import { sizes } from "@app/nested/half.js";
           import { label } from "./label.js";
           import { one } from "./one.mjs";`,
          'one * rate * sizes.small * label * shout("a").length * (await import("@app/late.js")).default',
        )}`,
      "apps/modules/src/late.ts": "export default 1;",
      // CommonJS.
      "apps/required/package.json": '{ "name": "required" }',
      "apps/required/tsconfig.json": '{ "compilerOptions": { "module": "commonjs", "experimentalDecorators": true } }',
      "apps/required/src/two.cts": "const two: number = 2;\nexport = two;",
      "apps/required/src/ledger.cts": counted("Ledger", 'import two = require("./two.cjs");', "two"),
      "apps/required/src/plain.js": `
        const { counter, Eventual, open, Replicated } = require("@faultline/runtime");
        const { scenario } = require("@faultline/runtime/simulation");
        const { shout } = require("@acme/text");
        class Plain { total = counter(); add() { return this.total.increment(shout("a").length); } }
        Eventual()(Plain);
        Replicated()(Plain);
        module.exports = { plain: scenario("plain", {}, async ({ session }) => session("nyc").open(Plain, "a").add()) };`,
    });
    for (const name of ["rates", "text"])
      workspace.link(`node_modules/@acme/${name}`, workspace.path(`packages/${name}`));
  });

  afterAll(() => workspace[Symbol.dispose]());

  it("simulates its applications, whatever they are compiled to", () => {
    const runs = workspace.simulate(
      "apps/modules/src/cart.ts",
      "apps/required/src/ledger.cts",
      "apps/required/src/plain.js",
    );
    expect(outcomes(runs)).toEqual([
      ["apps/modules/src/cart.ts#Cart", "holds", null],
      ["apps/required/src/ledger.cts#Ledger", "holds", null],
      ["apps/required/src/plain.js#plain", "holds", null],
    ]);
    expect(succeeded(runs)).toEqual(["add"]);
  });
});
