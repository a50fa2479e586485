import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Result, StoryTrial, Trial } from "./trial.js";

export interface Job {
  readonly trial: Trial | StoryTrial;
  readonly seed: number;
  readonly schedules: number;
}

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/** The compiler of the worker's sources would tidy its cache on disk while a schedule runs, in which nobody may touch files. */
const env = { ...process.env, TSX_DISABLE_CACHE: "1" };

/**
 * Runs trials in child processes, as virtual time belongs to one run of a process at a time. Results come in the order
 * of the jobs, whichever is done first; `onResult` hears of each as it is done.
 */
export async function runAll(
  jobs: readonly Job[],
  onResult: (result: Result, done: number) => void,
  processes = availableParallelism(),
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let [next, done] = [0, 0];
  const works = async (child: ChildProcess) => {
    for (let index = next++; index < jobs.length; index = next++) {
      const result = await ask(child, jobs[index] as Job);
      results[index] = result;
      onResult(result, ++done);
    }
  };
  const children = Array.from({ length: Math.min(processes, jobs.length) }, () => fork(worker, { env }));
  try {
    await Promise.all(children.map(works));
  } finally {
    for (const child of children) child.kill();
  }
  return results;
}

function ask(child: ChildProcess, job: Job): Promise<Result> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`The process that ran ${JSON.stringify(job)} ended with ${code}.`));
    child.once("exit", ended);
    child.once("message", (result) => {
      child.off("exit", ended);
      resolve(result as Result);
    });
    child.send(job);
  });
}
