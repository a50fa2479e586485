import { describe, expect, it } from "vitest";
import { endOf, type Picture, type ScheduleEvent } from "../input.js";
import { sceneText } from "../testing/scene-text.js";
import { recorded, splitBank, splitBankPicture } from "../testing/schedules.js";
import { digitsFor } from "./wording.js";

const history: Picture = {
  ...{ schedule: 0, target: "history.jsonl", title: "linearizable", outcome: "violated", summary: "3 operations" },
  ...{ racing: [1, 2], cells: [], story: [], remedies: [] },
};

const picturedRace = splitBankPicture.racing;
const everything = { onlyCause: false, isFolded: false };

describe("the scene", () => {
  it("shows only the cause, idle time folded", async () => {
    const text = sceneText(splitBank, splitBankPicture, { onlyCause: true, isFolded: true });
    await expect(text).toMatchFileSnapshot("cases/cause.txt");
  });

  it("shows everything on an even axis", async () => {
    const text = sceneText(splitBank, splitBankPicture, { onlyCause: false, isFolded: false });
    await expect(text).toMatchFileSnapshot("cases/everything.txt");
  });

  it("shows where a violation came to light that no verdict tells: at the end of its story", () => {
    const events = splitBank.events.filter(({ kind }) => kind !== "verdict");
    const last = events.findLastIndex((event) => event.kind === "operation" && picturedRace.includes(event.id));
    const story = [{ text: "It is lost.", atUs: endOf(events[last] as ScheduleEvent), events: [last] }];
    const picture = { ...splitBankPicture, story };
    const text = sceneText({ ...splitBank, events }, picture, { onlyCause: true, isFolded: true });
    expect(text).toMatch(/flag +\(1\)!? ✗ money is conserved/);
    expect(sceneText({ ...splitBank, events }, { ...picture, outcome: "holds" }, everything)).not.toContain("flag");
  });

  it("draws a history that nothing was simulated for: sessions and operations", async () => {
    const text = sceneText(recorded, history, { onlyCause: true, isFolded: true });
    await expect(text).toMatchFileSnapshot("cases/history.txt");
  });
});

describe("times side by side", () => {
  it("have as many digits as it takes to tell them apart", () => {
    const digits = [[600_000, 900_000], [600, 900], [1_000, 1_004, 9_000], [1_000, 1_010], [7]].map(digitsFor);
    expect(digits).toEqual([3, 4, 6, 5, 3]);
  });
});
