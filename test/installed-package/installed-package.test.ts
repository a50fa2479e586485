import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, transform } from "esbuild";
import { createServer } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultline } from "../../runtime/src/vite/index.js";
import { type Installation, install } from "./installation.js";

let installation: Installation;
beforeAll(() => {
  installation = install();
}, 60_000);
afterAll(() => installation.remove());

const observed = {
  overdraft: "Error: insufficient funds",
  balances: [75, 125],
  // Counted once: the override is a transaction as what it overrides, and the transfer that failed was undone.
  visits: 3,
  interest: 0,
  saga: ["Error: the shop is closed", 75],
  glance: 75,
  invariants: [true, true],
  page: 1,
  others: [[["day", 3]], ["ann"], [{ author: "ann", text: "hi" }]],
  unbound: true,
  shelf: [["received", "sold"], 1],
  stream: [4, 5, 2, true],
  service: 0,
};

const dialects = [false, true].flatMap((experimentalDecorators) =>
  [false, true].map((useDefineForClassFields) => ({ experimentalDecorators, useDefineForClassFields })),
);

describe.each(dialects)("under %o", (options) => {
  const name = `${options.experimentalDecorators ? "legacy" : "standard"}-${options.useDefineForClassFields}`;

  test("annotated classes type-check without Node's types, wrong uses do not, and all behaves the same", () => {
    const flags = Object.entries(options).flatMap(([option, value]) => [`--${option}`, String(value)]);
    // Nothing of Node, nothing of the DOM, and the package's own types are checked too.
    const environment = ["--types", "", "--lib", "es2022", "--skipLibCheck", "false"];
    const project = writeConfig(name, { ...options, outDir: name });
    installation.typescript("-p", project, ...flags, ...environment);
    expect(JSON.parse(installation.node(`${name}/observe.js`))).toEqual(observed);
  });

  test("esbuild's output behaves the same", async () => {
    for (const file of ["account", "observe"]) {
      const { code } = await transform(readFileSync(join(installation.folder, `${file}.ts`), "utf8"), {
        loader: "ts",
        format: "cjs",
        target: "es2022",
        tsconfigRaw: { compilerOptions: options },
      });
      writeFileSync(join(installation.folder, name, `${file}.js`), code);
    }
    expect(JSON.parse(installation.node(`${name}/observe.js`))).toEqual(observed);
  });
});

function writeConfig(name: string, options: object): string {
  const file = `tsconfig.${name}.json`;
  const compilerOptions = {
    ...{ target: "es2022", module: "nodenext", strict: true, exactOptionalPropertyTypes: true },
    ...options,
  };
  // The one thing of its surroundings that the project uses.
  writeFileSync(join(installation.folder, "console.d.ts"), "declare const console: { log(text: string): void };\n");
  const files = ["account.ts", "observe.ts", "wrong-uses.ts", "console.d.ts"];
  writeFileSync(join(installation.folder, file), JSON.stringify({ compilerOptions, files }));
  return file;
}

test("parameter properties can be labelled under experimentalDecorators", () => {
  const source = `
    import { Eventual } from "@faultline/runtime";
    export class Service {
      constructor(@Eventual() private readonly cache: Map<string, number>) {}
      size(): number { return this.cache.size; }
    }
    console.log(String(new Service(new Map([["a", 1]])).size()));`;
  writeFileSync(join(installation.folder, "service.ts"), source);
  writeFileSync(join(installation.folder, "console.d.ts"), "declare const console: { log(text: string): void };\n");
  const options = ["--experimentalDecorators", "--module", "nodenext", "--strict", "--outDir", "service"];
  installation.typescript(...options, "--types", "", "--lib", "es2022", "service.ts", "console.d.ts", "--ignoreConfig");
  expect(installation.node("service/service.js")).toBe("1\n");
});

