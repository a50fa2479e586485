import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Violation } from "./exploration.js";
import { folder, ids } from "./planted.js";
import type { ShrunkSize } from "./shrinking.js";

/** What a run found of one planted bug. */
export interface Recorded {
  readonly id: string;
  /** The first schedule of the broken program that shows anything; absent: none did. */
  readonly found?: {
    readonly seed: number;
    /** So many schedules were run until then, itself included. */
    readonly schedules: number;
    /** All that it shows. */
    readonly violations: readonly Violation[];
    /** The same schedule with as little as it takes to show the first of them. */
    readonly shrunk: ShrunkSize;
  };
  /** On so many schedules the correct program held; absent: it did not. */
  readonly held?: { readonly seed: number; readonly schedules: number };
}

const file = join(folder, "recording.jsonl");

/** What the last run that was written down found: the page is made of it, and tests run its schedules again. */
export const readRecording = (): readonly Recorded[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Recorded)
    : [];

/** A run of some programs, or of one part of them, only replaces what is known of those. One program a line. */
export function writeRecording(results: readonly Recorded[]): void {
  const known = new Map(readRecording().map((recorded) => [recorded.id, recorded]));
  for (const result of results) known.set(result.id, { ...known.get(result.id), ...result });
  const kept = ids.flatMap((id) => known.get(id) ?? []);
  writeFileSync(file, kept.map((recorded) => `${JSON.stringify(recorded)}\n`).join(""));
}
