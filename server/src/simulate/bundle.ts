import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { build, formatMessages, type Message } from "esbuild";
import { absentPackages } from "./absent-packages.js";
import { byRealPath, unsavedBuffers } from "./buffers.js";
import { compilerOptions } from "./compiler-options.js";
import { type DebuggableProgram, debuggableProgram } from "./debuggable.js";
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
  debuggable(): DebuggableProgram;
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
  const { cwd, additions } = options;
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
    debuggable: () =>
      debuggableProgram({ code, map, folder, cwd, fileName, additions, original: instrumented.original }),
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
  const texts = byRealPath(buffers);
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
      // First, as the text of a buffer is compiled like a file's.
      compilerOptions((path) => texts.get(path)),
      unsavedBuffers(texts),
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
  const plain = errors.map((error) => ({ ...error, text: error.text.replace(/ with the "cjs".*/, ""), notes: [] }));
  const frames = await formatMessages(plain, { kind: "error", color: false, terminalWidth: 100 });
  const all = (start: string) => errors.every(({ text }) => text.startsWith(start));
  if (all("No loader is configured"))
    return new UnusableInputError(
      `${shown} is, or imports, a file that is not TypeScript or JavaScript.`,
      "Name a file of code, and keep what it imports to code and JSON.",
      frames.join("").trim(),
    );
  if (all("Top-level await"))
    return new UnusableInputError(
      `${shown} awaits, or imports a file that awaits, at the top level. A simulation evaluates modules at once, without waiting.`,
      "Await in a function instead: in the scenario, or where the value is first asked for.",
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
