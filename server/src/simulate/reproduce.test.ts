import { describe, expect, it } from "vitest";
import { exploreCommand } from "./reproduce.js";

describe("the command that explores again", () => {
  it("has what the schedule was explored under, each as one word of a shell", () => {
    expect(exploreCommand("src/bank.ts#Account", {})).toBe("npx faultline simulate src/bank.ts#Account");
    const faults = [{ fault: "it's", fromMs: 1 }];
    expect(exploreCommand("my bank.ts#Account", { faults, strategy: "guided" })).toBe(
      `npx faultline simulate 'my bank.ts#Account' --faults '[{"fault":"it'\\''s","fromMs":1}]' --strategy guided`,
    );
  });
});
