import { setFlagsFromString } from "node:v8";
import { serve } from "../harness/pool.js";
import { exploreProgram } from "./exploration.js";
import type { Done, Job } from "./job.js";
import { plantedOf } from "./planted.js";
import { shrinkProgram } from "./shrinking.js";

// As in the processes that users' programs run in: one long-lived schedule must not make all others look long-lived.
setFlagsFromString("--no-allocation-site-pretenuring");

serve<Job, Done>(async (job) => {
  const planted = await plantedOf(job.id);
  const explored = await exploreProgram(planted, job.part, job);
  const [violation] = explored.violations;
  if (explored.seed === undefined || violation === undefined) return { job, explored };
  const { before, after, attempts, isMinimal, wallMs } = await shrinkProgram(planted, {
    seed: explored.seed,
    violation,
  });
  return { job, explored, shrunk: { before, after, attempts, isMinimal, wallMs } };
});
