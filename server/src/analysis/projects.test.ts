import { describe, expect, it } from "vitest";
import { Folder } from "../../../test/harness/folder.js";
import { type Analysis, createAnalysis } from "./index.js";

const page = (level: string, from: string): string => `import { ${level}, Replicated, counter } from "${from}";
@Replicated()
export class Page {
  @${level}() readonly views = counter();
}
`;
const levels = 'export { Linearizable as Strict, Replicated, counter } from "@faultline/runtime";\n';
const board = `import { Available } from "@faultline/runtime";
import { Note } from "./note.js";
import { open } from "@faultline/runtime";
export class Board {
  @Available()
  async write(id: string): Promise<void> {
    await open(Note, id).text.write("");
  }
}
`;
const note = (level: string): string => `import { ${level}, Replicated, register } from "@faultline/runtime";
@Replicated()
export class Note {
  @${level}() readonly text = register("");
}
`;

/** What is found, as `file rule`, by an analysis that is told of every change and by one that begins anew. */
function found(folder: Folder, analysis: Analysis, ...changed: readonly string[]): readonly string[] {
  for (const name of changed) analysis.changedOnDisk(folder.path(name));
  const fresh = createAnalysis({ root: folder.root });
  const expected = rulesOf(folder, new Map(fresh.refresh()));
  const reported = (states.get(analysis) ?? new Map()) as Map<string, readonly { readonly rule: string }[]>;
  for (const [file, findings] of analysis.refresh()) reported.set(file, findings);
  states.set(analysis, reported);
  expect(rulesOf(folder, reported)).toEqual(expected);
  return expected;
}

const states = new WeakMap<Analysis, unknown>();

function rulesOf(folder: Folder, byFile: ReadonlyMap<string, readonly { readonly rule: string }[]>): readonly string[] {
  return [...byFile]
    .flatMap(([file, findings]) => findings.map(({ rule }) => `${file.slice(folder.root.length + 1)} ${rule}`))
    .sort();
}

describe("several projects", () => {
  const files = {
    "packages/levels/src/index.ts": levels,
    "packages/levels/package.json": '{ "name": "@shop/levels", "main": "./src/index.ts" }',
    "packages/orders/tsconfig.json": '{ "compilerOptions": { "paths": { "#levels": ["../levels/src/index.ts"] } } }',
    "packages/orders/src/page.ts": page("Strict", "#levels"),
    "packages/stock/tsconfig.json": '{ "extends": "./tsconfig.base.json" }',
    "packages/stock/tsconfig.base.json":
      '{ "compilerOptions": { "paths": { "~/*": ["./src/*", "../levels/src/*"] } } }',
    "packages/stock/src/page.ts": page("Strict", "~/index.js"),
    // The same name means nothing here.
    "packages/plain/tsconfig.json": "{}",
    "packages/plain/src/page.ts": page("Strict", "#levels"),
  };

  it("each resolve names their own way, below a root that has no project", () => {
    using folder = new Folder(files);
    const analysis = createAnalysis({ root: folder.root });
    expect(found(folder, analysis)).toEqual([
      "packages/orders/src/page.ts no-strong-counter",
      "packages/stock/src/page.ts no-strong-counter",
    ]);
  });

  it("are read anew when a project file changes, and those that it extends too", () => {
    using folder = new Folder(files);
    const analysis = createAnalysis({ root: folder.root });
    expect(found(folder, analysis)).toHaveLength(2);
    folder.write("packages/stock/tsconfig.base.json", "{}");
    expect(found(folder, analysis, "packages/stock/tsconfig.base.json")).toEqual([
      "packages/orders/src/page.ts no-strong-counter",
    ]);
    folder.write("packages/plain/tsconfig.json", files["packages/orders/tsconfig.json"]);
    folder.remove("packages/orders/tsconfig.json");
    expect(found(folder, analysis, "packages/plain/tsconfig.json", "packages/orders/tsconfig.json")).toEqual([
      "packages/plain/src/page.ts no-strong-counter",
    ]);
  });

  it("know a package by the name that it has now", () => {
    using folder = new Folder({
      "lib/package.json": '{ "name": "@faultline/runtime" }',
      "lib/index.ts": "export const Linearizable = 1, Replicated = 1, counter = 1;\n",
      "src/page.ts": page("Linearizable", "../lib/index.js"),
    });
    const analysis = createAnalysis({ root: folder.root });
    expect(found(folder, analysis)).toEqual(["src/page.ts no-strong-counter"]);
    folder.write("lib/package.json", '{ "name": "lookalike" }');
    expect(found(folder, analysis, "lib/package.json")).toEqual([]);
    folder.write("lib/package.json", '{ "name": "@faultline/runtime" }');
    expect(found(folder, analysis, "lib/package.json")).toEqual(["src/page.ts no-strong-counter"]);
  });
});

