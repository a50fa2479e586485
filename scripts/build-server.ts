// Bundles the command line and the language server into server/dist.
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { globSync } from "tinyglobby";
import { buildDiagram } from "./build-diagram.js";
import { root } from "./run.js";
import { beside, wholeFolder } from "./whole-folder.js";

const server = join(root, "server");
const target = join(server, "dist");
const output = beside(target);

/**
 * A module that imports a script has Node search it for the names that it exports, and the compiler's nine megabytes
 * cost it 0.2 s. So it is required. What wraps the compiler's nodes is loaded only by the edits that need it.
 */
const requiredCompiler: Plugin = {
  name: "required-compiler",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:ts-morph|@ts-morph\/common)$/ }, () => ({ path: "compiler", namespace: "required" }));
    onLoad({ filter: /^compiler$/, namespace: "required" }, () => ({
      contents: `
        import { createRequire } from "node:module";
        const require = createRequire(import.meta.url);
        export const { ts, getLibFiles } = require("@ts-morph/common");
        export const createWrappedNode = (...words) => require("ts-morph").createWrappedNode(...words);
      `,
    }));
  },
};

await wholeFolder(target, async () => {
  await build({
    entryPoints: {
      cli: join(server, "src/cli/main.ts"),
      main: join(server, "src/main.ts"),
      workloads: join(server, "src/workloads.ts"),
    },
    outdir: output,
    bundle: true,
    // A command loads only what it needs: `simulate` starts without the analyzer.
    splitting: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    plugins: [requiredCompiler],
    sourcemap: true,
    logLevel: "warning",
  });
  for (const page of globSync("*/rule.md", { cwd: join(server, "src/rules") })) {
    mkdirSync(join(output, "rules", dirname(page)), { recursive: true });
    cpSync(join(server, "src/rules", page), join(output, "rules", page));
  }
  mkdirSync(join(output, "schemas"), { recursive: true });
  cpSync(join(root, "docs/schemas/configuration.schema.json"), join(output, "schemas/configuration.schema.json"));
  await buildDiagram(join(output, "diagram/diagram.js"));
});
