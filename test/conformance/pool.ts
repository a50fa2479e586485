import { fileURLToPath } from "node:url";
import { doAll } from "../harness/pool.js";
import type { Result, StoryTrial, Trial } from "./trial.js";

export interface Job {
  readonly trial: Trial | StoryTrial;
  readonly seed: number;
  readonly schedules: number;
}

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Runs trials in child processes. */
export const runAll = (
  jobs: readonly Job[],
  onResult: (result: Result, done: number) => void,
): Promise<readonly Result[]> => doAll<Job, Result>({ worker, jobs, onResult });
