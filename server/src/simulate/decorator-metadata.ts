import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Plugin } from "esbuild";
import { getTsconfig, type TsConfigJsonResolved } from "get-tsconfig";

/**
 * Dependency injection frameworks read the types of constructor parameters at run time (`emitDecoratorMetadata`), which
 * esbuild does not emit: files under such a tsconfig go through TypeScript. It is loaded only if there is one.
 */
export function decoratorMetadata(buffers: ReadonlyMap<string, string> | undefined): Plugin {
  const configurations = new Map<string, TsConfigJsonResolved | undefined>();
  const parsed = new Map<string, unknown>();
  const configurationOf = (path: string): TsConfigJsonResolved | undefined => {
    const folder = dirname(path);
    if (!configurations.has(folder)) configurations.set(folder, readConfiguration(path, parsed));
    return configurations.get(folder);
  };
  return {
    name: "faultline:decorator-metadata",
    setup({ onLoad }) {
      onLoad({ filter: /\.[cm]?tsx?$/ }, async ({ path }) => {
        if (path.includes("/node_modules/")) return undefined;
        const configuration = configurationOf(path);
        if (configuration?.compilerOptions?.emitDecoratorMetadata !== true) return undefined;
        const text = buffers?.get(path) ?? (await readFile(path, "utf8"));
        if (!text.includes("@")) return undefined;
        return { contents: await transpile(path, text, configuration), loader: "js", resolveDir: dirname(path) };
      });
    },
  };
}

/** A tsconfig that cannot be read is esbuild's to report. */
function readConfiguration(path: string, cache: Map<string, unknown>): TsConfigJsonResolved | undefined {
  try {
    return getTsconfig(path, "tsconfig.json", cache as never)?.config;
  } catch {
    return undefined;
  }
}

async function transpile(path: string, text: string, { compilerOptions }: TsConfigJsonResolved): Promise<string> {
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
