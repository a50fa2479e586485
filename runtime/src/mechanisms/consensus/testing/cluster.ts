import { counterType, registerType } from "../../../data/index.js";
import { Prng } from "../../../simulation/prng.js";
import type { CellTable, Disk, Effects, Reply, Request } from "../../machine.js";
import type { Compaction } from "../compaction.js";
import type { Confirmation } from "../confirmation.js";
import { ConsensusMachine } from "../consensus-machine.js";
import type { ConsensusMessage } from "../messages.js";
import type { ReadPosition } from "../requests.js";
import { EventQueue } from "./event-queue.js";

export interface ClusterOptions {
  readonly seed: number;
  readonly replicaCount: number;
  readonly readPosition?: ReadPosition;
  readonly confirmation?: Confirmation;
  readonly compaction?: Compaction;
  /** Microseconds that a replica's clock gains in a second; none unless told. */
  readonly driftPpm?: (replica: number) => number;
  readonly firstLeader?: number;
  /** One way, by the distance between two replicas; default 35 ms each step apart, at most 75 ms. */
  readonly latencyUs?: (from: number, to: number) => number;
  /** Extra delay of each message, uniform. Above the latency's differences it reorders. */
  readonly jitterUs?: number;
  /** Per thousand messages. */
  readonly loss?: number;
  readonly duplication?: number;
  /** Per thousand messages that take up to three seconds longer. */
  readonly straggling?: number;
}

/** What a session asked and what it was told. */
export interface Call {
  readonly replica: number;
  readonly request: Request;
  readonly invokedUs: number;
  reply: Reply | undefined;
  repliedUs: number | undefined;
  /** Its replica crashed before it answered. */
  isLost: boolean;
}

/** Anything whose name starts with "n" is a counter, all else a register. */
export const cellTable: CellTable = {
  get: (key) => ({ key, type: key.startsWith("n") ? counterType : registerType, options: { initial: 0 } }),
};

interface Node {
  readonly disk: Map<string, unknown>;
  machine: ConsensusMachine | undefined;
  life: number;
  readonly timers: Map<string, number>;
  readonly calls: Map<number, Call>;
  clockOffsetUs: number;
  readonly startOfSteadyClockUs: number;
  readonly ratePpm: number;
  deferred: (() => void)[] | undefined;
  /** How often the disk can still be written before the power fails. */
  writesLeft: number;
}

class PowerFailure extends Error {}

/** Machines, disks, clocks and links in one deterministic queue of events. */
export class Cluster {
  nowUs = 0;
  steps = 0;
  readonly messages = new Map<string, number>();
  /** Called after each step with the replica that took it. */
  observe: (replica: number) => void = () => {};
  /** Told what machines note for the reader. */
  note: (replica: number, text: string) => void = () => {};
  private readonly queue = new EventQueue();
  private readonly nodes: Node[];
  private readonly cuts: boolean[];
  private readonly random: Prng;
  private isFaultless = false;
  private nextTicket = 1;
  private timerSettings = 0;

  constructor(readonly options: ClusterOptions) {
    this.random = Prng.seeded(options.seed, "cluster");
    this.cuts = new Array<boolean>(options.replicaCount ** 2).fill(false);
    this.nodes = Array.from({ length: options.replicaCount }, (_, replica) => ({
      disk: new Map(),
      machine: undefined,
      life: 0,
      timers: new Map(),
      calls: new Map(),
      clockOffsetUs: this.random.below(1_000_000),
      startOfSteadyClockUs: replica * 1_000_000_000,
      ratePpm: 1_000_000 + (options.driftPpm?.(replica) ?? 0),
      deferred: undefined,
      writesLeft: Number.POSITIVE_INFINITY,
    }));
    for (let replica = 0; replica < options.replicaCount; replica++) this.start(replica);
  }

  get replicas(): readonly number[] {
    return this.nodes.map((_, replica) => replica);
  }

  machine(replica: number): ConsensusMachine | undefined {
    return this.node(replica).machine;
  }

