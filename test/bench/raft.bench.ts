// Seeds a second of a Raft group of three in the simulated world, one core: with the snapshots that all runs take, without
// any, and with one every four entries.
import { registerType } from "../../runtime/src/data/index.js";
import { type Compaction, defaultCompaction } from "../../runtime/src/mechanisms/consensus/compaction.js";
import { ConsensusMachine } from "../../runtime/src/mechanisms/consensus/consensus-machine.js";
import type { ConsensusMessage } from "../../runtime/src/mechanisms/consensus/messages.js";
import type { Effects } from "../../runtime/src/mechanisms/machine.js";
import { findRegion, type Region } from "../../runtime/src/simulation/network/regions.js";
import { World } from "../../runtime/src/simulation/world.js";
import { printTable } from "./table.js";

const repetitions = 7;
const regions = ["nyc", "london", "tokyo"].map((name) => findRegion(name) as Region);
const cells = { get: (key: string) => ({ key, type: registerType, options: { initial: 0 } }) };

/** Each region's session writes and reads in turn, without a pause. Gives the number of commits. */
function run(seed: number, steps: number, compaction: Compaction): number {
  const world = new World({ seed, regions });
  const machines: ConsensusMachine[] = [];
  const effects: Effects<ConsensusMessage>[] = [];
  let id = 0;
  let commits = 0;
  const ask = (replica: number): void => {
    const common = { seen: [], timeoutUs: 2_000_000 };
    const request =
      ++id % 4 === 0
        ? ({ kind: "read", cell: "x", ...common } as const)
        : ({
            kind: "commit",
            id,
            expected: [],
            mutations: [{ cell: `x${id % 8}`, operation: { name: "write", args: [id] } }],
            ...common,
          } as const);
    machines[replica]?.request(id, request, effects[replica] as Effects<ConsensusMessage>);
  };
  const ports = world.add<ConsensusMessage, Effects<ConsensusMessage>>({
    name: "raft",
    replicaCount: 3,
    create: (replica) => {
      const files = new Map<string, unknown>();
      const disk = {
        read: (name: string) => files.get(name),
        write: (name: string, value: unknown) =>
          void (value === undefined ? files.delete(name) : files.set(name, value)),
      };
      const setup = { replica, replicaCount: 3, options: {}, cells, disk, firstLeader: 0 };
      const machine = new ConsensusMachine(setup, "leader", { kind: "round" }, compaction);
      machines[replica] = machine;
      return machine;
    },
    effects: (port, replica) => {
      const reply: Effects<ConsensusMessage>["reply"] = (_, { kind }) => {
        if (kind === "committed") commits++;
        world.scheduler.after(1_000, () => ask(replica));
      };
      const whole = Object.assign(port, { reply });
      effects[replica] = whole;
      return whole;
    },
  });
  for (const { replica } of ports) ask(replica);
  for (let step = 0; step < steps; step++) world.scheduler.step();
  return commits;
}

function seedsPerSecond(seeds: number, steps: number, compaction: Compaction): number {
  const startedMs = performance.now();
  for (let seed = 1; seed <= seeds; seed++) run(seed, steps, compaction);
  return (seeds / (performance.now() - startedMs)) * 1_000;
}

const kinds = {
  "no snapshots": { everyEntries: Number.POSITIVE_INFINITY, historyEntries: 0 },
  [`a snapshot every ${defaultCompaction.everyEntries} entries (default)`]: defaultCompaction,
  "a snapshot every 4 entries": { everyEntries: 4, historyEntries: 16 },
};

// The longer ones have several hundred commits, as an ordinary run has.
for (const [seeds, steps] of [
  [1_000, 800],
  [150, 6_000],
] as const) {
  const rows = Object.entries(kinds).map(([what, compaction]) => ({ what, compaction, values: [] as number[] }));
  // In turn, so that what else the machine does meets all of them; the first round warms up.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    for (const { compaction, values } of rows) {
      const rate = seedsPerSecond(seeds, steps, compaction);
      if (repetition > 0) values.push(rate);
    }
  }
  printTable(
    `Raft, 3 replicas, ${steps} steps a seed (${run(1, steps, defaultCompaction)} commits)`,
    rows.map(({ what, values }) => ({ what, values, unit: "seeds/s" })),
  );
}
