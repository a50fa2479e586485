import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Plugin } from "esbuild";

/** Texts that stand in for files, under the paths by which the compiler knows those: it follows links. */
export function byRealPath(buffers: ReadonlyMap<string, string> | undefined): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [path, text] of buffers ?? []) {
    texts.set(path, text);
    if (existsSync(dirname(path))) texts.set(resolve(realpathSync(dirname(path)), basename(path)), text);
  }
  return texts;
}

/** Editor buffers stand in for the files on disk, whether those exist yet or not. */
export function unsavedBuffers(texts: ReadonlyMap<string, string>): Plugin {
  return {
    name: "faultline:unsaved-buffers",
    setup({ onLoad, onResolve }) {
      if (texts.size === 0) return;
      onResolve({ filter: /^[./]/ }, ({ path, resolveDir }) => {
        const wanted = resolve(resolveDir, path);
        const found = candidates(wanted).find((candidate) => texts.has(candidate) && !existsSync(candidate));
        return found === undefined ? undefined : { path: found };
      });
      onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
        const contents = texts.get(path);
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
