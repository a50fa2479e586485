import { dirname } from "node:path";
import type { TsConfigJsonResolved } from "get-tsconfig";

/**
 * Dependency injection frameworks read the types of constructor parameters at run time (`emitDecoratorMetadata`), which
 * esbuild does not emit: such files go through TypeScript. It is loaded only if there is one.
 */
export async function withDecoratorMetadata(
  path: string,
  text: string,
  compilerOptions: NonNullable<TsConfigJsonResolved["compilerOptions"]>,
): Promise<string> {
  const { ts } = await import("ts-morph");
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, dirname(path));
  return ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      ...options,
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      isolatedModules: true,
      importHelpers: false,
      sourceMap: false,
      inlineSourceMap: true,
      inlineSources: true,
    },
  }).outputText;
}
