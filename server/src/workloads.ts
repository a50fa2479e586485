import { basename } from "node:path";
import { workloadsOf } from "./analysis/workloads/index.js";

/** The package's entry `faultline/workloads`, for build steps: `@faultline/runtime/vite` in a test runner. */
export interface Workloads {
  /**
   * What a module has to do besides, so that the classes that it exports can be called with what their methods' types
   * allow, which are gone at run time: code to append, empty where there is none. It leaves each shape where the runtime
   * looks for it (`typedWorkload`).
   */
  codeFor(file: string, text: string): string;
}

export const workloads: Workloads = {
  codeFor(file, text) {
    const { classes, additions } = workloadsOf({ file, buffers: new Map([[file, text]]) });
    if (classes.size === 0) return "";
    const shapes = [...classes].map(([name, { shape }]) => [name, shape]);
    // A shape names classes by the exports of this very module.
    return `
import * as faultline$program from ${JSON.stringify(`./${basename(file)}`)};
${additions.get(file) ?? ""}
for (const [name, shape] of ${JSON.stringify(shapes)}) {
  const opened = faultline$program[name];
  const type = typeof opened === "function" ? opened : opened.type;
  const workload = { shape, classes: () => faultline$program };
  if (!Object.hasOwn(type, Symbol.for("faultline.workload")))
    Object.defineProperty(type, Symbol.for("faultline.workload"), { value: workload, configurable: true });
}
`;
  },
};
