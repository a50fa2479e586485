import { describe, expect, it } from "vitest";
import type { Picture } from "../input.js";
import { sceneText } from "../testing/scene-text.js";
import { recorded, splitBank, splitBankPicture } from "../testing/schedules.js";

const history: Picture = {
  ...{ schedule: 0, target: "history.jsonl", title: "linearizable", outcome: "violated", summary: "3 operations" },
  ...{ racing: [1, 2], cells: [], story: [], remedies: [] },
};

describe("the scene", () => {
  it("shows only the cause, idle time folded", async () => {
    const text = sceneText(splitBank, splitBankPicture, { onlyCause: true, isFolded: true });
    await expect(text).toMatchFileSnapshot("cases/cause.txt");
  });

  it("shows everything on an even axis", async () => {
    const text = sceneText(splitBank, splitBankPicture, { onlyCause: false, isFolded: false });
    await expect(text).toMatchFileSnapshot("cases/everything.txt");
  });

  it("draws a history that nothing was simulated for: sessions and operations", async () => {
    const text = sceneText(recorded, history, { onlyCause: true, isFolded: true });
    await expect(text).toMatchFileSnapshot("cases/history.txt");
  });
});
