// Bundles the command line and the language server into server/dist.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import { root } from "./run.js";

const server = join(root, "server");
const output = join(server, "dist");

rmSync(output, { recursive: true, force: true });
await build({
  entryPoints: { cli: join(server, "src/cli/main.ts"), main: join(server, "src/main.ts") },
  outdir: output,
  bundle: true,
  // A command loads only what it needs: `simulate` starts without the analyzer.
  splitting: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  keepNames: true,
  sourcemap: true,
  logLevel: "warning",
});
for (const page of globSync("*/rule.md", { cwd: join(server, "src/rules") })) {
  mkdirSync(join(output, "rules", dirname(page)), { recursive: true });
  cpSync(join(server, "src/rules", page), join(output, "rules", page));
}
mkdirSync(join(output, "schemas"), { recursive: true });
cpSync(join(root, "docs/schemas/configuration.schema.json"), join(output, "schemas/configuration.schema.json"));