  filesOf(replica: number): readonly string[] {
    return [...this.node(replica).disk.keys()];
  }

  /** The replica that leads the highest term. */
  get leader(): number | undefined {
    let leader: number | undefined;
    let term = 0;
    for (const replica of this.replicas) {
      const machine = this.machine(replica);
      if (machine?.replica.leadership === undefined || machine.state.term <= term) continue;
      leader = replica;
      term = machine.state.term;
    }
    return leader;
  }

  request(replica: number, request: Request): Call {
    const call: Call = {
      replica,
      request,
      invokedUs: this.nowUs,
      reply: undefined,
      repliedUs: undefined,
      isLost: false,
    };
    const node = this.node(replica);
    const ticket = this.nextTicket++;
    if (node.machine === undefined) call.isLost = true;
    else node.calls.set(ticket, call);
    this.act(replica, (machine) => machine.request(ticket, request, this.effects(replica)));
    return call;
  }

  /** Runs all events up to a time. */
  runUntil(atUs: number): void {
    for (let next = this.queue.peek(); next !== undefined && next.atUs <= atUs; next = this.queue.peek()) this.step();
    this.nowUs = atUs;
  }

  runUntilAnswered(call: Call): Reply {
    while (call.reply === undefined && !call.isLost && this.queue.peek() !== undefined) this.step();
    if (call.reply === undefined) throw new Error("its replica crashed, so the call was never answered");
    return call.reply;
  }

  step(): void {
    const event = this.queue.pop();
    if (event === undefined) throw new Error("nothing is left to happen");
    this.nowUs = event.atUs;
    event.run();
  }

  crash(replica: number): void {
    const node = this.node(replica);
    node.machine = undefined;
    node.life++;
    node.timers.clear();
    node.deferred = undefined;
    node.writesLeft = Number.POSITIVE_INFINITY;
    for (const call of node.calls.values()) call.isLost = true;
    node.calls.clear();
  }

  /**
   * Has a replica crash in the middle of a step: it can write to its disk so many times more. What it has sent by then
   * is under way.
   */
  failPowerAfter(replica: number, writes: number): void {
    if (this.machine(replica) !== undefined) this.node(replica).writesLeft = writes;
  }

  restart(replica: number): void {
    if (this.machine(replica) === undefined) this.start(replica);
  }

  /** A paused replica does nothing until it is resumed; then it handles all that came meanwhile, in order. */
  pause(replica: number): void {
    if (this.machine(replica) !== undefined) this.node(replica).deferred ??= [];
  }

  resume(replica: number): void {
    const node = this.node(replica);
    const { deferred } = node;
    node.deferred = undefined;
    for (const run of deferred ?? []) run();
  }

  setClockBack(replica: number, byUs: number): void {
    this.node(replica).clockOffsetUs -= byUs;
  }

  /** Replicas in different groups cannot reach each other. */
  partition(groups: readonly (readonly number[])[]): void {
    for (const from of this.replicas) {
      for (const to of this.replicas) {
        const isTogether = groups.some((group) => group.includes(from) && group.includes(to));
        this.cut(from, to, !isTogether);
      }
    }
  }

  cut(from: number, to: number, isCut: boolean): void {
    this.cuts[from * this.nodes.length + to] = isCut && from !== to;
  }

  /** Ends all faults: links, crashes, pauses, loss, duplication and stragglers. */
  heal(): void {
    this.cuts.fill(false);
    this.isFaultless = true;
    for (const replica of this.replicas) {
      this.node(replica).writesLeft = Number.POSITIVE_INFINITY;
      this.restart(replica);
      this.resume(replica);
    }
  }

  private start(replica: number): void {
    const node = this.node(replica);
    const setup = {
      replica,
      replicaCount: this.nodes.length,
      options: {},
      cells: cellTable,
      disk: this.disk(node),
      firstLeader: this.options.firstLeader ?? 0,
    };
    const { readPosition = "leader", confirmation, compaction } = this.options;
    const machine = new ConsensusMachine(setup, readPosition, confirmation, compaction);
    node.machine = machine;
    this.act(replica, () => machine.start(this.effects(replica)));
  }

