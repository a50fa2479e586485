import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configurations } from "./configurations.js";
import { type Result, type StoryTrial, storyTrials, type Trial, trialsOf } from "./trial.js";

/** What the last run that was written down found: the page is made of it, and the tests run its counterexamples again. */
export interface Recording {
  readonly seed: number;
  readonly schedules: number;
  readonly results: readonly Result[];
}

const file = fileURLToPath(new URL("recording.json", import.meta.url));

export const allTrials: readonly (Trial | StoryTrial)[] = [...configurations.flatMap(trialsOf), ...storyTrials];

export const readRecording = (): Recording =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Recording) : { seed: 1, schedules: 0, results: [] };

/** A run of some configurations only replaces what is known of those. */
export function writeRecording({ seed, schedules, results }: Recording): void {
  const known = new Map([...readRecording().results, ...results].map((result) => [keyOf(result.trial), result]));
  const kept = allTrials.flatMap((trial) => known.get(keyOf(trial)) ?? []);
  const lines = kept.map((result) => `    ${JSON.stringify(result)}`).join(",\n");
  writeFileSync(file, `{\n  "seed": ${seed},\n  "schedules": ${schedules},\n  "results": [\n${lines}\n  ]\n}\n`);
}

export const keyOf = (trial: Trial | StoryTrial): string =>
  "story" in trial ? `${trial.story} ${trial.part}` : `${trial.configuration} ${trial.level} ${trial.mixes.join()}`;
