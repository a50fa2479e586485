// Bundles the extension and the language server that it starts into client/dist.
import { cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { globSync } from "tinyglobby";
import { buildDiagram } from "./build-diagram.js";
import { root } from "./run.js";
import { beside, wholeFolder } from "./whole-folder.js";

const client = join(root, "client");
const server = join(root, "server");
const target = join(client, "dist");
const output = beside(target);

const shared: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // Names stay as they are: those of errors and classes reach people in messages. Short ones beside a record of the long
  // ones would cost the server a fifth of its time, as each inner function is given its name whenever it is made.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
};

await wholeFolder(target, async () => {
  await Promise.all([
    build({
      ...shared,
      entryPoints: [join(client, "src/extension.ts")],
      outfile: join(output, "extension.js"),
      external: ["vscode"],
    }),
    build({
      ...shared,
      stdin: {
        contents: 'import { startServer } from "./src/main.js"; startServer();',
        resolveDir: server,
        loader: "ts",
      },
      outfile: join(output, "server/main.js"),
      external: ["esbuild"],
      // The sources are modules and ask where they are; the bundle is one script and asks the way that scripts do.
      define: {
        "import.meta.url": "moduleAddress",
        "import.meta.dirname": "__dirname",
        "import.meta.filename": "__filename",
      },
      banner: { js: 'const moduleAddress = require("node:url").pathToFileURL(__filename).href;' },
    }),
  ]);
  copyEsbuild();
  copyRulePages();
  copySchemas();
  await buildDiagram(join(output, "server/diagram/diagram.js"));
});

/**
 * A simulation bundles the user's file with esbuild, whose binary cannot be inlined. It lies beside the server's bundle and
 * not in the extension's own `node_modules`, which the packager leaves out.
 */
function copyEsbuild(): void {
  const platform = `@esbuild/${process.platform}-${process.arch}`;
  const require = createRequire(join(server, "package.json"));
  const esbuild = dirname(require.resolve("esbuild/package.json"));
  const binary = dirname(createRequire(join(esbuild, "package.json")).resolve(`${platform}/package.json`));
  const modules = join(output, "server/node_modules");
  for (const file of ["package.json", "LICENSE.md", "lib/main.js"]) {
    cpSync(join(esbuild, file), join(modules, "esbuild", file), { recursive: true });
  }
  cpSync(binary, join(modules, platform), { recursive: true });
}

/** The server links each finding to the page of its rule. */
function copyRulePages(): void {
  for (const page of globSync("*/rule.md", { cwd: join(server, "src/rules") })) {
    mkdirSync(join(output, "server/rules", dirname(page)), { recursive: true });
    cpSync(join(server, "src/rules", page), join(output, "server/rules", page));
  }
}

/** Completion in configurations. */
function copySchemas(): void {
  for (const schema of ["configuration.schema.json", "package.schema.json"])
    cpSync(join(root, "docs/schemas", schema), join(output, "schemas", schema));
}