test("old module resolution finds the types of every entry", () => {
  const { typesVersions, exports } = JSON.parse(
    readFileSync(join(installation.folder, "node_modules/@faultline/runtime/package.json"), "utf8"),
  ) as { typesVersions: { "*": Record<string, [string]> }; exports: Record<string, unknown> };
  const entries = Object.keys(exports).filter((entry) => ![".", "./package.json"].includes(entry));
  expect(Object.keys(typesVersions["*"]).map((entry) => `./${entry}`)).toEqual(entries);
  for (const [file] of Object.values(typesVersions["*"])) {
    expect(existsSync(join(installation.folder, "node_modules/@faultline/runtime", file)), file).toBe(true);
  }
});

test("CommonJS and ECMAScript importers share one instance, with the same names", () => {
  writeFileSync(
    join(installation.folder, "one-instance.mjs"),
    `import * as module from "@faultline/runtime";
     import * as simulation from "@faultline/runtime/simulation";
     import * as label from "@faultline/runtime/label";
     import { createRequire } from "node:module";
     const require = createRequire(import.meta.url);
     const required = require("@faultline/runtime");
     const names = Object.keys(required).filter((name) => module[name] !== required[name]);
     const same = label.eventual === require("@faultline/runtime/label").eventual
       && simulation.explore === require("@faultline/runtime/simulation").explore;
     console.log(JSON.stringify({ names, same, count: Object.keys(required).length === Object.keys(module).length }));`,
  );
  expect(JSON.parse(installation.node("one-instance.mjs"))).toEqual({ names: [], same: true, count: true });
});

test("Vite understands a package that is linked, which it transforms as if it were source", async () => {
  const project = join(installation.folder, "linking");
  const link = join(project, "node_modules/@faultline/runtime");
  mkdirSync(dirname(link), { recursive: true });
  const linked = join(installation.folder, "linked");
  cpSync(join(installation.folder, "node_modules/@faultline/runtime"), linked, { recursive: true });
  symlinkSync(linked, link, "junction");
  const file = join(project, "seat.ts");
  writeFileSync(
    file,
    `import { Linearizable, open, Replicated, register } from "@faultline/runtime";
     import { explore, scenario } from "@faultline/runtime/simulation";
     @Replicated() class Seat { @Linearizable() readonly holder = register("nobody"); }
     const session = scenario("a seat is taken", { regions: ["nyc"] }, async ({ session }) => {
       await session("nyc").open(Seat, "12A").holder.write("ann");
     });
     export const holder = open(Seat, "12A").holder.read();
     export const outcome = explore(session, { schedules: 1 }).then((report) => report.outcome);`,
  );
  const server = await createServer({
    ...{ root: project, configFile: false, logLevel: "silent", appType: "custom" },
    server: { middlewareMode: true, ws: false, watch: null },
    // As Vitest has it.
    ssr: { resolve: { conditions: ["node"] } },
    plugins: [faultline()],
  });
  try {
    const loaded = await server.ssrLoadModule(file);
    expect([await loaded["holder"], await loaded["outcome"]]).toEqual(["nobody", "holds"]);
  } finally {
    await server.close();
  }
});

