// Whether one exploration of 100,000 schedules keeps memory: the heap after a collection, and what the system has given.
// Takes minutes.
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { exploreScenario } from "../../runtime/dist/explore/explore.js";
import { transfers } from "./bank-scenario.js";

const schedules = 100_000;
const looks = [1_000, 10_000, 25_000, 50_000, 75_000, schedules - 1];

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const megabytes = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
const rows: Record<string, { readonly "heap used, MB": number; readonly "resident, MB": number }> = {};

await sleep(500); // tsx tidies its cache first; a schedule would take that for files which the scenario opens
await exploreScenario({
  evaluate: () => transfers,
  target: transfers.name,
  seed: 1,
  schedules,
  isUserFile: () => true,
  onSchedule: (_, done) => {
    if (!looks.includes(done)) return;
    collectGarbage();
    const { heapUsed, rss } = process.memoryUsage();
    rows[done] = { "heap used, MB": megabytes(heapUsed), "resident, MB": megabytes(rss) };
  },
});
console.log("\nMemory in one exploration of the bank, by schedules that were run");
console.table(rows);
