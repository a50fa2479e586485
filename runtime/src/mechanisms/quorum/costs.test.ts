import { describe, expect, it, test } from "vitest";
import { registerType } from "../../data/index.js";
import { World } from "../../simulation/world.js";
import type { QuorumConfiguration } from "../atomic-quorum.js";
import type { Disk, Effects, Machine, Reply, Request } from "../machine.js";
import { quorumMechanism } from "./mechanism.js";
import type { QuorumMessage } from "./messages.js";

const strict: QuorumConfiguration = {
  ...{ n: 3, r: 2, w: 2 },
  ...{ writeBack: true, readRepair: false, hintedHandoff: false, sloppy: false },
};

/** The mechanism's replicas, one a region, and what they send each other. */
function cluster(options: QuorumConfiguration, regions: number = options.n) {
  const sent: QuorumMessage[] = [];
  const world = new World({
    seed: 1,
    regions: Array.from({ length: regions }, (_, i) => ({ name: `region ${i}`, latitude: 0, longitude: 0 })),
    listener: {
      message: ({ payload }) => void sent.push(payload as QuorumMessage),
      note: () => {},
    },
  });
  const replicaCount = Math.max(regions, quorumMechanism.replicas?.(options, regions) ?? 0);
  const machines: Machine<QuorumMessage>[] = [];
  const endpoints: Effects<QuorumMessage>[] = [];
  const replies: { readonly ticket: number; readonly reply: Reply; readonly atUs: number }[] = [];
  const disks = Array.from({ length: replicaCount }, memory);
  world.add<QuorumMessage, Effects<QuorumMessage>>({
    name: "quorum",
    replicaCount,
    create: (replica) => {
      const cells = { get: (key: string) => ({ key, type: registerType, options: { initial: 0 } }) };
      const disk = disks[replica] as Disk;
      const machine = quorumMechanism.create({ replica, replicaCount, options, cells, disk, firstLeader: 0 });
      machines[replica] = machine;
      return machine;
    },
    effects: (port, replica) => {
      const reply = (ticket: number, answer: Reply) => replies.push({ ticket, reply: answer, atUs: world.nowUs });
      endpoints[replica] = Object.assign(Object.create(port), { reply }) as Effects<QuorumMessage>;
      return endpoints[replica] as Effects<QuorumMessage>;
    },
  });
  let tickets = 0;
  const ask = (replica: number, request: Request) => {
    const ticket = ++tickets;
    machines[replica]?.request(ticket, request, endpoints[replica] as Effects<QuorumMessage>);
    return () => replies.find((entry) => entry.ticket === ticket);
  };
  const runUntil = (us: number) => {
    while (world.scheduler.nextUs <= us) world.scheduler.step();
  };
  const runWhile = (isPending: () => boolean) => {
    while (isPending()) {
      if (world.nowUs > 60_000_000) throw new Error("what was waited for never came");
      world.scheduler.step();
    }
  };
  return { world, machines, sent, ask, runUntil, runWhile };
}

function memory(): Disk {
  const files = new Map<string, unknown>();
  return { read: (name) => files.get(name), write: (name, value) => void files.set(name, value) };
}

const read: Request = { kind: "read", cell: "x", seen: [], timeoutUs: 2_000_000 };
const write = (id: number): Request => ({
  kind: "commit",
  id,
  expected: [],
  mutations: [{ cell: "x", operation: { name: "write", args: [id] } }],
  seen: [],
  timeoutUs: 2_000_000,
});

/** Messages of an operation (those of anti-entropy aside), and the round trips that its session waits for. */
function cost(options: QuorumConfiguration, request: Request, writer?: number) {
  const { world, machines, sent, ask, runUntil, runWhile } = cluster(options);
  runUntil(3_000_000);
  if (writer !== undefined) {
    // It has the write, and what it has sent to the others is lost.
    ask(writer, write(7));
    runWhile(() => machines[writer]?.has(7) !== true);
    cutOff(world, writer, 1);
    runUntil(world.nowUs + 5_000);
    cutOff(world, writer, -1);
  }
  sent.length = 0;
  const begunUs = world.nowUs;
  const answer = ask(0, request);
  runWhile(() => answer() === undefined);
  const waitedUs = world.nowUs - begunUs;
  if (writer === undefined) runUntil(world.nowUs + 20_000);
  const messages = sent.filter((message) => "ticket" in message && message.ticket !== undefined).length;
  return { messages, roundTrips: Math.floor(waitedUs / (2 * world.latencyUs(0, 1))) };
}

