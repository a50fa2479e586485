// npm run planted -- --shrink: makes the schedule of every planted bug smaller, and looks for anything smaller among all
// choices of its calls and faults. Exit code 0: nothing can be spared in any of them, and no choice of one or two calls is smaller; 1: else.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { doAll } from "../harness/pool.js";
import { plantedPage, sizesOf } from "./page.js";
import { ids } from "./planted.js";
import { readRecording, writeRecording } from "./recording.js";
import type { Measured } from "./shrinking.js";
import { isAsPromised, isSmallest, shrinkingPage, summaryOf } from "./shrinking-page.js";
import { writeMeasured } from "./shrinking-recording.js";

const { values } = parseArgs({
  options: {
    shrink: { type: "boolean" },
    only: { type: "string", multiple: true, default: [] },
    processes: { type: "string", default: String(availableParallelism()) },
    write: { type: "boolean", default: false },
  },
});
const jobs = (values.only.length > 0 ? values.only : ids).map((id) => ({ id }));
const measured = await doAll<{ readonly id: string }, Measured>({
  worker: fileURLToPath(new URL("shrinking-worker.ts", import.meta.url)),
  jobs,
  processes: Number(values.processes),
  onResult(result) {
    const { id, minimum, processorMs } = result;
    const least =
      minimum === undefined
        ? "not all choices tried"
        : `least of all choices: ${minimum.size.operations} operations, ${minimum.size.faults} faults (${minimum.schedules} schedules)`;
    console.log(
      `${isSmallest(result) ? "✓" : "✗"} ${id} ${sizesOf(result)}, ${processorMs} ms of a processor; ${least}`,
    );
    if (values.write) write(result);
  },
});
for (const { file, make } of values.write ? [shrinkingPage, plantedPage] : [])
  writeFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), await make());
console.log(summaryOf(measured));
process.exitCode = measured.every(isAsPromised) ? 0 : 1;

/** The page of the planted bugs tells the same. */
function write(result: Measured): void {
  writeMeasured([result]);
  const { id, before, after, attempts, isMinimal } = result;
  const known = readRecording().find((recorded) => recorded.id === id);
  if (known?.found !== undefined)
    writeRecording([{ ...known, found: { ...known.found, shrunk: { before, after, attempts, isMinimal } } }]);
}
