import process from "node:process";
import vm from "node:vm";
import { recordComparison } from "../explore/comparison.js";

export type Exports = Readonly<Record<string, unknown>>;

/** A user's program, compiled once and evaluated afresh for every schedule: no module variable outlives one. */
export interface Program {
  /** Runs the top level of every module in the program. Throws what it throws. */
  evaluate(): Exports;
}

/** Throws the `SyntaxError` of code that does not parse. `entries`: the runtime's modules by specifier. */
export function compileProgram(code: string, fileName: string, entries: Readonly<Record<string, Exports>>): Program {
  const parameters = ["exports", "require", "module", "__filename", "__dirname", "__faultline_compare"];
  const main = vm.compileFunction(code, parameters, { filename: fileName });
  const load = (specifier: string) => requireExternal(specifier, entries);
  // As packages know it, which ask it for what may be installed.
  const require = Object.assign(load, {
    resolve(specifier: string): string {
      load(specifier);
      return specifier;
    },
    cache: Object.freeze({}),
    main: undefined,
  });
  return {
    evaluate() {
      const module = { exports: {} as Exports };
      main.call(module.exports, module.exports, require, module, fileName, ".", recordComparison);
      return module.exports;
    },
  };
}

/** One instance of the runtime serves the program and the simulation. */
function requireExternal(specifier: string, entries: Readonly<Record<string, Exports>>): unknown {
  const entry = entries[specifier];
  if (entry !== undefined) return entry;
  const builtin = process.getBuiltinModule(specifier);
  if (builtin !== undefined) return builtin;
  throw Object.assign(new Error(`Cannot find module '${specifier}' in a simulation`), { code: "MODULE_NOT_FOUND" });
}
