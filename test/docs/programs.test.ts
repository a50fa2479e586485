import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { Folder } from "../harness/folder.js";
import { repositoryFiles, root } from "../tidy/source-files.js";

/** A file that a page shows: a block whose first line names it. */
const file = /^```ts\n\/\/ (\S+\.ts)\n[\s\S]*?^```$/gm;

/** A block that begins with the command that runs such a file shows what that prints. */
const output = /^```text\n\$ npx tsx (\S+)\n\n[\s\S]*?^```$/gm;

const pages = repositoryFiles("*.md").filter((page) => textOf(page).match(output) !== null);
const execute = promisify(execFile);

describe("pages show what their programs print (--update rewrites them)", () => {
  it("in one at least", () => {
    expect(pages).toContain("docs/event-sourcing.md");
  });

  it.each(pages)("%s", async (page) => {
    const text = textOf(page);
    using folder = new Folder({ ...filesOf(text), "tsconfig.json": JSON.stringify(project) });
    await execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder.root]).catch(
      ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => expect.fail(`${stdout}${stderr}`),
    );
    const printed = new Map<string, string>();
    for (const [, name = ""] of text.matchAll(output)) printed.set(name, await run(folder, name));
    const shown = text.replace(output, (_, name: string) => {
      return `\`\`\`text\n$ npx tsx ${name}\n\n${printed.get(name)}\n\`\`\``;
    });
    await expect(shown).toMatchFileSnapshot(join(root, page));
  });
});

const runtime = join(root, "runtime/src");

/** Everything that a page shows has to type-check, also what it does not run. */
const project = {
  extends: join(root, "tsconfig.json"),
  compilerOptions: {
    ...{ declaration: false, sourceMap: false, noUnusedLocals: false, typeRoots: [join(root, "node_modules/@types")] },
    paths: {
      "@faultline/runtime": [join(runtime, "index.ts")],
      "@faultline/runtime/*": [join(runtime, "*/index.ts")],
      zod: [join(root, "node_modules/zod/index.d.cts")],
    },
  },
  include: ["**/*.ts"],
};

function filesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(file)].map(([block, name = ""]) => [name, block.split("\n").slice(1, -1).join("\n")]),
  );
}

async function run(folder: Folder, name: string): Promise<string> {
  const bundle = folder.path("program.mjs");
  await build({
    ...{ entryPoints: [folder.path(name)], outfile: bundle, bundle: true, platform: "node", format: "esm" },
    ...{ target: "node20", absWorkingDir: root, nodePaths: [join(root, "node_modules")], logLevel: "silent" },
    tsconfig: folder.path("tsconfig.json"),
    alias: { zod: join(root, "node_modules/zod") }, // not its types, which the paths lead to
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  // What it writes stays in its folder.
  const options = { cwd: folder.root, env: { ...process.env, TZ: "UTC", NO_COLOR: "1" } };
  const { stdout } = await execute(process.execPath, [bundle], options);
  return stdout.trim();
}

function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}
