import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { build, formatMessages, type Message, type Plugin } from "esbuild";
import { absentPackages } from "./absent-packages.js";
import { decoratorMetadata } from "./decorator-metadata.js";
import { instrumentComparisons } from "./instrument.js";
import { SourcePositions } from "./source-positions.js";
import { UnusableInputError } from "./unusable-input.js";

/** A user's file and all it imports as one program, with the runtime and Node's own modules left out. */
export interface Bundle {
  readonly code: string;
  /** The program's name in stack traces. */
  readonly fileName: string;
  readonly positions: SourcePositions;
  readonly usesRuntime: boolean;
}

export interface BundleOptions {
  readonly file: string;
  readonly cwd: string;
  readonly buffers?: ReadonlyMap<string, string> | undefined;
  /** Text that is read at the end of files, by absolute path. */
  readonly additions?: ReadonlyMap<string, string> | undefined;
}

/** Throws `UnusableInputError` for a file that is missing or does not parse. Types are stripped, not checked. */
export async function bundleProgram(options: BundleOptions): Promise<Bundle> {
  const { cwd } = options;
  requireFile(options);
  // The compiler follows links; its paths are relative to the real folder.
  const folder = realpathSync(cwd);
  const { code, map, imports } = await compile({ ...options, buffers: buffersOf(options) }, folder);
  const fileName = `${relative(cwd, options.file)}.simulated.cjs`;
  const isUserCode = (source: string) => !source.includes("/node_modules/");
  const plain = new SourcePositions(map, { folder, cwd, fileName });
  const instrumented = instrumentComparisons(code, (line, column) => {
    const source = plain.locate({ line, column })?.absolute;
    return source !== undefined && isUserCode(source);
  });
  return {
    code: instrumented.code,
    fileName,
    positions: plain.through(instrumented.original),
    usesRuntime: imports.some((specifier) => /^@faultline\/runtime(\/|$)/.test(specifier)),
  };
}

/** Additions stand below what is there, so that no position changes. */
function buffersOf({ buffers, additions }: BundleOptions): ReadonlyMap<string, string> | undefined {
  if (additions === undefined) return buffers;
  const extended = [...additions].map(
    ([file, text]) => [file, `${buffers?.get(file) ?? readFileSync(file, "utf8")}${text}`] as const,
  );
  return new Map([...(buffers ?? []), ...extended]);
}

function requireFile({ file, cwd, buffers }: BundleOptions): void {
  if (buffers?.has(file)) return;
  const shown = relative(cwd, file) || ".";
  if (!existsSync(file))
    throw new UnusableInputError(
      `There is no file ${shown}.`,
      `Give the path of a TypeScript file, relative to ${cwd}, to simulate: faultline simulate src/bank.ts`,
    );
  if (statSync(file).isDirectory())
    throw new UnusableInputError(
      `${shown} is a folder.`,
      "Name the files to simulate one by one: faultline simulate src/bank.ts",
    );
}

async function compile({ file, cwd, buffers }: BundleOptions, folder: string) {
  const result = await build({
    entryPoints: [file],
    absWorkingDir: folder,
    outfile: resolve(folder, "program.cjs"),
    write: false,
    bundle: true,
    metafile: true,
    format: "cjs",
    platform: "node",
    target: ["node20", "es2022"],
    sourcemap: "external",
    keepNames: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "silent",
    external: ["@faultline/runtime", "@faultline/runtime/*"],
    // Kept as it is, `import()` would ask Node for a module that the sandbox cannot read.
    supported: { "dynamic-import": false },
    define: { "import.meta.url": '"file:///program.cjs"' },
    loader: { ".node": "empty" },
    plugins: [
      ...(buffers === undefined || buffers.size === 0 ? [] : [unsavedBuffers(buffers)]),
      decoratorMetadata(buffers),
      absentPackages,
    ],
  }).catch(async (error: { readonly errors?: Message[] }) => {
    if (error.errors === undefined) throw error;
    throw await unparsable(relative(cwd, file), error.errors);
  });
  const output = (suffix: string) => result.outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? "";
  const imports = Object.values(result.metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path));
  return { code: output(".cjs"), map: output(".map"), imports };
}

async function unparsable(shown: string, errors: Message[]): Promise<UnusableInputError> {
  // The compiler's notes advise on its own options, which are not the user's to set.
  const plain = errors.map((error) => ({ ...error, notes: [] }));
  const frames = await formatMessages(plain, { kind: "error", color: false, terminalWidth: 100 });
  const all = (start: string) => errors.every(({ text }) => text.startsWith(start));
  if (all("No loader is configured"))
    return new UnusableInputError(
      `${shown} is, or imports, a file that is not TypeScript or JavaScript.`,
      "Name a file of code, and keep what it imports to code and JSON.",
      frames.join("").trim(),
    );
  return all("Could not resolve")
    ? new UnusableInputError(
        `${shown} imports a module that cannot be found.`,
        "Install it, or correct the import.",
        frames.join("").trim(),
      )
    : new UnusableInputError(
        `${shown} does not parse.`,
        "Correct it, and run the command again. Nothing was simulated.",
        frames.join("").trim(),
      );
}

/** Editor buffers stand in for the files on disk, whether those exist yet or not. */
function unsavedBuffers(buffers: ReadonlyMap<string, string>): Plugin {
  const byRealPath = new Map<string, string>();
  for (const [path, text] of buffers) {
    byRealPath.set(path, text);
    if (existsSync(dirname(path))) byRealPath.set(resolve(realpathSync(dirname(path)), basename(path)), text);
  }
  return {
    name: "faultline:unsaved-buffers",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^[./]/ }, ({ path, resolveDir }) => {
        const wanted = resolve(resolveDir, path);
        const found = candidates(wanted).find((candidate) => byRealPath.has(candidate) && !existsSync(candidate));
        return found === undefined ? undefined : { path: found };
      });
      onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
        const contents = byRealPath.get(path);
        return contents === undefined ? undefined : { contents, loader: loaderOf(path), resolveDir: dirname(path) };
      });
    },
  };
}

/** What an import specifier may mean on disk: TypeScript writes `./bank.js` for `./bank.ts`. */
function candidates(path: string): readonly string[] {
  const withoutJs = path.replace(/\.([cm]?)js$/, ".$1ts");
  return [
    path,
    withoutJs,
    ...["ts", "tsx", "mts", "cts", "js"].map((extension) => `${path}.${extension}`),
    `${path}/index.ts`,
  ];
}

export function loaderOf(path: string): "ts" | "tsx" | "js" | "jsx" {
  if (path.endsWith("x")) return path.endsWith(".tsx") ? "tsx" : "jsx";
  return /\.[cm]?ts$/.test(path) ? "ts" : "js";
}
