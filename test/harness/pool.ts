import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";

/** The compiler of a worker's sources would tidy its cache on disk while a schedule runs, in which nobody may touch files. */
const env = { ...process.env, TSX_DISABLE_CACHE: "1" };

export interface Pool<Job, Result> {
  /** A module that calls `serve`. */
  readonly worker: string;
  readonly jobs: readonly Job[];
  readonly onResult: (result: Result, done: number) => void;
  readonly processes?: number;
}

/**
 * Does jobs in child processes, as virtual time belongs to one run of a process at a time. Results come in the order of
 * the jobs, whichever is done first; `onResult` hears of each as it is done.
 */
export async function doAll<Job extends object, Result>(pool: Pool<Job, Result>): Promise<readonly Result[]> {
  const { worker, jobs, onResult, processes = availableParallelism() } = pool;
  const results: Result[] = [];
  let [next, done] = [0, 0];
  const works = async (child: ChildProcess) => {
    for (let index = next++; index < jobs.length; index = next++) {
      const result = await ask<Job, Result>(child, jobs[index] as Job);
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

/** The worker's side. */
export function serve<Job, Result>(perform: (job: Job) => Promise<Result>): void {
  process.on("message", async (job: Job) => {
    const result = await perform(job);
    if (process.connected) process.send?.(result);
  });
  // Whoever started it is gone.
  process.on("disconnect", () => process.exit());
}

function ask<Job extends object, Result>(child: ChildProcess, job: Job): Promise<Result> {
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
