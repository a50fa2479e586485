// Schedules of a bank a second, verdict included, in one process that has warmed up, beside fast-check's scheduler, which
// runs the same clients against one copy in memory that never fails: without replicas, time, network and checkers.
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { explore, type Scenario } from "@faultline/runtime/simulation";
import fc from "fast-check";
import { single, transfers } from "./bank-scenario.js";
import { printTable } from "./table.js";

const repetitions = 7;
const schedules = 400;

/** Runs `schedules` schedules that begin with this seed. */
type Subject = (seed: number) => Promise<void>;

const faultline =
  (target: Scenario): Subject =>
  async (seed) => {
    const { outcome, reason } = await explore(target, { seed, schedules });
    if (outcome !== "holds") throw new Error(`${target.name}: ${outcome} ${reason ?? ""}`);
  };

/** Each request of a transfer (two reads and the commit) is one task of the scheduler, as is each pause. */
const peer: Subject = async (seed) => {
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const cells = Array.from({ length: 3 }, () => ({ balance: 100, version: 0 }));
    const request = () => scheduler.schedule(Promise.resolve());
    const transfer = async (from: number, to: number): Promise<void> => {
      for (let attempt = 0; attempt < 8; attempt++) {
        await request();
        const payer = { ...(cells[from] as { balance: number; version: number }) };
        await request();
        const payee = { ...(cells[to] as { balance: number; version: number }) };
        await request();
        if (cells[from]?.version !== payer.version || cells[to]?.version !== payee.version) continue;
        cells[from] = { balance: payer.balance - 10, version: payer.version + 1 };
        cells[to] = { balance: payee.balance + 10, version: payee.version + 1 };
        return;
      }
    };
    const client = async (index: number): Promise<void> => {
      for (let count = 0; count < 5; count++) {
        await transfer((index + count) % 3, (index + count + 1) % 3);
        await request();
      }
    };
    await scheduler.waitFor(Promise.all([0, 1, 2, 3].map(client)));
    return cells.reduce((sum, { balance }) => sum + balance, 0) === 300;
  });
  await fc.assert(property, { seed, numRuns: schedules });
};

const subjects = [
  subject("fast-check scheduler, 20 transfers on one copy", peer),
  subject("20 transfers, 40 operations in transactions", faultline(transfers)),
  subject("40 operations that stand alone", faultline(single)),
];

function subject(what: string, run: Subject) {
  return { what, run, perCpuSecond: [] as number[], perSecond: [] as number[] };
}

setFlagsFromString("--no-allocation-site-pretenuring"); // as the child does that simulations run in: see host/main.ts
await sleep(500); // tsx tidies its cache first; a schedule would take that for files which the scenario opens
// In turn, so that what else the machine does meets all of them. The first rounds warm up.
for (let round = -3; round < repetitions; round++) {
  for (const { run, perCpuSecond, perSecond } of subjects) {
    const startedMs = performance.now();
    const cpuBefore = process.cpuUsage();
    await run(1 + (round + 3) * schedules);
    const { user, system } = process.cpuUsage(cpuBefore);
    const wallMs = performance.now() - startedMs;
    if (round < 0) continue;
    perCpuSecond.push((schedules / (user + system)) * 1_000_000);
    perSecond.push((schedules / wallMs) * 1_000);
  }
}
const title = "Bank: 3 replicas, 4 clients, 40 operations, one partition, with verdict";
const rows = (valuesOf: (subject: (typeof subjects)[number]) => readonly number[]) =>
  subjects.map((each) => ({ what: each.what, values: valuesOf(each), unit: "schedules/s" }));
printTable(
  `${title}: by CPU time, collector and compiler included`,
  rows(({ perCpuSecond }) => perCpuSecond),
);
printTable(
  `${title}: by wall time`,
  rows(({ perSecond }) => perSecond),
);
