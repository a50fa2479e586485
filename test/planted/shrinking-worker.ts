import { setFlagsFromString } from "node:v8";
import { serve } from "../harness/pool.js";
import { plantedOf } from "./planted.js";
import { readRecording } from "./recording.js";
import { type Measured, measureShrinking } from "./shrinking.js";

// As in the processes that users' programs run in: one long-lived schedule must not make all others look long-lived.
setFlagsFromString("--no-allocation-site-pretenuring");

serve<{ readonly id: string }, Measured>(async ({ id }) => {
  const found = readRecording().find((recorded) => recorded.id === id)?.found;
  const [violation] = found?.violations ?? [];
  if (found === undefined || violation === undefined)
    throw new Error(`${id} is not recorded: run npm run planted first.`);
  return measureShrinking(await plantedOf(id), { seed: found.seed, violation });
});
