// Builds @faultline/runtime into runtime/dist, or into the folder given as argument: one CommonJS file a module with its
// types; thin ECMAScript wrappers over the entries, so that in Node both kinds of importers share one instance; the same
// modules as ECMAScript for bundlers, which drop what an application does not use; and the host as one file.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { globSync } from "tinyglobby";
import { root, runNode } from "./run.js";
import { beside, wholeFolder } from "./whole-folder.js";

const runtime = join(root, "runtime");
const source = join(runtime, "src");
const target = resolve(process.argv[2] ?? join(runtime, "dist"));
const output = beside(target);
const forBundlers = join(output, "module");

/** The modules that package.json's `exports` leads to. */
const entries = [
  "index",
  "simulation/index",
  "checkers/index",
  "label/index",
  "eventsourcing/index",
  "cqrs/index",
  "advice/index",
  "vite/index",
];

const bundled: BuildOptions = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };

await wholeFolder(target, async () => {
  mkdirSync(forBundlers);
  await compile(["--outDir", output]);
  const modules = ["--module", "esnext", "--moduleResolution", "bundler", "--declaration", "false"];
  await compile(["--outDir", forBundlers, ...modules]);
  writeFileSync(join(forBundlers, "package.json"), '{ "type": "module", "sideEffects": false }\n');
  await bundleLibraries();
  for (const entry of entries) if (existsSync(join(output, `${entry}.js`))) wrap(entry);
  await bundleHost();
});

/** Types are checked by `npm run check`, not here. */
async function compile(options: readonly string[]): Promise<void> {
  const project = join(runtime, "tsconfig.build.json");
  const { status } = await runNode("node_modules/typescript/bin/tsc", ["-p", project, ...options]);
  if (status !== 0) throw new Error(`The compiler ended with ${status}.`);
}

/** The published package has no dependencies: modules that import a library get what they use of it built in. */
async function bundleLibraries(): Promise<void> {
  const importing = globSync("src/**/*.ts", { cwd: runtime, ignore: ["**/*.test.ts", "src/host/**"] }).filter((file) =>
    /from "(zod|fast-check)/.test(readFileSync(join(runtime, file), "utf8")),
  );
  const ownModulesStay: Plugin = {
    name: "own modules stay",
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\./ }, ({ path, importer }) =>
        importer.startsWith(source) ? { path, external: true } : undefined,
      );
    },
  };
  const options: BuildOptions = {
    ...bundled,
    entryPoints: importing.map((file) => join(runtime, file)),
    outbase: source,
    plugins: [ownModulesStay],
  };
  await build({ ...options, format: "cjs", outdir: output });
  await build({ ...options, format: "esm", outdir: forBundlers });
}

/** `require`, where an import would do for Node: Vite takes a linked package for source, in which it knows no CommonJS. */
function wrap(entry: string): void {
  const file = join(output, `${entry}.js`);
  const name = `./${basename(file)}`;
  const exported = Object.keys(createRequire(import.meta.url)(file) as object).sort();
  const lines = exported.map((key) => `export const ${key} = runtime.${key};`);
  const load = `import { createRequire } from "node:module";\n\nconst runtime = createRequire(import.meta.url)("${name}");`;
  writeFileSync(join(output, `${entry}.mjs`), `${load}\n${lines.join("\n")}\n`);
  writeFileSync(join(output, `${entry}.d.mts`), `export * from "${name}";\n`);
}

/** Carries its own copy of everything: it is sent to a child process that may not read files. */
async function bundleHost(): Promise<void> {
  const entry = join(runtime, "src/host/main.ts");
  if (!existsSync(entry)) return;
  await build({ ...bundled, entryPoints: [entry], format: "cjs", outfile: join(output, "host.js") });
}
