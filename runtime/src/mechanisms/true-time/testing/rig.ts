import { counterType, registerType } from "../../../data/index.js";
import type { Cell } from "../../../deployment/deployment.js";
import { Domain } from "../../../deployment/simulated/domain.js";
import { bindFault, type Fault } from "../../../faults/index.js";
import { Nemesis } from "../../../simulation/nemesis.js";
import { findRegion, type Region } from "../../../simulation/network/regions.js";
import { World } from "../../../simulation/world.js";
import type { MachineSetup, Mechanism, Reply, Request } from "../../machine.js";
import { trueTime } from "../../options.js";
import type { TrueTimeOptions } from "../claims.js";
import { TrueTimeMachine } from "../machine.js";
import { trueTimeMechanism } from "../mechanism.js";
import { Sharding } from "../transaction.js";

export interface RigOptions {
  readonly seed: number;
  readonly regions?: readonly (string | Region)[];
  readonly options?: TrueTimeOptions;
  readonly firstLeader?: number;
  /** A snapshot takes the place of a shard's log after so many entries. */
  readonly everyEntries?: number;
  readonly note?: (region: string, text: string, atUs: number) => void;
}

/** What a client asked and what it was told. */
export interface Call {
  readonly replica: number;
  readonly request: Request;
  readonly invokedUs: number;
  reply: Reply | undefined;
  repliedUs: number | undefined;
}

/** Anything whose name starts with "n" is a counter, all else a register. */
const cellOf = (key: string): Cell => ({
  key,
  label: key,
  field: key,
  level: "linearizable",
  mechanism: trueTime(),
  timeoutMs: 2_000,
  domain: "test",
  type: key.startsWith("n") ? counterType : registerType,
  options: { initial: 0 },
});

/** The mechanism in a simulated world, asked directly: no cells, sessions or scenarios in between. */
export class Rig {
  readonly world: World;
  readonly nemesis: Nemesis;
  readonly domain: Domain;
  readonly sharding: Sharding;
  readonly messages = new Map<string, number>();

  constructor({
    seed,
    regions = ["nyc", "london", "tokyo"],
    options = {},
    firstLeader = 0,
    everyEntries,
    note,
  }: RigOptions) {
    this.world = new World({
      seed,
      regions: regions.map((place) => (typeof place === "string" ? (findRegion(place) as Region) : place)),
      listener: {
        message: ({ payload }) => {
          const { kind } = payload as { readonly kind: string };
          this.messages.set(kind, (this.messages.get(kind) ?? 0) + 1);
        },
        note: (node, text) => note?.(this.world.regionOf(node), text, this.world.nowUs),
      },
    });
    this.nemesis = new Nemesis(this.world);
    const create = (setup: MachineSetup<TrueTimeOptions>) => machineOf(setup, everyEntries);
    const mechanism = { ...trueTimeMechanism, create } as Mechanism;
    this.domain = new Domain("test", "linearizable", mechanism, { ...options }, this.world, firstLeader, () => {});
    this.sharding = new Sharding(this.machine(0)?.shards.length ?? 1);
  }

  get nowUs(): number {
    return this.world.nowUs;
  }

  machine(replica: number): TrueTimeMachine | undefined {
    return this.domain.machines[replica] as TrueTimeMachine | undefined;
  }

  get machines(): readonly TrueTimeMachine[] {
    return this.domain.machines.filter((machine) => machine !== undefined) as unknown as TrueTimeMachine[];
  }

  request(replica: number, request: Request): Call {
    for (const key of cellsOf(request)) if (!this.domain.cells.has(key)) this.domain.cells.set(key, cellOf(key));
    const call: Call = { replica, request, invokedUs: this.nowUs, reply: undefined, repliedUs: undefined };
    this.domain.request(replica, request, (reply) => {
      call.reply = reply;
      call.repliedUs = this.nowUs;
    });
    return call;
  }

  runUntil(atUs: number): void {
    this.world.scheduler.after(atUs - this.nowUs, () => {});
    while (this.world.scheduler.nextUs <= atUs) this.world.scheduler.step();
  }

  runUntilAnswered(call: Call): Reply {
    while (call.reply === undefined && this.world.scheduler.step());
    if (call.reply === undefined) throw new Error("nothing is left to happen, and the call was not answered");
    return call.reply;
  }

  schedule(fault: Fault): void {
    this.nemesis.schedule(bindFault(fault, this.world), { fromMs: fault.fromMs, untilMs: fault.untilMs });
  }
}

function machineOf(setup: MachineSetup<TrueTimeOptions>, everyEntries?: number): TrueTimeMachine {
  const { epsilonMs = 7, commitWait = true } = setup.options;
  return new TrueTimeMachine({ ...setup, options: { epsilonMs, commitWait } }, everyEntries);
}

function cellsOf(request: Request): readonly string[] {
  if (request.kind === "read") return [request.cell];
  return [...request.expected, ...request.mutations].map(({ cell }) => cell);
}
