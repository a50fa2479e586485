import { ts } from "ts-morph";
import { libraryFile, libraryFolder } from "../../server/src/analysis/types/library-files.js";

/** What the compiler says of files on disk; it writes its output too, unless `options` say no. */
export function compile(files: readonly string[], options: ts.CompilerOptions): readonly string[] {
  const given: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true, ...options };
  // `moduleResolution: node`, which many projects have for long yet.
  given.ignoreDeprecations = "6.0";
  const disk = ts.createCompilerHost(given);
  const host: ts.CompilerHost = {
    ...disk,
    getSourceFile: (file, ...rest) => libraryFile(file) ?? disk.getSourceFile(file, ...rest),
    getDefaultLibFileName: () => `${libraryFolder}/lib.es2023.d.ts`,
    getDefaultLibLocation: () => libraryFolder,
  };
  const program = ts.createProgram({ rootNames: [...files], options: given, host });
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(
    ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}
