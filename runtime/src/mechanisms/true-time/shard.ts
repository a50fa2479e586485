import { DurableState } from "../consensus/durable-state.js";
import type { ConsensusMessage } from "../consensus/messages.js";
import { Replica, type ReplicaEvents } from "../consensus/replica.js";
import type { Disk, Effects, MachineSetup } from "../machine.js";
import { maxDriftRatio } from "./claims.js";
import type { GroupMessage, ShardCommand, TrueTimeMessage } from "./messages.js";
import { type ShardSnapshot, ShardState } from "./shard-state.js";
import type { TrueTime } from "./timestamps.js";
import type { Sharding } from "./transaction.js";

/** What the shards of a machine share. */
export interface ShardHost {
  readonly effects: Effects<TrueTimeMessage>;
  readonly time: TrueTime;
  /** Up to here, everything that ever commits is applied on this machine, in all shards. */
  readonly safe: number;
  /** Something has happened that others may have waited for. */
  changed(): void;
  /** A leader of a shard has become known. */
  leaderKnown(shard: number): void;
  /** A question of this machine's own leader: it still leads, or undefined if that cannot be said. */
  confirmed(shard: number, question: number, index: number | undefined): void;
}

/** Older versions are kept for so long. A transaction that reads longer than that is run again. */
const historyUs = 60_000_000;

/** One machine's replica of one shard: a member of its Raft group, and what that has agreed on, applied. */
export class Shard {
  readonly log: DurableState;
  readonly replica: Replica;
  readonly state: ShardState;
  /** Every commit and prepare record with a timestamp up to this one is applied here, as the leader has promised. */
  private promised = 0;
  /** Promises that hold once this replica has applied an index. */
  private promises: { readonly timestamp: number; readonly index: number }[] = [];

  constructor(
    readonly number: number,
    setup: MachineSetup<unknown>,
    sharding: Sharding,
    host: ShardHost,
    everyEntries: number,
  ) {
    // Leaders differ, so that the shards' work is spread.
    const firstLeader = (setup.firstLeader + number) % setup.replicaCount;
    this.log = new DurableState(partOf(setup.disk, number), firstLeader);
    this.state = new ShardState(setup.cells, number, sharding);
    const confirmation = { kind: "lease", maxDriftRatio } as const;
    const events: ReplicaEvents = {
      committed: (index, { command }) => {
        if (command !== undefined) this.state.apply(command as ShardCommand);
        this.redeem(index);
        host.changed();
      },
      leaderKnown: () => host.leaderKnown(number),
      readIndex: (question, index) => host.confirmed(number, question, index),
    };
    this.replica = new Replica(setup.replica, setup.replicaCount, this.log, confirmation, events, {
      everyEntries,
      takeSnapshot: () => {
        const { cells, highest } = this.state;
        // What the machine still shows must not be forgotten, however far another shard's log lags behind.
        cells.forgetBefore(Math.min(host.time.before(highest, historyUs), host.safe));
        return this.state.snapshot();
      },
      restore: (snapshot) => {
        this.state.restore(snapshot as ShardSnapshot);
        this.redeem(this.replica.commitIndex);
        host.changed();
      },
    });
    this.replica.effects = new ShardEffects(number, host);
  }

  /** Up to here, everything that ever commits in this shard is applied here. */
  get safe(): number {
    return Math.min(this.closed, this.state.lowestPrepared - 1);
  }

  /** Up to here, everything that ever commits in this shard is applied or prepared here. */
  get closed(): number {
    return Math.max(this.promised, this.state.assigned);
  }

  promise(timestamp: number, index: number): void {
    if (timestamp <= this.closed) return;
    this.promises.push({ timestamp, index });
    this.redeem(this.replica.commitIndex);
  }

  receive(from: number, message: ConsensusMessage): void {
    this.replica.receive(from, message);
  }

  timeout(timer: string): void {
    if (timer === "heartbeat") this.replica.leadership?.beat();
    else this.replica.elections.timeout();
  }

  private redeem(applied: number): void {
    if (this.promises.length === 0) return;
    for (const { timestamp, index } of this.promises) {
      if (index <= applied) this.promised = Math.max(this.promised, timestamp);
    }
    this.promises = this.promises.filter(({ index }) => index > applied);
  }
}

/** Many shards live on one machine: timers and messages carry the number, each has a part of the disk. */
class ShardEffects implements Effects<ConsensusMessage> {
  constructor(
    private readonly shard: number,
    private readonly host: ShardHost,
  ) {}

  get now(): number {
    return this.host.effects.now;
  }

  get steadyNow(): number {
    return this.host.effects.steadyNow;
  }

  latencyUs(to: number): number {
    return this.host.effects.latencyUs(to);
  }

  send(to: number, body: ConsensusMessage): void {
    const message: GroupMessage = { kind: body.kind, shard: this.shard, body };
    this.host.effects.send(to, message);
  }

  timer(timer: string, delayUs: number, spreadUs?: number): void {
    this.host.effects.timer(`${this.shard}:${timer}`, delayUs, spreadUs);
  }

  cancel(timer: string): void {
    this.host.effects.cancel(`${this.shard}:${timer}`);
  }

  reply(ticket: number): void {
    throw new Error(`a Raft group answers no client, so not ticket ${ticket}`);
  }

  note(text: string): void {
    this.host.effects.note(`shard ${this.shard}: ${text}`);
  }
}

function partOf(disk: Disk, shard: number): Disk {
  return {
    read: (name) => disk.read(`${shard}/${name}`),
    write: (name, value) => disk.write(`${shard}/${name}`, value),
  };
}
