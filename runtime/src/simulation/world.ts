import type { NodeClock } from "./clock.js";
import { Network } from "./network/network.js";
import type { Region } from "./network/regions.js";
import { type Capacity, defaultCapacity, Node, type Work } from "./node.js";
import { type Group, Port } from "./port.js";
import { Prng } from "./prng.js";
import type { Channel, ProcessEffects } from "./process.js";
import { type Occasion, type ScheduledEvent, Scheduler } from "./scheduler.js";

export interface WorldOptions {
  readonly seed: number;
  /** Node i lives in region i; nodes beyond that are placed round the regions in order. */
  readonly regions: readonly Region[];
  /** Of the nodes of each region; those left out have the default. */
  readonly capacities?: readonly Capacity[] | undefined;
  readonly listener?: WorldListener | undefined;
  /** In the place of one that runs events in the order of time. */
  readonly scheduler?: Scheduler | undefined;
}

/** Sees what happens in the world; a run that explores has none, a traced one does. */
export interface WorldListener {
  message(message: {
    readonly group: string;
    readonly from: number;
    readonly to: number;
    readonly sentUs: number;
    readonly deliveredUs: number | undefined;
    readonly payload: unknown;
    /** What `sent` was told of; none where the message was dropped as it was sent. */
    readonly delivery: object | undefined;
  }): void;
  /** A message, or a copy of one, is on its way. `delivery` stands for it from now on. */
  sent?(delivery: object): void;
  /** A process begins a step because of a delivery or of a client's request; all other steps come by time alone. */
  began?(because: object, node: number): void;
  /** A process has made a step: what it holds may be another from now on. */
  stepped?(node: number, group: string): void;
  /** A process answers a client's request. */
  answered?(request: object): void;
  /** `group`: the one whose process says it; none where it is about the node itself. */
  note(node: number, text: string, group?: string): void;
}

/**
 * The simulated world: nodes with clocks that crash, restart and pause, links, and groups of processes on them. It knows
 * no store and no user code. Everything is a function of the seed and of what it is asked to do.
 */
export class World {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly regions: readonly Region[];
  private readonly capacities: readonly Capacity[];
  private readonly nodes: Node[] = [];
  readonly listener: WorldListener | undefined;
  private readonly networkRandom: Prng;
  private readonly timerRandom: Prng;
  private readonly ports: Port<unknown>[] = [];
  /** When the last message between regions arrives: one that was held back may do so long after all is healed. */
  heldUntilUs = 0;
  /** Messages that processes have sent each other, whatever became of them. */
  sent = 0;
  /** Messages delivered; the measure of work in benchmarks. */
  delivered = 0;
  /** Messages that a cut link or a loss fault dropped. */
  dropped = 0;
  /** Messages and requests that were turned away because too many waited already. */
  overflowed = 0;

  constructor(options: WorldOptions) {
    this.scheduler = options.scheduler ?? new Scheduler();
    this.regions = options.regions;
    this.capacities = options.capacities ?? [];
    this.networkRandom = Prng.seeded(options.seed, "network");
    this.timerRandom = Prng.seeded(options.seed, "timers");
    this.network = new Network(options.regions, this.networkRandom.fork("delay"));
    this.ensureNodes(options.regions.length);
    this.listener = options.listener;
  }

  get nowUs(): number {
    return this.scheduler.nowUs;
  }

