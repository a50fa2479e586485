// npm run package: builds, then packs client/ as client/faultline-vscode-<platform>.vsix.
import { statSync } from "node:fs";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { build } from "./incremental-build.js";
import { root } from "./run.js";

/** Platform-specific, because esbuild's binary is inside. */
const target = `${process.platform}-${process.arch}`;
const packagePath = join(root, "client", `faultline-vscode-${target}.vsix`);

await build();
await createVSIX({ cwd: join(root, "client"), target, packagePath, dependencies: false, allowMissingRepository: true });
console.log(`${packagePath} (${(statSync(packagePath).size / 1_048_576).toFixed(1)} MB)`);
