import { clockSkew, drawFaults } from "../../../faults/index.js";
import { Prng } from "../../../simulation/prng.js";
import type { Reply, Request } from "../../machine.js";
import { type Call, Rig, type RigOptions } from "./rig.js";

const second = 1_000_000;
const timeoutUs = 2 * second;
const registers = ["x", "y", "z", "u", "v"];
const counters = ["n", "no", "nor"];
const cells = [...registers, ...counters];

type ReadCall = Call & { readonly request: Extract<Request, { kind: "read" }> };
type CommitCall = Call & { readonly request: Extract<Request, { kind: "commit" }> };

/** A client that reads one or several cells at one snapshot and perhaps commits upon what it has read. */
interface Client {
  replica: number;
  /** What it is waiting for. */
  call: Call | undefined;
  /** Of the transaction under way. */
  snapshot: number | undefined;
  readonly read: { readonly cell: string; readonly version: number }[];
  readsLeft: number;
}

export interface Schedule {
  readonly rig: Rig;
  readonly reads: readonly ReadCall[];
  readonly commits: readonly CommitCall[];
}

/**
 * Random clients and faults for nine seconds, clocks that are set anew within ε all the time, then healing. Throws when
 * anything that was promised does not hold.
 */
export function runRandomSchedule(options: RigOptions): Schedule {
  const rig = new Rig(options);
  const workload = new Workload(rig, Prng.seeded(options.seed, "workload"));
  const random = Prng.seeded(options.seed, "faults");
  const epsilonMs = options.options?.epsilonMs ?? 7;
  try {
    for (let draw = 0; draw < 2; draw++) for (const fault of drawFaults(rig.world.regions, random)) rig.schedule(fault);
    for (const { name } of rig.world.regions) {
      for (let fromMs = 0; fromMs < 9_000; fromMs += 1_000) {
        const skewMs =
          (random.chance(1, 2) ? 1 : -1) * (random.chance(1, 2) ? epsilonMs : random.fraction() * epsilonMs);
        rig.schedule(clockSkew(name, skewMs, { fromMs, untilMs: fromMs + 1_000 }));
      }
    }
    while (rig.nowUs < 9 * second) {
      workload.act();
      rig.runUntil(rig.nowUs + random.below(60_000));
    }
    rig.nemesis.healAll();
    rig.runUntil(rig.nowUs + 5 * second);
    const last = rig.domain.machines.flatMap((_, replica) => workload.increments(replica));
    rig.runUntil(rig.nowUs + 4 * second);
    for (const { reply } of last) if (reply?.kind !== "committed") throw new Error("no progress after the faults");
    judge(rig, workload);
  } catch (error) {
    throw new Error(`seed ${options.seed} at ${rig.nowUs} µs`, { cause: error });
  }
  return { rig, reads: workload.reads, commits: workload.commits };
}

class Workload {
  readonly reads: ReadCall[] = [];
  readonly commits: CommitCall[] = [];
  private readonly clients: readonly Client[];
  private nextId = 1;

  constructor(
    private readonly rig: Rig,
    private readonly random: Prng,
  ) {
    this.clients = Array.from({ length: 5 }, (_, at) => ({
      replica: at % rig.domain.replicaCount,
      call: undefined,
      snapshot: undefined,
      read: [],
      readsLeft: 0,
    }));
  }

  act(): void {
    for (const client of this.clients) {
      if (client.call !== undefined && client.call.reply === undefined) continue;
      if (client.call?.reply !== undefined) this.settle(client, client.call, client.call.reply);
      if (this.random.chance(1, 3)) continue;
      if (client.readsLeft > 0) this.read(client);
      else if (client.read.length > 0 && this.random.chance(2, 3)) this.commit(client, client.read);
      else this.begin(client);
    }
  }

  /** All counters, each by itself: of transactions that meet one may have to give way. */
  increments(replica: number): readonly CommitCall[] {
    return counters.map((cell) => this.ask(replica, [], [increment(cell)]));
  }

  private begin(client: Client): void {
    if (this.random.chance(1, 10)) client.replica = this.random.below(this.rig.domain.replicaCount);
    client.read.length = 0;
    client.snapshot = undefined;
    if (this.random.chance(1, 3)) this.commit(client, []);
    else {
      client.readsLeft = 1 + this.random.below(4);
      this.read(client);
    }
  }

  private read(client: Client): void {
    client.readsLeft--;
    const cell = this.random.pick(cells);
    const request = { kind: "read", cell, snapshot: client.snapshot, seen: [], timeoutUs } as const;
    const call = this.rig.request(client.replica, request) as ReadCall;
    this.reads.push(call);
    client.call = call;
  }

  private commit(client: Client, expected: CommitCall["request"]["expected"]): void {
    const mutations = Array.from({ length: 1 + this.random.below(3) }, () => {
      const cell = this.random.pick(cells);
      return counters.includes(cell) ? increment(cell) : write(cell, this.nextId);
    });
    client.call = this.ask(client.replica, [...expected], mutations);
    client.read.length = 0;
  }

  private ask(
    replica: number,
    expected: CommitCall["request"]["expected"],
    mutations: CommitCall["request"]["mutations"],
  ): CommitCall {
    const request = { kind: "commit", id: this.nextId++, expected, mutations, seen: [], timeoutUs } as const;
    const call = this.rig.request(replica, request) as CommitCall;
    this.commits.push(call);
    return call;
  }

  private settle(client: Client, { request }: Call, reply: Reply): void {
    client.call = undefined;
    if (request.kind === "commit") return;
    if (reply.kind !== "value") {
      client.readsLeft = 0;
      client.read.length = 0;
      return;
    }
    client.snapshot = reply.snapshot;
    const { cell } = request;
    if (client.read.every((read) => read.cell !== cell)) client.read.push({ cell, version: reply.version });
  }
}

