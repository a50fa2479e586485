import type { Site } from "../simulation/trace.js";

/** Tells the files of user code from those of this package and of Node. */
export type IsUserFile = (file: string) => boolean;

const frame = /(?:\(|at )((?:file:\/\/)?[^()\n]*?):(\d+):(\d+)\)?$/;

/** The innermost line of user code on a stack as V8 prints it. */
export function siteOf(stack: string | undefined, isUserFile: IsUserFile): Site | undefined {
  // A program may have its own idea of stacks: `Error.prepareStackTrace`.
  for (const line of typeof stack === "string" ? stack.split("\n") : []) {
    const match = frame.exec(line.trimEnd());
    const [, file, row, column] = match ?? [];
    if (file === undefined || !isUserFile(file)) continue;
    return { file, line: Number(row), column: Number(column) };
  }
  return undefined;
}

/** Runs with stacks deep enough to reach user code through the frames of this package. */
export function currentSite(isUserFile: IsUserFile): Site | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const { stack } = new Error("site");
  Error.stackTraceLimit = limit;
  return siteOf(stack, isUserFile);
}
