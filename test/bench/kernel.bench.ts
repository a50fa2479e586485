// Messages a second through the kernel (network, delays, heap, delivery to a state machine), beside fast-check's scheduler,
// which is the usual way to explore orders in TypeScript. One of its tasks is a promise; one of our messages is not.
import fc from "fast-check";
import { findRegion, type Region } from "../../runtime/src/simulation/network/regions.js";
import type { Process } from "../../runtime/src/simulation/process.js";
import { World } from "../../runtime/src/simulation/world.js";
import { printTable } from "./table.js";

const repetitions = 7;
/** As many things are under way at once on both sides, so that both choose among as many. */
const chains = 99;
const messagesPerChain = 5_000;
const tasksPerChain = 200;

/** Three replicas hand numbers round until they are used up. */
function kernelMessagesPerSecond(seed: number): number {
  const regions = ["nyc", "london", "tokyo"].map((name) => findRegion(name) as Region);
  const world = new World({ seed, regions });
  world.add<number, Parameters<Process<number>["start"]>[0]>({
    name: "ring",
    replicaCount: 3,
    create: (replica) => ({
      start: (effects) => {
        for (let chain = replica; chain < chains; chain += 3) effects.send((replica + 1) % 3, messagesPerChain);
      },
      receive: (_, left, effects) => {
        if (left > 1) effects.send((replica + 1) % 3, left - 1);
      },
      timeout: () => {},
    }),
    effects: (port) => port,
  });
  const messages = chains * messagesPerChain;
  const startedMs = performance.now();
  while (world.scheduler.step());
  const elapsedMs = performance.now() - startedMs;
  if (world.delivered !== messages) throw new Error(`${world.delivered} messages were delivered, not ${messages}.`);
  return (messages / elapsedMs) * 1_000;
}

async function fastCheckTasksPerSecond(seed: number): Promise<number> {
  let rate = 0;
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    let ran = 0;
    const chain = async (): Promise<void> => {
      for (let task = 0; task < tasksPerChain; task++) {
        await scheduler.schedule(Promise.resolve());
        ran += 1;
      }
    };
    const all = Promise.all(Array.from({ length: chains }, chain));
    const startedMs = performance.now();
    await scheduler.waitFor(all);
    rate = (ran / (performance.now() - startedMs)) * 1_000;
  });
  await fc.assert(property, { numRuns: 1, seed });
  return rate;
}

const kernel: number[] = [];
const peer: number[] = [];
for (let seed = 1; seed <= repetitions; seed++) {
  kernel.push(kernelMessagesPerSecond(seed));
  peer.push(await fastCheckTasksPerSecond(seed));
}
printTable("Events a second", [
  { what: "fast-check scheduler, tasks", values: peer, unit: "tasks/s" },
  { what: "kernel, messages between 3 regions", values: kernel, unit: "messages/s" },
]);
