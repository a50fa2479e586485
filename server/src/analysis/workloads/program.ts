import path from "node:path";
import { ts } from "ts-morph";
import { compilerHost } from "../types/compiler-host.js";
import { libraryFile, preludeFile } from "../types/library-files.js";
import type { Disk } from "../workspace/disk.js";
import { Resolver } from "../workspace/resolution.js";
import { library } from "./library.js";

export const smallLibraryFile = "/faultline-prelude/library.d.ts";

/** A program around one file, and how much of the world it knows. */
export interface SignatureProgram {
  readonly checker: ts.TypeChecker;
  readonly tree: ts.SourceFile;
}

/**
 * `own`: the project's own files and the little of the standard library that plain data needs. `all`: the whole of it,
 * and the types of installed packages.
 */
export type Reach = "own" | "all";

/** Undefined if the file cannot be read. */
export function signatureProgram(file: string, reach: Reach, disk: Disk): SignatureProgram | undefined {
  const program = ts.createProgram({
    rootNames: [file, preludeFile, ...(reach === "own" ? [smallLibraryFile] : [])],
    options: { ...options, ...(reach === "own" ? { noLib: true } : { lib: ["lib.es2023.d.ts"] }) },
    host: hostOf(reach, disk),
  });
  const tree = program.getSourceFile(file);
  return tree === undefined ? undefined : { checker: program.getTypeChecker(), tree };
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  strict: true,
  noEmit: true,
  allowJs: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

function hostOf(reach: Reach, disk: Disk): ts.CompilerHost {
  const resolver = new Resolver(disk, () => false, undefined);
  const trees = new Map<string, ts.SourceFile | undefined>();
  const read = (file: string): ts.SourceFile | undefined => {
    const text = disk.read(file);
    return text === undefined ? undefined : parsed(file, text);
  };
  const getSourceFile = (file: string): ts.SourceFile | undefined => {
    if (file === smallLibraryFile) return parsed(file, library);
    const known = libraryFile(file);
    if (known !== undefined) return known;
    if (!trees.has(file)) trees.set(file, read(file));
    return trees.get(file);
  };
  return compilerHost({
    getSourceFile,
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: resolve(text, from, { reach, disk, resolver }) })),
  });
}

interface World {
  readonly reach: Reach;
  readonly disk: Disk;
  readonly resolver: Resolver;
}

function resolve(specifier: string, from: string, world: World): ts.ResolvedModuleFull | undefined {
  if (isInstalled(from)) return installed(specifier, from, world.disk);
  const resolution = world.resolver.resolve(from, specifier);
  if (resolution.kind === "runtime") return moduleAt(preludeFile);
  if (resolution.kind === "file") return moduleAt(resolution.file);
  const script = specifier.startsWith(".")
    ? scriptAt(path.resolve(path.dirname(from), specifier), world.disk)
    : undefined;
  if (script !== undefined) return moduleAt(script);
  return world.reach === "all" ? installed(specifier, from, world.disk) : undefined;
}

const isInstalled = (file: string): boolean => file.includes("/node_modules/");

function moduleAt(file: string): ts.ResolvedModuleFull {
  const extension = /\.d\.[cm]?ts$/.test(file)
    ? ts.Extension.Dts
    : (/\.[cm]?[jt]sx?$/.exec(file)?.[0] ?? ts.Extension.Ts);
  return { resolvedFileName: file, extension, isExternalLibraryImport: false };
}

/** JavaScript is the project's own too, with what its comments say of types. */
function scriptAt(base: string, disk: Disk): string | undefined {
  const isScript = (file: string): boolean => /\.[cm]?jsx?$/.test(file) && disk.kind(file) === "file";
  return [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`, `${base}/index.js`].find(isScript);
}

function installed(specifier: string, from: string, disk: Disk): ts.ResolvedModuleFull | undefined {
  const host: ts.ModuleResolutionHost = {
    fileExists: (file) => disk.kind(file) === "file",
    readFile: (file) => disk.read(file),
    directoryExists: (folder) => disk.kind(folder) === "folder",
    realpath: (at) => disk.realpath(at),
  };
  const { resolvedModule } = ts.resolveModuleName(specifier, from, options, host);
  // What a package has in JavaScript says nothing of types.
  return resolvedModule !== undefined && /\.[cm]?tsx?$/.test(resolvedModule.resolvedFileName)
    ? resolvedModule
    : undefined;
}

const mostKept = 200;
const kept = new Map<string, ts.SourceFile>();

/** Trees of the last files, for a server that is asked again. */
function parsed(file: string, text: string): ts.SourceFile {
  const known = kept.get(file);
  if (known?.text === text) return known;
  const isScript = /\.[cm]?jsx?$/.test(file);
  const jsDocParsingMode = isScript ? ts.JSDocParsingMode.ParseAll : ts.JSDocParsingMode.ParseNone;
  const tree = ts.createSourceFile(file, text, { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode }, true);
  if (kept.size >= mostKept) kept.clear();
  kept.set(file, tree);
  return tree;
}
