import { existsSync, readFileSync } from "node:fs";
import { UnusableInputError } from "../simulate/unusable-input.js";
import { parseSavedTrace, type SavedTrace } from "./saved-trace.js";

interface TraceFile {
  /** Absolute. */
  readonly path: string;
  /** As people wrote it. */
  readonly shown: string;
  /** Editor buffers, by absolute path. */
  readonly buffers?: ReadonlyMap<string, string> | undefined;
}

/** Throws `UnusableInputError` for what is not there, cannot be read, or is no saved trace. */
export function readSavedTrace({ path, shown, buffers }: TraceFile): SavedTrace {
  const buffer = buffers?.get(path);
  if (buffer === undefined && !existsSync(path))
    throw new UnusableInputError(
      `There is no file ${shown}.`,
      "Give the path of a trace that was saved: by faultline replay <file#name> --seed <n> --save trace.json",
    );
  return parseSavedTrace(buffer ?? textOf(path, shown), shown);
}

function textOf(path: string, shown: string): string {
  let why: unknown;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    why = error;
  }
  const said = why instanceof Error ? why.message : String(why);
  throw new UnusableInputError(`${shown} cannot be read: ${said}`, "Give a file that may be read.");
}
