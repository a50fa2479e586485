import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UnusableInputError } from "../simulate/unusable-input.js";
import type { SavedTrace } from "./saved-trace.js";

export interface TraceTarget {
  readonly file: string;
  readonly name: string;
  /** The folder that its paths are relative to. */
  readonly cwd: string;
}

/**
 * What a saved trace is of. Its path is relative to the folder that it was saved from: the one given, or one that the
 * trace itself lies in, at whatever depth. Throws `UnusableInputError` if there is no such file.
 */
export function targetOfTrace({ target }: SavedTrace, cwd: string, tracePath: string): TraceTarget {
  const separator = target.lastIndexOf("#");
  const file = target.slice(0, separator);
  const folder = [cwd, ...withAncestors(dirname(tracePath))].find((each) => existsSync(resolve(each, file)));
  if (folder === undefined)
    throw new UnusableInputError(
      `This trace is of ${target}, and there is no file ${file} here.`,
      "Run the command in the folder that the trace was saved from, or explore the code that took its place.",
    );
  return { file: resolve(folder, file), name: target.slice(separator + 1), cwd: folder };
}

function withAncestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withAncestors(parent)];
}
