import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { renderSavedTrace, savedTraceOf } from "../../replay/saved-trace.js";
import type { FinishedRun } from "../../simulate/run-scenario.js";
import { traceFileName } from "../../simulate/trace-file-name.js";
import { UsageError } from "../exit.js";
import { writeOutput } from "../output-file.js";

/** Writes the first failing schedule of each target, for `faultline replay`. */
export function saveTraces(finished: readonly FinishedRun[], folder: string): void {
  const taken = new Set<string>();
  for (const {
    run,
    traced: [first],
    choice,
  } of finished) {
    if (run.outcome !== "violated" || first === undefined || choice === undefined) continue;
    const saved = savedTraceOf({ target: run.target, choice }, first, { cwd: process.cwd() });
    if (saved !== undefined) writeOutput(join(folder, traceFileName(run.target, taken)), renderSavedTrace(saved));
  }
  if (taken.size === 0)
    process.stderr.write(`Nothing was written to ${folder}: there is no failing schedule to save.\n`);
}

/** Before anything runs, as an hour may pass until there is something to write. */
export function prepareFolder(folder: string): void {
  if (!isFolder(folder))
    throw new UsageError(`${folder} is no folder and cannot be made one.`, "Name another folder for --save-traces.");
}

function isFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    return true;
  } catch {
    return false;
  }
}
