import { workloadsFor } from "./workloads.js";

/** The part of a Vite plugin that this one is; Vite itself is not imported, so that the types do not need it. */
export interface FaultlineVitePlugin {
  readonly name: "faultline";
  readonly enforce: "pre";
  configResolved(configuration: { readonly root: string }): Promise<void>;
  transform(code: string, id: string): Promise<{ code: string; map: string } | undefined>;
}

export interface FaultlineVitePluginOptions {
  /** Compile decorators as TypeScript's `experimentalDecorators` does, as NestJS and TypeORM need it. */
  readonly experimentalDecorators?: boolean;
}

/**
 * Lowers decorators for Vite 8 and Vitest 4, which leave standard decorators as they are: Node does not know them yet.
 * Needs esbuild, a peer dependency: without it the first TypeScript file fails with a message that says so. In Vitest it
 * also keeps what the types of methods say, for `holds(Account)`, if the package `faultline` is installed, which reads them.
 */
export function faultline({ experimentalDecorators = false }: FaultlineVitePluginOptions = {}): FaultlineVitePlugin {
  let codeFor: ((file: string, text: string) => string) | undefined;
  return {
    name: "faultline",
    enforce: "pre",
    async configResolved(configuration) {
      // Applications have no use for it.
      if ("test" in configuration) codeFor = await workloadsFor(configuration.root);
    },
    async transform(code, id) {
      const [file = id] = id.split("?");
      if (!/\.[cm]?tsx?$/.test(file) || file.includes("/node_modules/") || !code.includes("@")) return undefined;
      const { transform } = await esbuild();
      const workloads = /\breplicated\b/i.test(code) ? codeFor?.(file, code) : undefined;
      const result = await transform(`${code}${workloads ?? ""}`, {
        loader: file.endsWith("x") ? "tsx" : "ts",
        // Not `esnext`: there decorators would stay.
        target: "es2022",
        sourcefile: file,
        sourcemap: true,
        tsconfigRaw: { compilerOptions: { experimentalDecorators } },
      });
      return { code: result.code, map: result.map };
    },
  };
}

async function esbuild(): Promise<typeof import("esbuild")> {
  try {
    return await import("esbuild");
  } catch (cause) {
    throw new Error("@faultline/runtime/vite needs esbuild to lower decorators. Install it: npm install -D esbuild.", {
      cause,
    });
  }
}
