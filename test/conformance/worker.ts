import { serve } from "../harness/pool.js";
import type { Job } from "./pool.js";
import { type Result, run } from "./trial.js";

serve<Job, Result>(({ trial, seed, schedules }) => run(trial, seed, schedules));
