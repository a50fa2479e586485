import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

/**
 * Packages ask for others that nobody had to install, and go on without them, as NestJS does. In Node that fails when they
 * ask, so it does in the program too. What the user's own files ask for has to be there.
 */
export const absentPackages: Plugin = {
  name: "faultline:absent-packages",
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === asked || !isInstalled(importer) || isBuiltin(path)) return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: asked });
      return found.errors.length === 0 ? found : { path, namespace, pluginData: packageOf(importer) };
    });
    onLoad({ filter: /.*/, namespace }, ({ path, pluginData }) => {
      const message = `Cannot find package '${path}', which ${pluginData} asks for. Install it if the code needs it.`;
      const error = `Object.assign(new Error(${JSON.stringify(message)}), { code: "MODULE_NOT_FOUND" })`;
      return { contents: `module.exports = undefined;\nthrow ${error};\n` };
    });
  },
};

const namespace = "absent";
/** That the question comes from here. */
const asked = Symbol("asked");

const isInstalled = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file);

/** `@nestjs/core` of `…/node_modules/@nestjs/core/nest-factory.js`. */
function packageOf(file: string): string {
  const inside = file.split(/[\\/]node_modules[\\/]/).at(-1) ?? "";
  return /^(?:@[^\\/]+[\\/])?[^\\/]+/.exec(inside)?.[0].replace("\\", "/") ?? inside;
}