test("a built package depends on nothing", () => {
  const modules = join(installation.folder, "node_modules/@faultline/runtime/dist");
  const specifiers = readdirSync(modules, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(js|mjs|d\.ts)$/.test(file) && file !== "host.js")
    .flatMap((file) => {
      const text = readFileSync(join(modules, file), "utf8");
      return [...text.matchAll(/(?:\bfrom |require\(|import\()"([^".][^"]*)"/g)].map(([, specifier]) => specifier);
    });
  const outside = new Set(specifiers.filter((specifier) => !specifier?.startsWith("node:")));
  // The plugin's optional peer dependency.
  expect([...outside]).toEqual(["esbuild"]);
});

describe("an application's bundle", () => {
  // The class that the documentation shows first.
  const account = `
    import { Causal, counter, Eventual, Invariant, Linearizable, log, open, Replicated, register, Transaction }
      from "@faultline/runtime";
    @Replicated()
    export class Account {
      @Linearizable() readonly balance = register(100);
      @Eventual() readonly views = counter();
      @Causal() readonly comments = log<{ author: string; text: string }>();
      constructor(readonly id: string) {}
      @Transaction()
      async transfer(to: Account, amount: number) {
        await this.balance.update((b) => b - amount);
        await to.balance.update((b) => b + amount);
      }
      @Invariant("no account is overdrawn")
      async solvent() { return (await this.balance.read()) >= 0; }
    }`;

  test.each([
    ["that defines an annotated class", account],
    ["that opens it too", `${account} await open(Account, "a").transfer(open(Account, "b"), 1); console.log("moved");`],
  ])("%s is at most 40 KB, minified", async (_, contents) => {
    const outfile = join(installation.folder, "bundle.mjs");
    await build({
      ...{ stdin: { contents, resolveDir: installation.folder, loader: "ts" }, outfile },
      ...{ bundle: true, minify: true, platform: "node", format: "esm", target: "es2022" },
    });
    expect(readFileSync(outfile).byteLength).toBeLessThanOrEqual(40 * 1024);
    expect(installation.node("bundle.mjs")).toBe(contents.includes("console.log") ? "moved\n" : "");
  });

  test("has neither simulator nor mechanisms nor checkers in it, also where nothing is dropped", () => {
    installation.node("-e", 'require("@faultline/runtime")');
    const loaded = installation.node(
      "-e",
      'require("@faultline/runtime"); console.log(Object.keys(require.cache).join("\\n"))',
    );
    const inside = loaded.split("\n").filter((file) => file.includes("/dist/"));
    expect(inside.length).toBeGreaterThan(30);
    const from = (folder: string): readonly string[] =>
      inside.filter((file) => file.includes(`/dist/${folder}/`)).map((file) => file.replace(/.*\//, ""));
    for (const folder of ["simulation", "explore", "checkers", "faults"]) expect(from(folder)).toEqual([]);
    // What a recording is written with.
    expect(from("history").toSorted()).toEqual(["encoding.js", "json-values.js"]);
    expect(from("mechanisms")).toEqual(["options.js", "atomic-quorum.js", "cached-origin.js", "defaults.js"]);
  });
});

test("the Vite plugin says what to install where esbuild is missing", () => {
  const script = `require("@faultline/runtime/vite").faultline().transform("@a class A {}", "/project/a.ts")
    .catch((error) => console.log(error.message));`;
  expect(installation.node("-e", script)).toBe(
    "@faultline/runtime/vite needs esbuild to lower decorators. Install it: npm install -D esbuild.\n",
  );
});

test("two copies of the package in one process are noticed", async () => {
  const copy = join(installation.folder, "copy");
  const original = join(installation.folder, "node_modules/@faultline/runtime");
  cpSync(original, join(copy, "node_modules/@faultline/runtime"), { recursive: true });
  writeFileSync(
    join(copy, "account.js"),
    `const { Causal, Replicated, counter } = require("@faultline/runtime");
     class Account { constructor() { this.views = counter(); } }
     Causal()(Account); Replicated()(Account);
     exports.Account = Account;`,
  );
  const script = `
    const { open, Replicated } = require("@faultline/runtime");
    const { Account } = require("./copy/account.js");
    const tell = () => { try { open(Account, "a"); } catch (error) { console.log(error.code, error.message); } };
    tell();
    Replicated()(Account);
    tell();`;
  const [type, cell] = installation.node("-e", script).trim().split("\n");
  expect(type).toMatch(/^FAULTLINE_ANNOTATION `Account` is not replicated\. 2 copies of @faultline\/runtime seem/);
  expect(cell).toMatch(/^FAULTLINE_ANNOTATION `Account\.views` is a cell of another copy of this package\. 2 copies/);
});
