import { defaultCompaction } from "../consensus/compaction.js";
import type { Effects, Ledger, Machine, MachineSetup, Request } from "../machine.js";
import { type CommitRequest, isGroupMessage, type TrueTimeMessage } from "./messages.js";
import { Requests, type RequestsHost } from "./requests.js";
import { Shard } from "./shard.js";
import { ShardLeader } from "./shard-leader.js";
import { TrueTime } from "./timestamps.js";
import { Sharding } from "./transaction.js";

export interface TrueTimeConfiguration {
  readonly epsilonMs: number;
  readonly commitWait: boolean;
}

/** More would spread the load further and cost more heartbeats; what there is to see needs no more. */
const mostShards = 3;

/** One machine of a domain whose cells are sharded over Raft groups. It hosts a replica of each. */
export class TrueTimeMachine implements Machine<TrueTimeMessage>, RequestsHost {
  effects!: Effects<TrueTimeMessage>;
  readonly time: TrueTime;
  readonly sharding: Sharding;
  readonly shards: readonly Shard[];
  readonly leaders: readonly ShardLeader[];
  readonly commitWait: boolean;
  private readonly self: number;
  private readonly requests: Requests;
  private hasChanged = false;
  private isRetrySet = false;
  private isSettling = false;
  private text: { readonly timestamp: number; readonly digest: string } | undefined;

  constructor(setup: MachineSetup<TrueTimeConfiguration>, everyEntries = defaultCompaction.everyEntries) {
    const { epsilonMs, commitWait } = setup.options;
    this.self = setup.replica;
    this.commitWait = commitWait;
    this.sharding = new Sharding(Math.min(setup.replicaCount, mostShards));
    this.time = new TrueTime(Math.round(epsilonMs * 1_000), this.sharding.shardCount);
    this.shards = Array.from(
      { length: this.sharding.shardCount },
      (_, shard) => new Shard(shard, setup, this.sharding, this, everyEntries),
    );
    this.leaders = this.shards.map((shard) => new ShardLeader(shard, this));
    this.requests = new Requests(this);
  }

  start(effects: Effects<TrueTimeMessage>): void {
    this.effects = effects;
    for (const { replica } of this.shards) replica.start();
    this.progress();
  }

  request(ticket: number, request: Request, effects: Effects<TrueTimeMessage>): void {
    this.effects = effects;
    if (request.kind === "read") this.requests.read(ticket, request);
    else this.requests.commit(ticket, request);
    this.progress();
  }

  receive(from: number, message: TrueTimeMessage, effects: Effects<TrueTimeMessage>): void {
    this.effects = effects;
    if (isGroupMessage(message)) (this.shards[message.shard] as Shard).receive(from, message.body);
    else this.dispatch(from, message);
    this.progress();
  }

  timeout(timer: string, effects: Effects<TrueTimeMessage>): void {
    this.effects = effects;
    const [name, detail] = timer.split(":");
    if (name === "retry") this.retry();
    else if (name === "settle") this.settle();
    else if (name === "clock") this.hasChanged = true;
    else if (name === "read") this.requests.readTimeout(Number(detail));
    else if (name === "commit") this.requests.commitTimeout(Number(detail));
    else (this.shards[Number(name)] as Shard).timeout(detail as string);
    this.progress();
  }

  /** Of its first shard, for faults that look for a leader: were it of any, all machines would be leaders. */
  isLeader(): boolean {
    return (this.shards[0] as Shard).replica.leadership !== undefined;
  }

  /** As of the safe time: a snapshot of all shards, with nothing missing in between. */
  peek(cell: string): unknown {
    const { state } = this.shards[this.sharding.shardOf(cell)] as Shard;
    return state.cells.versionAt(cell, this.safe).state;
  }

  /** A commit whose timestamp lies in the future of the clock here. */
  ahead(cell: string): unknown {
    const { state } = this.shards[this.sharding.shardOf(cell)] as Shard;
    const newest = state.cells.versionAt(cell, Number.POSITIVE_INFINITY);
    return newest.timestamp > this.safe ? newest.state : undefined;
  }

  digest(): string {
    const timestamp = this.safe;
    if (this.text?.timestamp !== timestamp) {
      const lines = this.shards.flatMap(({ state }) => state.cells.linesAt(timestamp));
      this.text = { timestamp, digest: lines.sort().join("\n") };
    }
    return this.text.digest;
  }

  /** Elections, entries that are not committed yet, transactions without a decision, commits above the safe time. */
  isBusy(): boolean {
    const isUnsettled = ({ replica, log, state }: Shard) =>
      replica.leader === undefined || replica.commitIndex < log.lastIndex || state.prepared.size > 0;
    return this.safe < this.highestCommit || this.shards.some(isUnsettled);
  }

  has(operationId: number): boolean {
    const timestamp = this.timestampOf(operationId);
    return timestamp !== undefined && timestamp <= this.safe;
  }

