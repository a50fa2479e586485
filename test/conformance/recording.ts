import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configurations } from "./configurations.js";
import { type Result, type StoryTrial, storyTrials, type Trial, trialsOf } from "./trial.js";

const file = fileURLToPath(new URL("recording.jsonl", import.meta.url));

export const allTrials: readonly (Trial | StoryTrial)[] = [...configurations.flatMap(trialsOf), ...storyTrials];

/** What the last run that was written down found: the page is made of it, and tests run its counterexamples again. */
export const readRecording = (): readonly Result[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Result)
    : [];

/** A run of some configurations only replaces what is known of those. One result a line, so that differences read well. */
export function writeRecording(results: readonly Result[]): void {
  const known = new Map([...readRecording(), ...results].map((result) => [keyOf(result.trial), result]));
  const kept = allTrials.flatMap((trial) => known.get(keyOf(trial)) ?? []);
  writeFileSync(file, kept.map((result) => `${JSON.stringify(result)}\n`).join(""));
}

export const keyOf = (trial: Trial | StoryTrial): string =>
  "story" in trial ? `${trial.story} ${trial.part}` : `${trial.configuration} ${trial.level} ${trial.mixes.join()}`;
