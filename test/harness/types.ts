import { getLibFiles } from "@ts-morph/common";
import { ts } from "ts-morph";
import { prelude } from "../../server/src/analysis/types/prelude.js";
import type { FixtureFile } from "./fixture.js";

const libraryFolder = "/node_modules/typescript/lib";
const preludeFile = "/node_modules/@faultline/runtime/index.d.ts";
/** What Node and browsers have both, and the language's own library has not. */
const globalsFile = "/globals.d.ts";
const globals = "declare const crypto: { randomUUID(): string };\n";

/** Several programs' worth of files, each in a folder of its own. */
export interface Project {
  readonly folder: string;
  readonly files: readonly FixtureFile[];
}

/** Type errors by folder, as `/file.ts: message`. One program for all: making one costs more than checking it. */
export function typeErrors(projects: readonly Project[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string>([
    [preludeFile, prelude],
    [globalsFile, globals],
  ]);
  for (const { folder, files } of projects) for (const { name, text } of files) texts.set(folder + name, text);
  for (const each of getLibFiles() as readonly { fileName: string; text: string }[])
    texts.set(`${libraryFolder}/${each.fileName}`, each.text);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.decorators.d.ts"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  const program = ts.createProgram({
    rootNames: [...texts.keys()].filter(
      (file) => file === globalsFile || projects.some(({ folder }) => file.startsWith(`${folder}/`)),
    ),
    options,
    host: hostOf(texts),
  });
  const errors = new Map<string, string[]>(projects.map(({ folder }) => [folder, []]));
  for (const { folder, files } of projects) {
    for (const { name } of files) {
      const tree = program.getSourceFile(folder + name);
      for (const each of [...program.getSyntacticDiagnostics(tree), ...program.getSemanticDiagnostics(tree)]) {
        errors
          .get(folder)
          ?.push(`${name}: ${ts.flattenDiagnosticMessageText(each.messageText, " ").replaceAll(folder, "")}`);
      }
    }
  }
  return errors;
}

function hostOf(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  return {
    getSourceFile: (file, target) => {
      const text = texts.get(file);
      return text === undefined ? undefined : ts.createSourceFile(file, text, target);
    },
    fileExists: (file) => texts.has(file),
    readFile: (file) => texts.get(file),
    directoryExists: (folder) => [...texts.keys()].some((file) => file.startsWith(`${folder}/`)),
    getDefaultLibFileName: () => `${libraryFolder}/lib.es2023.d.ts`,
    getDefaultLibLocation: () => libraryFolder,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (file) => file,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => undefined,
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: resolve(texts, from, text) })),
  };
}

function resolve(
  texts: ReadonlyMap<string, string>,
  from: string,
  specifier: string,
): ts.ResolvedModuleFull | undefined {
  if (/^@faultline\/runtime(\/|$)/.test(specifier))
    return { resolvedFileName: preludeFile, extension: ts.Extension.Dts, isExternalLibraryImport: true };
  if (!specifier.startsWith(".")) return undefined;
  const at = new URL(specifier, `file://${from}`).pathname.replace(/\.js$/, "");
  const found = [`${at}.ts`, `${at}/index.ts`].find((file) => texts.has(file));
  return found === undefined ? undefined : { resolvedFileName: found, extension: ts.Extension.Ts };
}
