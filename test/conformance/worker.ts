import type { Job } from "./pool.js";
import { run } from "./trial.js";

process.on("message", async ({ trial, seed, schedules }: Job) => {
  process.send?.(await run(trial, seed, schedules));
});
// Whoever started it is gone.
process.on("disconnect", () => process.exit());
