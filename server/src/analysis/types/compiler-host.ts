import type { ts } from "ts-morph";
import { libraryFolder } from "./library-files.js";

/** A world of files for the compiler in which only these trees exist, and nothing is ever written. */
export function compilerHost({
  getSourceFile,
  resolveModuleNameLiterals,
}: Required<Pick<ts.CompilerHost, "getSourceFile" | "resolveModuleNameLiterals">>): ts.CompilerHost {
  const tree = getSourceFile as (file: string) => ts.SourceFile | undefined;
  return {
    getSourceFile,
    fileExists: (file) => tree(file) !== undefined,
    readFile: (file) => tree(file)?.text,
    getDefaultLibFileName: () => `${libraryFolder}/lib.es2023.d.ts`,
    getDefaultLibLocation: () => libraryFolder,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (file) => file,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => undefined,
    resolveModuleNameLiterals,
  };
}