const increment = (cell: string) => ({ cell, operation: { name: "increment", args: [1] } });
const write = (cell: string, value: number) => ({ cell, operation: { name: "write", args: [value] } });

/** Every cell at every timestamp, by doing all that was committed one after another in the order of timestamps. */
class Twin {
  private readonly versions = new Map<string, { readonly timestamp: number; readonly value: unknown }[]>();

  at(cell: string, timestamp: number): { readonly timestamp: number; readonly value: unknown } {
    const versions = this.versions.get(cell) ?? [];
    return versions.filter((version) => version.timestamp <= timestamp).at(-1) ?? { timestamp: 0, value: 0 };
  }

  carryOut({ expected, mutations }: CommitCall["request"], timestamp: number): void {
    for (const { cell, version } of expected) {
      if (this.at(cell, timestamp).timestamp !== version) throw new Error(`committed upon an old version of ${cell}`);
    }
    for (const { cell, operation } of mutations) {
      const before = this.at(cell, timestamp).value;
      const value = operation.name === "increment" ? (before as number) + 1 : operation.args[0];
      const versions = this.versions.get(cell) ?? [];
      versions.push({ timestamp, value });
      this.versions.set(cell, versions);
    }
  }
}

function judge(
  rig: Rig,
  { reads, commits }: { readonly reads: readonly ReadCall[]; readonly commits: readonly CommitCall[] },
) {
  const ledger = rig.machine(0)?.ledger();
  if (ledger?.kind !== "order") throw new Error("there is no order");
  const timestamps = new Map<number, number>();
  for (const { request } of commits) {
    const timestamp = ledger.positionOf(request.id);
    if (timestamp !== undefined) timestamps.set(request.id, timestamp);
  }
  if (new Set(timestamps.values()).size !== timestamps.size) throw new Error("two commits have one timestamp");
  for (const call of [...reads, ...commits]) if (call.reply === undefined) throw new Error("a call was never answered");
  for (const { request, reply } of commits) judgeOutcome(reply as Reply, timestamps.get(request.id));
  const twin = new Twin();
  const committed = commits.filter(({ request }) => timestamps.has(request.id));
  const timestampOf = ({ request }: CommitCall) => timestamps.get(request.id) as number;
  for (const call of committed.sort((a, b) => timestampOf(a) - timestampOf(b))) {
    twin.carryOut(call.request, timestampOf(call));
  }
  for (const { request, reply } of reads) {
    if (reply?.kind === "unavailable") continue;
    if (reply?.kind !== "value") throw new Error(`a read was answered with ${reply?.kind}`);
    const { timestamp, value } = twin.at(request.cell, reply.snapshot);
    if (reply.state !== value || reply.version !== timestamp)
      throw new Error(`${request.cell} was not ${reply.state} then`);
  }
  judgeRealTime(reads, committed, timestampOf);
  judgeConvergence(rig, twin, committed);
}

function judgeOutcome(reply: Reply, timestamp: number | undefined): void {
  if (reply.kind === "committed" && timestamp === undefined) throw new Error("acknowledged, and did not happen");
  const isRefused = reply.kind === "unavailable" || reply.kind === "conflict";
  if (isRefused && timestamp !== undefined) throw new Error(`${reply.kind}, and happened all the same`);
}

/** Who begins after another has ended comes after it: commits by their timestamps, reads by what they have seen. */
function judgeRealTime(
  reads: readonly ReadCall[],
  committed: readonly CommitCall[],
  timestampOf: (call: CommitCall) => number,
) {
  const ended: { readonly atUs: number; readonly timestamp: number }[] = [];
  const begun: { readonly atUs: number; readonly timestamp: number; readonly isRead: boolean }[] = [];
  for (const call of committed) {
    const timestamp = timestampOf(call);
    begun.push({ atUs: call.invokedUs, timestamp, isRead: false });
    if (call.reply?.kind === "committed") ended.push({ atUs: call.repliedUs as number, timestamp });
  }
  for (const { request, reply, invokedUs, repliedUs } of reads) {
    if (reply?.kind !== "value") continue;
    ended.push({ atUs: repliedUs as number, timestamp: reply.version });
    // A later read of a transaction stands where its first one does.
    if (request.snapshot === undefined) begun.push({ atUs: invokedUs, timestamp: reply.snapshot, isRead: true });
  }
  ended.sort((a, b) => a.atUs - b.atUs);
  begun.sort((a, b) => a.atUs - b.atUs);
  let highest = 0;
  let at = 0;
  for (const { atUs, timestamp, isRead } of begun) {
    for (; at < ended.length && (ended[at] as (typeof ended)[number]).atUs < atUs; at++) {
      highest = Math.max(highest, (ended[at] as (typeof ended)[number]).timestamp);
    }
    if (timestamp < highest || (!isRead && timestamp === highest)) throw new Error("stale in real time");
  }
}

function judgeConvergence({ machines }: Rig, twin: Twin, committed: readonly CommitCall[]): void {
  for (const machine of machines) {
    if (machine.isBusy()) throw new Error("something is still under way");
    if (machine.digest() !== machines[0]?.digest()) throw new Error("the replicas differ");
    for (const { request } of committed) if (!machine.has(request.id)) throw new Error(`${request.id} is lost`);
    for (const cell of cells) {
      if (machine.peek(cell) !== twin.at(cell, Number.POSITIVE_INFINITY).value) throw new Error(`${cell} is wrong`);
    }
  }
}
