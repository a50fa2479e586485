import { describe, expect, it, test } from "vitest";
import { registerType } from "../../data/index.js";
import { EventQueue } from "../consensus/testing/event-queue.js";
import type { Effects, Machine, Reply, Request } from "../machine.js";
import { primaryReplica } from "../options.js";
import type { PrimaryReplicaOptions } from "./claims.js";
import { primaryReplicaMechanism } from "./mechanism.js";
import type { PrimaryReplicaMessage } from "./messages.js";

const latencyUs = 10_000;
const replicaCount = 3;

const optionsOf = (given: Partial<PrimaryReplicaOptions>) =>
  primaryReplica(given).options as unknown as PrimaryReplicaOptions;

/** Replicas whose links are all of the same length; replica 0 is the primary. */
class Network {
  nowUs = 0;
  readonly messages: string[] = [];
  readonly replies: { readonly atUs: number; readonly reply: Reply }[] = [];
  private readonly queue = new EventQueue();
  private readonly machines: Machine<PrimaryReplicaMessage>[];

  constructor(given: Partial<PrimaryReplicaOptions>) {
    const cells = { get: (key: string) => ({ key, type: registerType, options: { initial: 0 } }) };
    this.machines = Array.from({ length: replicaCount }, (_, replica) => {
      const files = new Map<string, unknown>();
      const disk = {
        read: (name: string) => files.get(name),
        write: (name: string, value: unknown) => void files.set(name, value),
      };
      const options = optionsOf(given);
      return primaryReplicaMechanism.create({ replica, replicaCount, options, cells, disk, firstLeader: 0 });
    });
    for (const [replica, machine] of this.machines.entries()) machine.start(this.effects(replica));
    this.runUntil(5 * latencyUs);
    this.messages.length = 0;
  }

  /** Messages and network round trips of one operation, before the next heartbeat is due. */
  cost(replica: number, request: Request) {
    const invokedUs = this.nowUs;
    this.machines[replica]?.request(1, request, this.effects(replica));
    this.runUntil(invokedUs + 12 * latencyUs);
    const [answer, ...others] = this.replies;
    expect(others).toEqual([]);
    expect(answer?.reply.kind).toBe(request.kind === "read" ? "value" : "committed");
    return {
      messages: this.messages.length,
      roundTrips: ((answer?.atUs ?? Number.NaN) - invokedUs) / (2 * latencyUs),
    };
  }

  runUntil(atUs: number): void {
    for (let next = this.queue.peek(); next !== undefined && next.atUs <= atUs; next = this.queue.peek()) {
      this.nowUs = next.atUs;
      this.queue.pop()?.run();
    }
    this.nowUs = atUs;
  }

  private effects(self: number): Effects<PrimaryReplicaMessage> {
    return {
      now: this.nowUs,
      steadyNow: this.nowUs,
      latencyUs: () => latencyUs,
      send: (to, message) => {
        this.messages.push(message.kind);
        this.queue.push(this.nowUs + latencyUs, () => this.machines[to]?.receive(self, message, this.effects(to)));
      },
      timer: (timer, delayUs) =>
        this.queue.push(this.nowUs + delayUs, () => this.machines[self]?.timeout(timer, this.effects(self))),
      cancel: () => {},
      reply: (_, reply) => void this.replies.push({ atUs: this.nowUs, reply }),
      note: () => {},
    };
  }
}

const write: Request = {
  kind: "commit",
  id: 1,
  expected: [],
  mutations: [{ cell: "x", operation: { name: "write", args: [1] } }],
  seen: [],
  timeoutUs: 2_000_000,
};
const read: Request = { kind: "read", cell: "x", seen: [], timeoutUs: 2_000_000 };

describe("what mechanism.md says of cost is what happens", () => {
  test.each([
    ["sync", 6, 1],
    ["semiSync", 6, 1],
    ["async", 4, 0],
  ] as const)("a write, %s", (acknowledge, messages, roundTrips) => {
    expect(new Network({ acknowledge }).cost(0, write)).toEqual({ messages, roundTrips });
    // Forwarded and answered: two messages and a round trip more.
    expect(new Network({ acknowledge }).cost(1, write)).toEqual({
      messages: messages + 2,
      roundTrips: roundTrips + 1,
    });
  });

  test.each([
    ["sync", true, 4, 1],
    ["sync", false, 0, 0],
    ["semiSync", true, 0, 0],
    ["async", true, 0, 0],
  ] as const)("a read at the primary, %s, fencing %s", (acknowledge, fencing, messages, roundTrips) => {
    expect(new Network({ acknowledge, fencing }).cost(0, read)).toEqual({ messages, roundTrips });
    expect(new Network({ acknowledge, fencing }).cost(1, read)).toEqual({
      messages: messages + 2,
      roundTrips: roundTrips + 1,
    });
  });

  test("a local read", () => {
    expect(new Network({ reads: "local" }).cost(1, read)).toEqual({ messages: 0, roundTrips: 0 });
  });

  test("at rest: a heartbeat to each replica and its answer, four times a second", () => {
    const network = new Network({});
    network.runUntil(network.nowUs + 10_000_000);
    expect(network.messages.length).toBe(10 * 4 * (replicaCount - 1) * 2);
  });
});

describe("claims", () => {
  const claims = (given: Partial<PrimaryReplicaOptions>) => primaryReplicaMechanism.claims(optionsOf(given));

  it("are those of the table", () => {
    for (const failover of ["manual", "automatic"] as const) {
      expect(claims({ failover })).toBe("linearizable");
      expect(claims({ failover, reads: "local" })).toBe("eventual");
      for (const acknowledge of ["sync", "semiSync", "async"] as const)
        expect(claims({ failover, acknowledge, fencing: false })).toBe("none");
    }
    expect(claims({ acknowledge: "async" })).toBe("linearizable");
    expect(claims({ acknowledge: "async", reads: "local" })).toBe("eventual");
    for (const acknowledge of ["semiSync", "async"] as const)
      for (const reads of ["primary", "local"] as const)
        expect(claims({ failover: "automatic", acknowledge, reads })).toBe("none");
  });
});
