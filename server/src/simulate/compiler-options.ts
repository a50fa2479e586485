import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Plugin, TransformOptions } from "esbuild";
import { loaderOf } from "./buffers.js";
import type { Configuration } from "./configurations.js";
import { Configurations } from "./configurations.js";
import { withDecoratorMetadata } from "./decorator-metadata.js";

/**
 * What tsconfig files say and esbuild does not see: `emitDecoratorMetadata`, and all of a project that the nearest
 * tsconfig only refers to. `textOf` gives what stands in for files on disk.
 */
export function compilerOptions(textOf: (path: string) => string | undefined): Plugin {
  const configurations = new Configurations();
  return {
    name: "faultline:compiler-options",
    setup({ onLoad, onResolve, resolve, esbuild }) {
      onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === asked || !isOwn(importer)) return undefined;
        const { isReferred, paths } = configurations.of(importer) ?? {};
        for (const mapped of (isReferred && paths?.(path)) || []) {
          const found = await resolve(mapped, { kind, importer, resolveDir, pluginData: asked });
          if (found.errors.length === 0) return found;
        }
        return undefined;
      });
      onLoad({ filter: /\.[cm]?tsx?$/ }, async ({ path }) => {
        const configuration = isOwn(path) ? configurations.of(path) : undefined;
        const isRead = configuration?.options.emitDecoratorMetadata === true;
        if (configuration === undefined || !(isRead || configuration.isReferred)) return undefined;
        const text = textOf(path) ?? (await readFile(path, "utf8"));
        // With `jsx: preserve` that is left.
        const loaded = { loader: path.endsWith("x") ? "jsx" : "js", resolveDir: dirname(path) } as const;
        if (isRead && text.includes("@"))
          return { ...loaded, contents: await withDecoratorMetadata(path, text, configuration.options) };
        if (!configuration.isReferred) return undefined;
        try {
          const { code } = await esbuild.transform(text, transformation(path, configuration));
          return { ...loaded, contents: code };
        } catch {
          return undefined; // It does not parse: the one that bundles says where.
        }
      });
    },
  };
}

/** That the question comes from here. */
const asked = Symbol("asked");

const isOwn = (file: string): boolean => file !== "" && !/[\\/]node_modules[\\/]/.test(file);

function transformation(path: string, { options }: Configuration): TransformOptions {
  return {
    loader: loaderOf(path),
    sourcefile: path,
    sourcemap: "inline",
    target: ["node20", "es2022"],
    tsconfigRaw: { compilerOptions: options as NonNullable<unknown> },
  };
}