describe("files that come and go", () => {
  it("are found, and so is what depends on them", () => {
    using folder = new Folder({ "board.ts": board });
    const analysis = createAnalysis({ root: folder.root });
    expect(found(folder, analysis)).toEqual([]);
    folder.write("note.ts", note("Linearizable"));
    expect(found(folder, analysis, "note.ts")).toEqual(["board.ts no-cap-impossible-write"]);
    folder.write("note.ts", note("Causal"));
    expect(found(folder, analysis, "note.ts")).toEqual([]);
    folder.write("note.ts", note("Sequential"));
    expect(found(folder, analysis, "note.ts")).toEqual(["board.ts no-cap-impossible-write"]);
    folder.remove("note.ts");
    expect(found(folder, analysis, "note.ts")).toEqual([]);
  });

  it("may be renamed, with or without those that import them", () => {
    using folder = new Folder({ "board.ts": board, "note.ts": note("Linearizable") });
    const analysis = createAnalysis({ root: folder.root });
    expect(found(folder, analysis)).toEqual(["board.ts no-cap-impossible-write"]);
    folder.rename("note.ts", "notes/note.ts");
    expect(found(folder, analysis, "note.ts", "notes/note.ts")).toEqual([]);
    folder.write("board.ts", board.replace("./note.js", "./notes/note.js"));
    expect(found(folder, analysis, "board.ts")).toEqual(["board.ts no-cap-impossible-write"]);
    folder.rename("board.ts", "boards/board.ts");
    folder.write("boards/board.ts", board.replace("./note.js", "../notes/note.js"));
    expect(found(folder, analysis, "boards/board.ts", "board.ts")).toEqual(["boards/board.ts no-cap-impossible-write"]);
  });

  it("may hide one another: a module is its file before it is its folder", () => {
    using folder = new Folder({
      "page.ts": page("Strict", "./levels"),
      "levels/index.ts": levels,
    });
    const analysis = createAnalysis({ root: folder.root });
    expect(found(folder, analysis)).toEqual(["page.ts no-strong-counter"]);
    folder.write("levels.ts", levels.replace("Linearizable as", "Eventual as"));
    expect(found(folder, analysis, "levels.ts")).toEqual([]);
    folder.remove("levels.ts");
    expect(found(folder, analysis, "levels.ts")).toEqual(["page.ts no-strong-counter"]);
  });

  it("are left alone where Git ignores them, in builds and in dependencies", () => {
    using folder = new Folder({ ".git/HEAD": "", ".gitignore": "generated/\n*.local.ts\n" });
    const analysis = createAnalysis({ root: folder.root });
    const ignored = ["generated/page.ts", "src/page.local.ts", "dist/page.ts", "node_modules/shop/page.ts"];
    for (const name of ignored) folder.write(name, page("Linearizable", "@faultline/runtime"));
    expect(found(folder, analysis, ...ignored)).toEqual([]);
    folder.write("src/page.ts", page("Linearizable", "@faultline/runtime"));
    expect(found(folder, analysis, "src/page.ts")).toEqual(["src/page.ts no-strong-counter"]);
  });

  it("leave when Git is told to ignore them and come back when it is not, by nested rules too", () => {
    using folder = new Folder({
      ".git/HEAD": "",
      "src/board.ts": board,
      "src/note.ts": note("Linearizable"),
      "src/made/page.ts": page("Linearizable", "@faultline/runtime"),
    });
    const analysis = createAnalysis({ root: folder.root });
    const all = ["src/board.ts no-cap-impossible-write", "src/made/page.ts no-strong-counter"];
    expect(found(folder, analysis)).toEqual(all);
    folder.write(".gitignore", "made\n");
    expect(found(folder, analysis, ".gitignore")).toEqual(all.slice(0, 1));
    // A folder further in has the last word of what is directly in it, but not of a folder that is ignored as a whole.
    folder.write("src/.gitignore", "!made\n");
    expect(found(folder, analysis, "src/.gitignore")).toEqual(all);
    folder.write("src/made/.gitignore", "*.ts\n");
    folder.write("src/.gitignore", "board.ts\n!made\n");
    expect(found(folder, analysis, "src/made/.gitignore", "src/.gitignore")).toEqual([]);
    folder.remove("src/made/.gitignore");
    folder.remove("src/.gitignore");
    folder.remove(".gitignore");
    expect(found(folder, analysis, "src/.gitignore", ".gitignore", "src/made/.gitignore")).toEqual(all);
  });

  it("are judged while they are open even if Git ignores them", () => {
    const text = page("Linearizable", "@faultline/runtime");
    using folder = new Folder({ ".git/HEAD": "", ".gitignore": "made\n", "made/page.ts": text });
    const analysis = createAnalysis({ root: folder.root });
    const file = folder.path("made/page.ts");
    analysis.open(file, text);
    expect(analysis.findings(file)).toHaveLength(1);
    folder.write(".gitignore", "made/\n");
    analysis.changedOnDisk(folder.path(".gitignore"));
    expect(analysis.findings(file)).toHaveLength(1);
    analysis.close(file);
    expect(found(folder, analysis)).toEqual([]);
  });

  it("come and go with their folder", () => {
    using folder = new Folder({ "app/board.ts": board, "app/note.ts": note("Linearizable") });
    const analysis = createAnalysis({ root: folder.root });
    expect(found(folder, analysis)).toEqual(["app/board.ts no-cap-impossible-write"]);
    folder.rename("app", "shop");
    expect(found(folder, analysis, "app", "shop")).toEqual(["shop/board.ts no-cap-impossible-write"]);
    folder.remove("shop");
    expect(found(folder, analysis, "shop")).toEqual([]);
  });

  it("may be open in the editor when they go, and then stay until they are closed", () => {
    using folder = new Folder({ "page.ts": page("Linearizable", "@faultline/runtime") });
    const analysis = createAnalysis({ root: folder.root });
    analysis.open(folder.path("page.ts"), page("Linearizable", "@faultline/runtime"));
    expect(analysis.findings(folder.path("page.ts"))).toHaveLength(1);
    folder.remove("page.ts");
    analysis.changedOnDisk(folder.path("page.ts"));
    expect(analysis.findings(folder.path("page.ts"))).toHaveLength(1);
    analysis.close(folder.path("page.ts"));
    expect(found(folder, analysis)).toEqual([]);
  });
});
