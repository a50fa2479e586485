// Builds @faultline/runtime: one CommonJS file a module with its types, thin ECMAScript wrappers over the entries, so
// that both kinds of importers share one instance, and the host as one file. Takes another output folder as argument.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { root, runNode } from "./run.js";

const runtime = join(root, "runtime");
const output = resolve(process.argv[2] ?? join(runtime, "dist"));

/** The modules that package.json's `exports` leads to. */
const entries = ["index", "simulation/index", "checkers/index", "label/index", "vite/index"];

const bundled: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  legalComments: "inline",
  logLevel: "warning",
};

rmSync(output, { recursive: true, force: true });
await compile();
await bundleZod();
for (const entry of entries) if (existsSync(join(output, `${entry}.js`))) wrap(entry);
await bundleHost();

/** Types are checked by `npm run check`, not here. */
async function compile(): Promise<void> {
  const project = join(runtime, "tsconfig.build.json");
  const { status } = await runNode("node_modules/typescript/bin/tsc", ["-p", project, "--outDir", output]);
  if (status !== 0) throw new Error(`The compiler ended with ${status}.`);
}

/** The published package has no dependencies: the one module that imports zod gets what it needs of it built in. */
async function bundleZod(): Promise<void> {
  const module = "validation/zod";
  // Its types would need zod; nothing that applications see refers to them.
  rmSync(join(output, `${module}.d.ts`));
  await build({
    ...bundled,
    entryPoints: [join(runtime, `src/${module}.ts`)],
    outfile: join(output, `${module}.js`),
  });
}

function wrap(entry: string): void {
  const file = join(output, `${entry}.js`);
  const name = `./${relative(join(file, ".."), file)}`;
  const exported = Object.keys(createRequire(import.meta.url)(file) as object).sort();
  const lines = exported.map((key) => `export const ${key} = runtime.${key};`);
  writeFileSync(join(output, `${entry}.mjs`), `import runtime from "${name}";\n\n${lines.join("\n")}\n`);
  writeFileSync(join(output, `${entry}.d.mts`), `export * from "${name}";\n`);
}

/** Carries its own copy of everything: it is sent to a child process that may not read files. */
async function bundleHost(): Promise<void> {
  const entry = join(runtime, "src/host/main.ts");
  if (existsSync(entry)) await build({ ...bundled, entryPoints: [entry], outfile: join(output, "host.js") });
}
