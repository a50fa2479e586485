import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Exhausted } from "./exhaustion.js";
import { folder } from "./planted.js";

const file = join(folder, "exhaustive.jsonl");

/** What the last searches that were written down found. One program a line. */
export const readExhausted = (): readonly Exhausted[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Exhausted)
    : [];

/** A search for some programs only replaces what is known of those. */
export function writeExhausted(results: readonly Exhausted[]): void {
  const known = new Map([...readExhausted(), ...results].map((exhausted) => [exhausted.id, exhausted]));
  const sorted = [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  writeFileSync(file, sorted.map((exhausted) => `${JSON.stringify(exhausted)}\n`).join(""));
}
