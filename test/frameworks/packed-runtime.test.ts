import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { ts } from "ts-morph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesOf, PackedRuntime, Project, repository } from "./project.js";
import { compile } from "./types.js";

let runtime: PackedRuntime;
let project: Project;

beforeAll(() => {
  runtime = new PackedRuntime();
  const { exports } = JSON.parse(readFileSync(join(runtime.installed, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  const imports = entries.map((entry, index) => {
    const specifier = `@faultline/runtime${entry.slice(1)}`;
    // An entry without types is an error under `strict`, and one whose types are empty has no names.
    return `import * as entry${index} from "${specifier}";\nexport const name${index}: keyof typeof entry${index} extends never ? never : string = "";\n`;
  });
  const consumer = `${imports.join("")}export const wrong: number = entry0.register("text");\n`;
  project = new Project(runtime, {
    "package.json": '{ "private": true }',
    "old.ts": consumer,
    "required.cts": consumer,
    "imported.mts": consumer,
  });
});

afterAll(() => {
  project[Symbol.dispose]();
  runtime[Symbol.dispose]();
});

describe("the packed runtime", () => {
  it("is what publint expects of a package", async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(runtime.tarball);
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
    expect((await publint({ pack: { tarball }, strict: true })).messages).toEqual([]);
  });

  it("has types for every entry in every resolution that @arethetypeswrong/cli knows", () => {
    const cli = join(repository, "node_modules/@arethetypeswrong/cli/dist/index.js");
    // It ends with 1 where anything is wrong.
    expect(project.run(process.execPath, [cli, runtime.tarball, "--no-emoji"])).toContain("No problems found");
  });

  const { CommonJS, Node16, NodeNext, ESNext } = ts.ModuleKind;
  const { Node10, Node16: LikeNode16, NodeNext: LikeNodeNext, Bundler } = ts.ModuleResolutionKind;
  it.each([
    ["node", "old.ts", { module: CommonJS, moduleResolution: Node10 }],
    ["node16, required", "required.cts", { module: Node16, moduleResolution: LikeNode16 }],
    ["node16, imported", "imported.mts", { module: Node16, moduleResolution: LikeNode16 }],
    ["nodenext, required", "required.cts", { module: NodeNext, moduleResolution: LikeNodeNext }],
    ["nodenext, imported", "imported.mts", { module: NodeNext, moduleResolution: LikeNodeNext }],
    ["bundler", "old.ts", { module: ESNext, moduleResolution: Bundler }],
  ])("resolves under moduleResolution %s", (_, file, options) => {
    expect(compile([project.path(file)], { ...options, noEmit: true, types: [] })).toEqual([
      expect.stringMatching(/Type 'Register<string>' is not assignable to type 'number'/),
    ]);
  });
});

describe("a fresh Vitest project, as docs/frameworks.md has it", () => {
  let tested: Project;

  beforeAll(() => {
    const files = {
      "package.json": '{ "private": true, "type": "module" }',
      ...filesOf("docs/frameworks.md", "Vitest"),
      // Classes of this module, exported or not, of another module, and one that is made with what it needs.
      "src/desk.ts": `
        import { Eventual, open, Replicated, register, replicated } from "@faultline/runtime";
        import type { Seat } from "./seat.js";

        @Replicated()
        class Bell {
          @Eventual() readonly rung = register(0);
          async ring(times: 1 | 2): Promise<void> {
            await this.rung.update((rung) => rung + times);
          }
        }

        @Replicated()
        class Desk {
          @Eventual() readonly served = register(0);
          constructor(readonly id: string, private readonly clerk: string) {}
          async serve(seat: Seat, bell: Bell, guests: Date[]): Promise<void> {
            await bell.ring(1);
            await seat.book("ann");
            await this.served.update((served) => served + guests.length + this.clerk.length);
          }
        }
        export const desks = replicated(Desk, { create: (id) => new Desk(id, "bob") });`,
      "src/desk.test.ts": `
        import { explore } from "@faultline/runtime/simulation";
        import { expect, it } from "vitest";
        import { desks } from "./desk.js";

        it("opens objects of other classes", async () => {
          const { operations } = await explore(desks, { schedules: 20 });
          expect(operations.some(({ name, ok }) => name === "serve" && ok > 0)).toBe(true);
        });`,
    };
    tested = new Project(runtime, files, ["esbuild", "vite", "vitest"]);
  });

  afterAll(() => tested[Symbol.dispose]());

  const vitest = (...words: readonly string[]) =>
    tested.run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--no-color", ...words]);

  it("explores scenarios without more, and classes whose methods take nothing", () => {
    expect(() => vitest("src/seat.test.ts")).toThrow(
      /Tests {2}1 failed \| 1 passed[\s\S]*runtime\/vite in Vitest where the package faultline is installed/,
    );
  });

  it("explores classes by their methods' types where `faultline` is installed", () => {
    tested.link("node_modules/faultline", join(repository, "server"));
    expect(vitest()).toMatch(/Tests {2}3 passed/);
  });
});
