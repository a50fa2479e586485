import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isAsExpected, searchAgain } from "./exhaustion.js";
import { exhaustivePage } from "./exhaustive-page.js";
import { readExhausted } from "./exhaustive-recording.js";
import { ids, plantedOf } from "./planted.js";

const recording = readExhausted();
const found = recording.filter((each) => each.found !== undefined);

describe("what exhaustive searches have found of the planted bugs", () => {
  it("is recorded of each, as what was planted, and of no twin", async () => {
    expect(recording.map(({ id }) => id)).toEqual(ids);
    for (const each of recording) expect(isAsExpected(each, await plantedOf(each.id))).toBe(true);
  });

  it("is what the page shows", async () => {
    const page = fileURLToPath(new URL(`../../${exhaustivePage.file}`, import.meta.url));
    expect(readFileSync(page, "utf8")).toBe(await exhaustivePage.make());
  });
});

describe.each(found)("$id", ({ id, found: at }) => {
  it("is found again, after as many states", async () => {
    if (at === undefined) throw new Error("only those that were found are here");
    const { states, violations } = await searchAgain(await plantedOf(id), at);
    const shown = (each: typeof violations) => each.map(({ kind, name, anomaly }) => ({ kind, name, anomaly }));
    expect({ states, shown: shown(violations) }).toEqual({ states: at.states, shown: shown(at.violations) });
  });
});