function cutOff({ network, regions }: World, region: number, change: 1 | -1): void {
  for (let other = 0; other < regions.length; other++) if (other !== region) network.cut(region, other, change);
}

describe("what mechanism.md says of cost is what happens", () => {
  const configuration = (n: number, r: number, w: number) => ({ ...strict, n, r, w });

  test.each([
    [3, 2, 2],
    [5, 3, 3],
    [7, 4, 4],
  ])("n = %i, r = %i, w = %i: a write takes two rounds, a read one", (n, r, w) => {
    const options = configuration(n, r, w);
    expect(cost(options, write(1))).toEqual({ messages: 4 * (n - 1), roundTrips: 2 });
    expect(cost(options, read)).toEqual({ messages: 2 * (n - 1), roundTrips: 1 });
  });

  test("a read that meets a write under way writes it back first: a round more", () => {
    // The writer and this replica have it: three more are sent it, of which the first to acknowledge is enough.
    expect(cost(configuration(5, 5, 3), read, 1)).toEqual({ roundTrips: 2, messages: 8 + 3 + 1 });
    expect(cost({ ...configuration(5, 5, 3), writeBack: false }, read, 1)).toEqual({ roundTrips: 1, messages: 8 });
  });

  test("with r = 1 and w = 1 nobody is waited for", () => {
    expect(cost(configuration(3, 1, 1), write(1))).toEqual({ messages: 4, roundTrips: 0 });
    expect(cost(configuration(3, 1, 1), read)).toEqual({ messages: 0, roundTrips: 0 });
  });
});

describe("repair", () => {
  /** How long after the end of a partition the replica that missed a write has it. */
  function healedAfterUs(options: QuorumConfiguration, act: (ask: ReturnType<typeof cluster>["ask"]) => void): number {
    const { world, machines, ask, runUntil, runWhile } = cluster(options);
    runUntil(3_000_000);
    for (const other of [0, 1])
      for (const [a, b] of [
        [2, other],
        [other, 2],
      ] as const)
        world.network.cut(a, b, 1);
    ask(0, write(7));
    runUntil(6_000_000);
    for (const other of [0, 1])
      for (const [a, b] of [
        [2, other],
        [other, 2],
      ] as const)
        world.network.cut(a, b, -1);
    const healedUs = world.nowUs;
    act(ask);
    runWhile(() => machines[2]?.has(7) !== true);
    return world.nowUs - healedUs;
  }
  const nothing = () => {};
  const readThere = (ask: ReturnType<typeof cluster>["ask"]) => void ask(2, read);

  it("is left to anti-entropy, or comes sooner: by hints, by write-back, by read repair", () => {
    const antiEntropyUs = healedAfterUs(strict, nothing);
    const hintsUs = healedAfterUs({ ...strict, hintedHandoff: true }, nothing);
    const readUs = healedAfterUs({ ...strict, r: 2, writeBack: false }, readThere);
    const repairUs = healedAfterUs({ ...strict, r: 2, writeBack: false, readRepair: true }, readThere);
    const backUs = healedAfterUs(strict, readThere);
    expect([antiEntropyUs, readUs].map((us) => us > 300_000 && us < 1_100_000)).toEqual([true, true]);
    expect(hintsUs).toBeLessThan(210_000);
    expect([repairUs, backUs].map((us) => us < 5_000)).toEqual([true, true]);
  });

  it("by hints outlives a crash of whoever keeps them", () => {
    const { world, machines, ask, runUntil } = cluster({ ...strict, w: 1, hintedHandoff: true });
    runUntil(3_000_000);
    cutOff(world, 0, 1);
    ask(0, write(7));
    world.crash(0);
    world.restart(0);
    cutOff(world, 0, -1);
    runUntil(world.nowUs + 210_000);
    expect(machines.map((machine) => machine.has(7))).toEqual([true, true, true]);
  });
});
