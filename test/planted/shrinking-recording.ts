import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./planted.js";
import type { Measured } from "./shrinking.js";

const file = join(folder, "shrinking.jsonl");

/** What the last run that was written down measured. One program a line. */
export const readMeasured = (): readonly Measured[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Measured)
    : [];

/** A run of some programs only replaces what is known of those. */
export function writeMeasured(results: readonly Measured[]): void {
  const known = new Map([...readMeasured(), ...results].map((measured) => [measured.id, measured]));
  const sorted = [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  writeFileSync(file, sorted.map((measured) => `${JSON.stringify(measured)}\n`).join(""));
}
