// States a second of searches through every order of events, in one process that has warmed up, on one core.
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { exhaustScenario } from "../../runtime/src/explore/exhaustive/exhaust.js";
import { workloadOf } from "../../runtime/src/explore/workload/untyped.js";
import { Causal, Eventual, Linearizable, Replicated, register, Sequential } from "../../runtime/src/index.js";
import { printTable, type Row } from "./table.js";

const repetitions = 5;
const states = 1_500;

function boxAt(level: typeof Linearizable) {
  @Replicated()
  class Box {
    @level() readonly value = register(0);

    async write(): Promise<void> {
      await this.value.write(1);
    }

    async add(): Promise<void> {
      await this.value.update((value) => value + 1);
    }
  }
  return Box;
}

const subjects = [
  { what: "eventual, gossip", box: boxAt(Eventual) },
  { what: "causal, broadcast", box: boxAt(Causal) },
  { what: "sequential, ordered log", box: boxAt(Sequential) },
  { what: "linearizable, Raft", box: boxAt(Linearizable) },
];

/** No orders drawn after it: those are not states. */
function search(box: ReturnType<typeof boxAt>) {
  const { workload, resolve } = workloadOf(box, { size: { sessions: 2, operations: 2 } });
  return exhaustScenario({
    ...{ target: "Box", seed: 1, isUserFile: () => true, bounds: { timers: 1, states }, drawnOrders: 0 },
    evaluate: (seed, decisions) => workload.scenario(seed, resolve, decisions),
  });
}

setFlagsFromString("--no-allocation-site-pretenuring"); // as the child does that simulations run in: see host/main.ts
await sleep(500); // tsx tidies its cache first; a schedule would take that for files which the scenario opens
const rows: Row[] = [];
for (const { what, box } of subjects) {
  const values: number[] = [];
  // Called alike each time: the first rounds warm up.
  for (let round = -1; round < repetitions; round++) {
    const before = process.cpuUsage();
    const report = await search(box);
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) values.push((report.states * 1e6) / (user + system));
  }
  rows.push({ what, values, unit: "states/s" });
}
printTable("2 sessions × 2 calls, three regions, one timer: states a second of the processor", rows);
