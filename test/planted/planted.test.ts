import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exploreProgram, isAsPlanted, type Violation } from "./exploration.js";
import { isRebuilt, plantedPage } from "./page.js";
import { allPlanted } from "./planted.js";
import { readRecording } from "./recording.js";

const planted = await allPlanted();
const recorded = new Map(readRecording().map((each) => [each.id, each]));

/** What a schedule showed; the words that say so may change. */
const shown = (violations: readonly Violation[]) =>
  violations.map(({ kind, name, anomaly }) => ({ kind, name, anomaly }));

describe("the recording", () => {
  it("is of these programs, each found within 1,000 schedules while its twin held on 10,000", () => {
    const wrong = planted.filter(({ id, about }) => {
      const { found, held } = recorded.get(id) ?? {};
      return !(found && isAsPlanted(found, about) && found.schedules <= 1_000 && held && held.schedules >= 10_000);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
    expect([...recorded.keys()]).toEqual(planted.map(({ id }) => id));
  });

  it("tells each by at most 12 operations and 3 faults, of which none can be spared", () => {
    const long = planted.filter(({ id }) => {
      const { after, isMinimal } = recorded.get(id)?.found?.shrunk ?? {};
      return !(after !== undefined && isMinimal === true && after.operations <= 12 && after.faults <= 3);
    });
    expect(long.map(({ id }) => id)).toEqual([]);
  });

  it("has thirty kinds of bugs, and ten that were rebuilt from what was published", () => {
    const rebuilt = planted.filter(isRebuilt);
    expect(new Set(planted.map(({ about }) => about.kind)).size).toBeGreaterThanOrEqual(30);
    expect(planted.length - rebuilt.length).toBeGreaterThanOrEqual(30);
    expect(new Set(rebuilt.map(({ about }) => about.source)).size).toBeGreaterThanOrEqual(10);
  });

  it("is what the page shows", async () => {
    const page = fileURLToPath(new URL(`../../${plantedPage.file}`, import.meta.url));
    expect(readFileSync(page, "utf8")).toBe(await plantedPage.make());
  });
});

describe.each(planted)("$id", (program) => {
  it("is found at the seed that is recorded", async () => {
    const found = recorded.get(program.id)?.found;
    const { violations } = await exploreProgram(program, "broken", { seed: found?.seed ?? 1, schedules: 1 });
    expect(shown(violations)).toEqual(shown(found?.violations ?? []));
    expect(isAsPlanted({ violations }, program.about)).toBe(true);
  });

  it("is not in its twin", async () => {
    const { outcome, violations } = await exploreProgram(program, "correct", { seed: 1, schedules: 50 });
    expect({ outcome, violations }).toEqual({ outcome: "holds", violations: [] });
  });
});
