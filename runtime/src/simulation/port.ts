import type { Channel, Process, ProcessEffects } from "./process.js";
import type { Occasion, ScheduledEvent } from "./scheduler.js";
import type { World } from "./world.js";

/** Processes of one service, one a replica; replica i lives on node i. */
export interface Group<Message, E extends ProcessEffects<Message>> {
  readonly name: string;
  readonly replicaCount: number;
  /** Makes the process of a replica: when the group is added, and anew after each restart of its node. */
  create(replica: number): Process<Message, E>;
  effects(port: Port<Message>, replica: number): E;
}

/** Where one replica of a group meets the world: its process and the effects that process may have. */
export class Port<Message> implements ProcessEffects<Message> {
  private process: Process<Message, ProcessEffects<Message>> | undefined;
  private readonly effects: ProcessEffects<Message>;
  private readonly timers = new Map<string, Timer>();
  onCrash: (() => void) | undefined;

  constructor(
    private readonly world: World,
    readonly group: Group<Message, ProcessEffects<Message>>,
    readonly replica: number,
    private readonly peers: readonly Port<Message>[],
  ) {
    this.effects = group.effects(this, replica);
  }

  /** Names the process. */
  get place(): string {
    return `${this.group.name}/${this.replica}`;
  }

  get now(): number {
    return this.world.clockOf(this.replica);
  }

  get steadyNow(): number {
    return this.world.steadyClockOf(this.replica);
  }

  latencyUs(to: number): number {
    return this.world.latencyUs(this.replica, to);
  }

  send(to: number, message: Message, channel: Channel = "reliable"): void {
    this.world.send(this, this.peers[to] as Port<Message>, message, channel);
  }

  timer(name: string, delayUs: number, spreadUs = 0): void {
    this.setTimer(name, this.steadyNow + delayUs + this.world.drawSpread(spreadUs));
  }

  /** The node's clock runs at another rate from now on. */
  rescheduleTimers(): void {
    for (const { name, dueUs } of [...this.timers.values()]) this.setTimer(name, dueUs);
  }

  private setTimer(name: string, dueUs: number): void {
    const timer = new Timer(this as Port<unknown>, name, dueUs);
    this.timers.set(name, timer);
    const { clock } = this.world.node(this.replica);
    this.world.scheduler.schedule(clock.trueDelay(Math.max(0, dueUs - this.steadyNow)), timer);
  }

  cancel(name: string): void {
    this.timers.delete(name);
  }

  note(text: string): void {
    this.world.listener?.note(this.replica, text, this.group.name);
  }

  start(): void {
    this.process = this.group.create(this.replica);
    this.process.start(this.effects);
    this.stepped();
  }

  receive(from: number, message: Message): void {
    this.process?.receive(from, message, this.effects);
    this.stepped();
  }

  /** See `Process`. */
  isSpent(from: number, message: Message, timersLeft: number): boolean {
    return this.process?.isSpent?.(from, message, timersLeft) === true;
  }

  isTimerSpent(timer: string): boolean {
    return this.process?.isTimerSpent?.(timer) === true;
  }

  command(name: string): boolean {
    const isTaken = this.process?.command?.(name, this.effects) ?? false;
    this.stepped();
    return isTaken;
  }

  get isLeader(): boolean {
    return this.process?.isLeader?.() ?? false;
  }

  crashed(): void {
    this.timers.clear();
    this.process = undefined;
    this.onCrash?.();
  }

  isSet(timer: Timer): boolean {
    return this.timers.get(timer.name) === timer;
  }

  fired(timer: Timer): void {
    // Most were cancelled or set anew; of the others nearly all find their node awake.
    if (!this.isSet(timer)) return;
    if (this.world.isPaused(this.replica)) this.world.whenAwake(this.replica, () => this.fired(timer));
    else {
      this.timers.delete(timer.name);
      this.process?.timeout(timer.name, this.effects);
      this.stepped();
    }
  }

  private stepped(): void {
    this.world.listener?.stepped?.(this.replica, this.group.name);
  }
}

class Timer implements ScheduledEvent {
  at = 0;
  order = 0;
  constructor(
    readonly port: Port<unknown>,
    readonly name: string,
    /** By the node's steady clock. */
    readonly dueUs: number,
  ) {}
  run(): void {
    this.port.fired(this);
  }
  occasion(): Occasion {
    const { place } = this.port;
    const isStale = () => !this.port.isSet(this);
    const isSpent = () => this.port.isTimerSpent(this.name);
    return { kind: "timer", key: `${place} ${this.name}`, content: this.dueUs, place, isStale, isSpent };
  }
}
