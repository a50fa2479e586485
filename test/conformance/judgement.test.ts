import { describe, expect, it } from "vitest";
import { describe as inWords, judge } from "./judgement.js";
import { type Result, run, type Trial } from "./trial.js";

const claimed: Trial = { configuration: "gossip", level: "eventual", mixes: ["random"] };
const above: Trial = { configuration: "gossip", level: "linearizable", mixes: ["random", "clocks"] };

/** What is really found above the claim, as if it had been found where it is claimed. */
async function asIfClaimed(): Promise<Result> {
  return { ...(await run(above, 1, 10)), trial: claimed };
}

describe("a result is", () => {
  it("right where a claim holds and where a level above shows its counterexample", async () => {
    expect([judge(await run(claimed, 1, 5)), judge(await run(above, 1, 10))]).toEqual(["right", "right"]);
  });

  it("broken where a claim does not hold, and says how to see it again", async () => {
    const result = await asIfClaimed();
    expect(judge(result)).toBe("broken");
    expect(inWords(result)).toContain(result.found?.message);
    expect(inWords(result)).toContain("npm run conformance -- --only gossip --level eventual --mix");
  });

  it("a gap where nothing shows, nothing could be decided, or a story shows something else", async () => {
    const found = (await asIfClaimed()).found;
    const gaps: readonly Result[] = [
      { trial: above, seed: 1, schedules: 5, found: undefined, undecided: undefined },
      { trial: claimed, seed: 1, schedules: 5, found: undefined, undecided: "too large" },
      { trial: { story: "split-brain", part: "wrong" }, seed: 1, schedules: 5, found, undecided: undefined },
    ];
    expect(gaps.map(judge)).toEqual(["gap", "gap", "gap"]);
  });

  it("broken also where the suite itself made a mistake", async () => {
    const error = { mix: undefined, seed: 1, kind: "error", name: "error", anomaly: undefined, message: "?" } as const;
    expect(judge({ trial: above, seed: 1, schedules: 5, found: error, undecided: undefined })).toBe("broken");
  });
});
