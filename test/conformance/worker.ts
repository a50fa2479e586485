import type { Job } from "./pool.js";
import { run } from "./trial.js";

process.on("message", async ({ trial, seed, schedules }: Job) => {
  const result = await run(trial, seed, schedules);
  if (process.connected) process.send?.(result);
});
// Whoever started it is gone.
process.on("disconnect", () => process.exit());
