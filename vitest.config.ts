import { transform } from "esbuild";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longest-first.js";

/** Vite 8 does not lower standard decorators by itself. */
const decorators = (experimentalDecorators: boolean): Plugin => ({
  name: "faultline:decorators",
  enforce: "pre",
  async transform(code, id) {
    const [file = id] = id.split("?");
    if (!/\.[cm]?tsx?$/.test(file) || file.includes("/node_modules/")) return undefined;
    const result = await transform(code, {
      loader: "ts",
      target: "es2022",
      sourcefile: file,
      sourcemap: true,
      tsconfigRaw: { compilerOptions: { experimentalDecorators } },
    });
    return { code: result.code, map: result.map };
  },
});

const source = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [decorators(false)],
  resolve: {
    alias: [
      { find: /^@faultline\/runtime$/, replacement: source("./runtime/src/index.ts") },
      { find: /^@faultline\/runtime\/(\w+)$/, replacement: source("./runtime/src/$1/index.ts") },
    ],
  },
  test: {
    include: ["{runtime,server,client,samples,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "test/extension/**"],
    globalSetup: "scripts/up-to-date.ts",
    // By itself Vitest leaves one core to others, which on two cores takes nearly twice as long.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    // Machines are shared and slow at times; a test that hangs is still ended.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
