import { registerType } from "../../../data/index.js";
import { bindFault, drawFaults } from "../../../faults/index.js";
import { Nemesis } from "../../../simulation/nemesis.js";
import { findRegion, type Region } from "../../../simulation/network/regions.js";
import type { Port } from "../../../simulation/port.js";
import { Prng } from "../../../simulation/prng.js";
import { World } from "../../../simulation/world.js";
import type { CellTable, Disk, Effects, Machine, Mechanism } from "../../machine.js";
import type { MergedStore } from "../store.js";

export const regions = ["nyc", "london", "tokyo"].map((name) => findRegion(name) as Region);
const cells: CellTable = { get: (key) => ({ key, type: registerType, options: { initial: "" } }) };

/** Three replicas of a mechanism in a world, and a client that writes to them. */
export function cluster(mechanism: Mechanism<never, never>, options: object, seed: number) {
  const world = new World({ seed, regions });
  const machines: (Machine<unknown> & { readonly store: MergedStore })[] = [];
  const disks = regions.map((): Disk => {
    const files = new Map<string, unknown>();
    return { read: (name) => files.get(name), write: (name, value) => void files.set(name, value) };
  });
  const endpoints: Effects<unknown>[] = [];
  const answeredUs = new Map<number, number>();
  world.add<unknown, Effects<unknown>>({
    name: mechanism.id,
    replicaCount: 3,
    create: (replica) => {
      const setup = {
        replica,
        replicaCount: 3,
        options: options as never,
        cells,
        disk: disks[replica] as Disk,
        firstLeader: 0,
      };
      machines[replica] = mechanism.create(setup) as unknown as (typeof machines)[number];
      return machines[replica] as Machine<unknown>;
    },
    effects: (port: Port<unknown>, replica) => {
      const reply = (ticket: number) => void answeredUs.set(ticket, world.nowUs);
      endpoints[replica] = Object.assign(Object.create(port) as Port<unknown>, { reply });
      return endpoints[replica] as Effects<unknown>;
    },
  });
  let operations = 0;
  const write = (replica: number, cell: string): number => {
    const id = ++operations;
    const mutations = [{ cell, operation: { name: "write", args: [id] } }];
    machines[replica]?.request(
      id,
      { kind: "commit", id, expected: [], mutations, seen: [], timeoutUs: 1 },
      endpoints[replica] as Effects<unknown>,
    );
    return id;
  };
  const runUntil = (us: number, each: () => void = () => {}) => {
    while (world.scheduler.nextUs <= us) {
      world.scheduler.step();
      each();
    }
  };
  return { world, machines, write, runUntil, answeredUs };
}

/** Writes everywhere under random faults, then heals; `each` sees the machines after every event. */
export function story(
  mechanism: Mechanism<never, never>,
  options: object,
  seed: number,
  each: (machines: readonly { store: MergedStore }[]) => void,
) {
  const { world, machines, write, runUntil } = cluster(mechanism, options, seed);
  const random = Prng.seeded(seed, "test");
  const nemesis = new Nemesis(world);
  for (const fault of drawFaults(regions, random))
    nemesis.schedule(bindFault(fault, world), { fromMs: fault.fromMs, untilMs: fault.untilMs });
  const acknowledged: number[] = [];
  for (let i = 0; i < 30; i++) {
    runUntil(world.nowUs + random.below(150_000), () => each(machines));
    const replica = random.below(3);
    if (world.isUp(replica)) acknowledged.push(write(replica, `cell${random.below(3)}`));
  }
  nemesis.healAll();
  runUntil(world.nowUs + 10_000_000, () => each(machines));
  return { machines, acknowledged };
}