  /** What time it is for people; time itself stands still where somebody picks what happens next. */
  get shownUs(): number {
    return this.scheduler.shownUs;
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  regionOf(node: number): string {
    return (this.regions[this.node(node).regionIndex] as Region).name;
  }

  regionIndexOf(name: string): number {
    const index = this.regions.findIndex((region) => region.name === name);
    if (index < 0)
      throw new RangeError(`There is no region "${name}" here: ${this.regions.map((r) => r.name).join(", ")}.`);
    return index;
  }

  nodesIn(regionIndex: number): readonly number[] {
    return this.nodes.flatMap((node, index) => (node.regionIndex === regionIndex ? [index] : []));
  }

  /** Adds a service. Its processes start at once, those on crashed nodes when the node restarts. */
  add<Message, E extends ProcessEffects<Message>>(group: Group<Message, E>): readonly Port<Message>[] {
    this.ensureNodes(group.replicaCount);
    const ports: Port<Message>[] = [];
    for (let replica = 0; replica < group.replicaCount; replica++)
      ports.push(new Port(this, group as unknown as Group<Message, ProcessEffects<Message>>, replica, ports));
    this.ports.push(...(ports as Port<unknown>[]));
    for (const port of ports) if (this.isUp(port.replica)) port.start();
    return ports;
  }

  private ensureNodes(count: number): void {
    for (let i = this.nodes.length; i < count; i++) {
      const regionIndex = i % this.regions.length;
      const capacity = this.capacities[regionIndex] ?? defaultCapacity;
      // What befalls a region now befalls its new nodes too.
      const sibling = this.nodes[regionIndex]?.sibling();
      this.nodes.push(sibling ?? new Node(regionIndex, this.scheduler, capacity));
    }
  }

  node(index: number): Node {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`no node ${index}`);
    return node;
  }

  /** One-way latency between two nodes, without jitter. */
  latencyUs(from: number, to: number): number {
    if (from === to) return 0;
    return this.network.latencyUs(this.node(from).regionIndex, this.node(to).regionIndex);
  }

  clockOf(index: number): number {
    if (this.scheduler.isChoosing) this.scheduler.looked("wall");
    return this.node(index).clock.wallAt(this.scheduler.nowUs) + this.scheduler.ticksUs;
  }

  steadyClockOf(index: number): number {
    if (this.scheduler.isChoosing) this.scheduler.looked("steady");
    return this.node(index).clock.steadyAt(this.scheduler.nowUs);
  }

  /** A node's clock runs at another rate from now on; timers that are set already obey. */
  changeRate(index: number, change: (clock: NodeClock) => void): void {
    change(this.node(index).clock);
    for (const port of this.ports) if (port.replica === index) port.rescheduleTimers();
  }

  isUp(index: number): boolean {
    return this.node(index).crashes === 0;
  }

  isPaused(index: number): boolean {
    return this.node(index).pauses > 0;
  }

  /** Volatile state is lost, durable state is kept, messages in flight from the node still arrive. False if it was down. */
  crash(index: number): boolean {
    const node = this.node(index);
    if (node.crashes++ > 0) return false;
    node.loseQueue();
    for (const port of this.ports) if (port.replica === index) port.crashed();
    return true;
  }

  /** Takes back one crash; the node starts again when that was the last. */
  restart(index: number): void {
    const node = this.node(index);
    if (node.crashes === 0 || --node.crashes > 0) return;
    for (const port of this.ports) if (port.replica === index) port.start();
  }

  pause(index: number): void {
    this.node(index).pauses++;
  }

  /** Takes back one pause; the node goes on when that was the last. */
  resume(index: number): void {
    const node = this.node(index);
    if (node.pauses === 0 || --node.pauses > 0) return;
    node.goOn();
  }

  /** An operator's order to all processes of a node, once it is awake; `taken` is told of each that acts on it. */
  command(index: number, name: string, taken: () => void): void {
    this.whenAwake(index, () => {
      for (const port of this.ports) if (port.replica === index && port.command(name)) taken();
    });
  }

  /** The nodes of which some process takes itself for the leader, or primary, of its group. */
  get leaders(): readonly number[] {
    return this.nodes.flatMap((_, index) =>
      this.ports.some((port) => port.replica === index && port.isLeader) ? [index] : [],
    );
  }

  /** Runs now, or when the node resumes; never if it is down or crashes before. */
  whenAwake(index: number, run: () => void): void {
    const node = this.node(index);
    if (node.crashes === 0) node.whenAwake(run);
  }

  /** A client's request has reached a node that is up: it is served in its turn. False: too many wait already. */
  request(index: number, work: Work): boolean {
    const node = this.node(index);
    if (!node.hasRoom) {
      this.overflow(index);
      return false;
    }
    node.serve(work);
    return true;
  }

