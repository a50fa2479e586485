import { setFlagsFromString } from "node:v8";
import { serve } from "../harness/pool.js";
import { exploreProgram } from "./exploration.js";
import type { Done, Job } from "./job.js";
import { plantedOf } from "./planted.js";

// As in the processes that users' programs run in: one long-lived schedule must not make all others look long-lived.
setFlagsFromString("--no-allocation-site-pretenuring");

serve<Job, Done>(async (job) => ({ job, explored: await exploreProgram(await plantedOf(job.id), job.part, job) }));