  private act(replica: number, run: (machine: ConsensusMachine) => void): void {
    const node = this.node(replica);
    if (node.deferred !== undefined) {
      const { life } = node;
      node.deferred.push(() => {
        if (node.life === life) this.act(replica, run);
      });
      return;
    }
    if (node.machine === undefined) return;
    this.steps++;
    try {
      run(node.machine);
    } catch (error) {
      if (!(error instanceof PowerFailure)) throw error;
      this.crash(replica);
      return;
    }
    this.observe(replica);
  }

  private disk(node: Node): Disk {
    const { disk } = node;
    return {
      read: (name) => disk.get(name),
      write: (name, value) => {
        if (node.writesLeft-- === 0) throw new PowerFailure();
        if (value === undefined) disk.delete(name);
        else disk.set(name, frozen(value));
      },
    };
  }

  private effects(replica: number): Effects<ConsensusMessage> {
    const node = this.node(replica);
    return {
      now: this.nowUs + node.clockOffsetUs,
      steadyNow: node.startOfSteadyClockUs + Math.floor((this.nowUs * node.ratePpm) / 1_000_000),
      latencyUs: (to) => this.latencyUs(replica, to),
      send: (to, message) => this.send(replica, to, message),
      timer: (timer, delayUs, spreadUs = 0) => this.setTimer(replica, timer, delayUs, spreadUs),
      cancel: (timer) => void node.timers.delete(timer),
      reply: (ticket, reply) => this.reply(node, ticket, reply),
      note: (text) => this.note(replica, text),
    };
  }

  private latencyUs(from: number, to: number): number {
    const { latencyUs } = this.options;
    return latencyUs === undefined ? Math.min(75_000, 35_000 * Math.abs(from - to)) : latencyUs(from, to);
  }

  private send(from: number, to: number, message: ConsensusMessage): void {
    this.messages.set(message.kind, (this.messages.get(message.kind) ?? 0) + 1);
    const { loss = 0, duplication = 0 } = this.options;
    frozen(message);
    if (!this.isFaultless && this.random.chance(loss, 1000)) return;
    this.transmit(from, to, message);
    if (!this.isFaultless && this.random.chance(duplication, 1000)) this.transmit(from, to, message);
  }

  private transmit(from: number, to: number, message: ConsensusMessage): void {
    const { jitterUs = 0, straggling = 0 } = this.options;
    const isStraggler = !this.isFaultless && this.random.chance(straggling, 1000);
    const extraUs = this.random.below(jitterUs + 1) + (isStraggler ? this.random.below(3_000_000) : 0);
    const link = from * this.nodes.length + to;
    if (this.cuts[link]) return;
    this.queue.push(this.nowUs + this.latencyUs(from, to) + extraUs, () => {
      if (!this.cuts[link]) this.act(to, (machine) => machine.receive(from, message, this.effects(to)));
    });
  }

  private setTimer(replica: number, timer: string, delayUs: number, spreadUs: number): void {
    const node = this.node(replica);
    const setting = ++this.timerSettings;
    node.timers.set(timer, setting);
    const steadyUs = delayUs + this.random.below(spreadUs + 1);
    this.queue.push(this.nowUs + Math.ceil((steadyUs * 1_000_000) / node.ratePpm), () => {
      this.act(replica, (machine) => {
        if (node.timers.get(timer) !== setting) return;
        node.timers.delete(timer);
        machine.timeout(timer, this.effects(replica));
      });
    });
  }

  private reply(node: Node, ticket: number, reply: Reply): void {
    const call = node.calls.get(ticket);
    if (call === undefined) throw new Error(`ticket ${ticket} is answered twice`);
    node.calls.delete(ticket);
    call.reply = reply;
    call.repliedUs = this.nowUs;
  }

  private node(replica: number): Node {
    return this.nodes[replica] as Node;
  }
}

/** What has been sent or written must never change, since the receiver or the disk holds the same object. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}
