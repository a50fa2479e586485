import { describe, expect, it } from "vitest";
import { configurations } from "./configurations.js";
import { judge } from "./judgement.js";
import { allTrials, keyOf, readRecording } from "./recording.js";
import { stories } from "./stories.js";
import { isToHold, type Result, run, storyTrials, trialsOf } from "./trial.js";

const recording = readRecording();
const recorded = new Map(recording.map((result) => [keyOf(result.trial), result]));

/** What was found, at the seed and under the faults that it was found with, must be found again word for word. */
async function again({ trial, found }: Result): Promise<Result["found"]> {
  const same = "story" in trial || found?.mix === undefined ? trial : { ...trial, mixes: [found.mix] };
  return (await run(same, found?.seed ?? 1, 1)).found;
}

describe("the recording", () => {
  it("is of these trials, all of them", () => {
    expect([...recorded.keys()]).toEqual(allTrials.map(keyOf));
  });

  it("has no broken claim", () => {
    expect(recording.filter((result) => judge(result) === "broken")).toEqual([]);
  });

  it("has no gap: every level above what is claimed has its counterexample", () => {
    expect(recording.filter((result) => judge(result) === "gap").map(({ trial }) => keyOf(trial))).toEqual([]);
  });
});

describe.each(configurations)("$id", (configuration) => {
  const trials = trialsOf(configuration);

  it.each(trials.filter(isToHold))("keeps $level under $mixes", async (trial) => {
    expect(await run(trial, 1, 5)).toMatchObject({ found: undefined });
  });

  it.each(trials.filter((trial) => !isToHold(trial)))("breaks $level at the seed that is recorded", async (trial) => {
    const result = recorded.get(keyOf(trial));
    expect(result?.found).toBeDefined();
    if (result !== undefined) expect(await again(result)).toEqual(result.found);
  });
});

describe.each(stories)("$id: $title", ({ id, anomaly }) => {
  const [wrong, cure] = storyTrials.filter(({ story }) => story === id);

  it("shows what it is known for", async () => {
    const result = wrong && recorded.get(keyOf(wrong));
    expect(result?.found?.anomaly).toBe(anomaly);
    if (result !== undefined) expect(await again(result)).toEqual(result.found);
    expect(result?.found).toMatchSnapshot();
  });

  it("does not, once cured", async () => {
    if (cure !== undefined) expect(await run(cure, 1, 25)).toMatchObject({ found: undefined, undecided: undefined });
  });
});