  /** The order by commit timestamps. */
  ledger(): Ledger {
    return { kind: "order", positionOf: (operationId) => this.timestampOf(operationId) };
  }

  /** Up to here, everything that ever commits is applied here, in all shards: t_safe of §4.1.3. */
  get safe(): number {
    let safe = Number.POSITIVE_INFINITY;
    for (const shard of this.shards) safe = Math.min(safe, shard.safe);
    return safe;
  }

  changed(): void {
    this.hasChanged = true;
  }

  leaderKnown(shard: number): void {
    this.hasChanged = true;
    this.requests.resend(shard);
  }

  confirmed(shard: number, question: number, index: number | undefined): void {
    (this.leaders[shard] as ShardLeader).confirmed(question, index);
  }

  sendToLeader(shard: number, message: TrueTimeMessage): void {
    const { leader } = (this.shards[shard] as Shard).replica;
    if (leader === this.self) this.dispatch(leader, message);
    else if (leader !== undefined) this.effects.send(leader, message);
  }

  retryLater(): void {
    if (this.isRetrySet) return;
    this.isRetrySet = true;
    this.effects.timer("retry", (this.shards[0] as Shard).replica.timing.electionUs);
  }

  private get highestCommit(): number {
    let highest = 0;
    for (const { state } of this.shards) highest = Math.max(highest, state.committed);
    return highest;
  }

  private timestampOf(operationId: number): number | undefined {
    for (const { state } of this.shards) {
      const outcome = state.outcomeOf(operationId);
      if (outcome?.kind === "committed") return outcome.timestamp;
    }
    return undefined;
  }

  private dispatch(from: number, message: TrueTimeMessage): void {
    const leader = this.leaders[message.shard] as ShardLeader;
    const isLeader = (this.shards[message.shard] as Shard).replica.leadership !== undefined;
    switch (message.kind) {
      case "commitRequest":
        this.commitRequested(from, message as CommitRequest);
        break;
      case "refused":
        (this.shards[message.shard] as Shard).replica.forgetLeader(from, message.term);
        this.requests.refused(message);
        break;
      case "prepare":
        if (isLeader) leader.take(message.transaction);
        break;
      case "inquiry":
        if (isLeader) leader.inquired(message.transaction);
        break;
      case "safeTimeRequest":
        if (isLeader) leader.askSafeTime(from, message.timestamp);
        break;
      case "safeTime":
        (this.shards[message.shard] as Shard).promise(message.timestamp, message.index);
        this.hasChanged = true;
        break;
    }
  }

  private commitRequested(from: number, { shard: number, term, transaction }: CommitRequest): void {
    const { replica, log, state } = this.shards[number] as Shard;
    const leader = this.leaders[number] as ShardLeader;
    // Sent again, or late: whoever waits for it finds the outcome in the log.
    if (state.isKnown(transaction.id)) return;
    if (replica.isLeaderOf(term)) {
      leader.take(transaction);
      return;
    }
    // Before a crash it may have led that term and taken the transaction up; it cannot know, so it says nothing.
    if (term <= log.termAtStart || term > log.term || leader.hasTaken(transaction.id)) return;
    this.effects.send(from, { kind: "refused", shard: number, term, transaction: transaction.id });
  }

  private retry(): void {
    this.isRetrySet = false;
    for (const leader of this.leaders) leader.retry();
    this.requests.resend();
    if (this.requests.isWaiting) this.retryLater();
    this.hasChanged = true;
  }

  /** On demand a shard's leader closes the time up to the newest commit seen, so that the safe time gets there. */
  private settle(): void {
    this.isSettling = false;
    const timestamp = this.highestCommit;
    for (const { number: shard, closed } of this.shards) {
      if (closed < timestamp) this.sendToLeader(shard, { kind: "safeTimeRequest", shard, timestamp });
    }
    this.hasChanged = true;
  }

  /** Does, after each event, whatever it has made possible; that may make more possible. */
  private progress(): void {
    const isLeaderNew = this.leaders.some((leader) => leader.isOutdated);
    if (!this.hasChanged && !isLeaderNew) return;
    do {
      this.hasChanged = false;
      for (const leader of this.leaders) leader.progress();
    } while (this.hasChanged);
    this.requests.progress();
    this.setTimers();
  }

  private setTimers(): void {
    const waits = [this.requests.clockLeftUs, ...this.leaders.map(({ clockLeftUs }) => clockLeftUs)];
    const known = waits.filter((leftUs) => leftUs !== undefined);
    if (known.length > 0) this.effects.timer("clock", Math.max(1, Math.min(...known)));
    if (this.leaders.some(({ isWaiting }) => isWaiting)) this.retryLater();
    if (this.isSettling || this.safe >= this.highestCommit) return;
    this.isSettling = true;
    this.effects.timer("settle", (this.shards[0] as Shard).replica.timing.heartbeatUs);
  }
}