  send<Message>(from: Port<Message>, to: Port<Message>, message: Message, channel: Channel): void {
    const { network } = this;
    this.sent++;
    const sender = this.node(from.replica);
    const a = sender.regionIndex;
    const b = this.node(to.replica).regionIndex;
    network.ledger?.sent(a, b);
    const isDisturbed = network.isDisturbed(a, b);
    if (this.scheduler.isChoosing && !network.isCut(a, b)) {
      this.scheduler.schedule(0, new Delivery(this, from, to, message, this.shownUs));
      return;
    }
    if (network.isCut(a, b) || (isDisturbed && network.isLost(a, b))) {
      this.drop(from, to.replica, this.nowUs, message);
      return;
    }
    let extraUs = network.drawJitterUs(a, b);
    if (channel === "lossy") {
      if (this.networkRandom.chance(1, 10)) {
        this.listener?.message(described(from, to.replica, this.nowUs, undefined, message));
        return;
      }
      extraUs += this.networkRandom.exponential(network.latencyUs(a, b));
    }
    const distanceUs = sender.serviceLeftUs + network.latencyUs(a, b);
    let delayUs = network.undisturbedDelayUs(a, b, this.nowUs, distanceUs, extraUs);
    let lastUs = delayUs;
    if (isDisturbed) {
      delayUs = network.disturbedDelayUs(a, b, this.nowUs, delayUs);
      const copyAfterUs = network.copyAfterUs(a, b);
      if (copyAfterUs !== undefined)
        this.scheduler.schedule(delayUs + copyAfterUs, new Delivery(this, from, to, message, this.nowUs));
      lastUs = delayUs + (copyAfterUs ?? 0);
    }
    if (a !== b) this.heldUntilUs = Math.max(this.heldUntilUs, this.nowUs + lastUs);
    this.scheduler.schedule(delayUs, new Delivery(this, from, to, message, this.nowUs));
  }

  deliver<Message>(delivery: Delivery<Message>): void {
    const { from, to, message, sentUs } = delivery;
    const node = this.node(to.replica);
    if (this.network.isCut(this.node(from.replica).regionIndex, node.regionIndex)) {
      this.drop(from, to.replica, sentUs, message, delivery);
      return;
    }
    if (node.crashes > 0 || !node.hasRoom) {
      if (node.crashes === 0) this.overflow(to.replica);
      this.listener?.message(described(from, to.replica, sentUs, undefined, message, delivery));
      return;
    }
    this.delivered++;
    this.listener?.message(described(from, to.replica, sentUs, this.shownUs, message, delivery));
    node.serve(delivery);
  }

  drawSpread(spreadUs: number): number {
    return spreadUs > 0 && !this.scheduler.isChoosing ? this.timerRandom.below(spreadUs) : 0;
  }

  private overflow(index: number): void {
    this.overflowed++;
    if (this.node(index).overflow()) this.listener?.note(index, "is overloaded and turns away what comes");
  }

  private drop<Message>(from: Port<Message>, to: number, sentUs: number, message: Message, delivery?: object): void {
    this.dropped++;
    const [a, b] = [this.node(from.replica).regionIndex, this.node(to).regionIndex];
    if (this.network.isCut(a, b)) this.network.countDrop(a, b);
    this.listener?.message(described(from, to, sentUs, undefined, message, delivery));
  }
}

function described<Message>(
  from: Port<Message>,
  to: number,
  sentUs: number,
  deliveredUs: number | undefined,
  payload: Message,
  delivery?: object,
) {
  return { group: from.group.name, from: from.replica, to, sentUs, deliveredUs, payload, delivery };
}

class Delivery<Message> implements ScheduledEvent, Work {
  at = 0;
  order = 0;
  constructor(
    private readonly world: World,
    readonly from: Port<Message>,
    readonly to: Port<Message>,
    readonly message: Message,
    readonly sentUs: number,
  ) {
    world.listener?.sent?.(this);
  }
  run(): void {
    this.world.deliver(this);
  }
  occasion(): Occasion {
    const { from, to, message } = this;
    const place = to.place;
    const isSpent = (timersLeft: number) => to.isSpent(from.replica, message, timersLeft);
    return { kind: "delivery", key: `${from.replica}>${place}`, content: message, place, isSpent };
  }
  serve(): void {
    const { from, to, message, world } = this;
    world.listener?.began?.(this, to.replica);
    to.receive(from.replica, message);
  }
}
