import type { Effects, Reply, Request } from "../machine.js";
import type { Refused, TrueTimeMessage } from "./messages.js";
import type { Shard } from "./shard.js";
import type { LeaderHost, ShardLeader } from "./shard-leader.js";
import type { Outcome } from "./shard-state.js";
import { type Transaction, transactionOf } from "./transaction.js";

type ReadRequest = Extract<Request, { kind: "read" }>;
type CommitRequest = Extract<Request, { kind: "commit" }>;

interface PendingRead {
  readonly ticket: number;
  readonly request: ReadRequest;
  readonly shard: Shard;
  readonly timestamp: number;
}

interface PendingCommit {
  readonly ticket: number;
  readonly transaction: Transaction;
  readonly shard: Shard;
  /** The terms to whose leader it was sent and that has not refused it: there it may have been taken up. */
  readonly sentIn: Set<number>;
  /** This replica itself, as a leader, has taken it up. */
  isTaken: boolean;
}

export interface RequestsHost extends LeaderHost {
  readonly effects: Effects<TrueTimeMessage>;
  readonly leaders: readonly ShardLeader[];
  readonly commitWait: boolean;
  /** Has the requests looked at again after a while. */
  retryLater(): void;
}

/** What the sessions of this replica have asked and not been answered yet. */
export class Requests {
  private readonly reads = new Map<number, PendingRead>();
  private readonly commits = new Map<number, PendingCommit>();
  private nextRead = 0;
  /** Until the first answer that waits for nothing but the clock. */
  clockLeftUs: number | undefined;

  constructor(private readonly host: RequestsHost) {}

  get isWaiting(): boolean {
    return this.reads.size > 0 || this.commits.size > 0;
  }

  read(ticket: number, request: ReadRequest): void {
    const { effects, time, sharding, shards } = this.host;
    const shard = shards[sharding.shardOf(request.cell)] as Shard;
    if (request.local === true) {
      const { state, timestamp } = shard.state.cells.latest(request.cell);
      effects.reply(ticket, {
        kind: "value",
        state,
        version: timestamp,
        snapshot: timestamp,
        siblings: [state],
        seen: [],
      });
      return;
    }
    const number = this.nextRead++;
    const read = { ticket, request, shard, timestamp: request.snapshot ?? time.latest(effects.now) };
    this.reads.set(number, read);
    effects.timer(`read:${number}`, request.timeoutUs);
    if (shard.closed < read.timestamp) this.askSafeTime(read);
    this.host.changed();
  }

  commit(ticket: number, request: CommitRequest): void {
    const { effects, sharding, shards } = this.host;
    const { id, timeoutUs } = request;
    const earlier = this.commits.get(id);
    if (earlier !== undefined) {
      effects.reply(earlier.ticket, { kind: "indeterminate", reason: "the operation was sent again" });
    }
    const transaction = transactionOf(request);
    const shard = shards[sharding.coordinatorOf(transaction)] as Shard;
    const { sentIn, isTaken } = earlier ?? { sentIn: new Set<number>(), isTaken: false };
    const commit: PendingCommit = { ticket, transaction, shard, sentIn, isTaken };
    this.commits.set(id, commit);
    effects.timer(`commit:${id}`, timeoutUs);
    this.submit(commit);
    this.host.changed();
  }

  refused({ shard, term, transaction }: Refused): void {
    const commit = this.commits.get(transaction);
    if (commit?.shard.number === shard) commit.sentIn.delete(term);
  }

  /** Sends again what has no answer yet: to a shard's new leader, or because it may have been lost. */
  resend(shard?: number): void {
    for (const read of this.reads.values()) {
      if (shard !== undefined && read.shard.number !== shard) continue;
      if (read.shard.closed < read.timestamp) this.askSafeTime(read);
    }
    for (const commit of this.commits.values()) {
      if (shard !== undefined && commit.shard.number !== shard) continue;
      if (this.outcomeOf(commit) === undefined) this.submit(commit);
    }
  }

  /** Answers what can be answered now. */
  progress(): void {
    this.clockLeftUs = undefined;
    for (const [number, read] of this.reads) this.tryRead(number, read);
    for (const [id, commit] of this.commits) this.tryCommit(id, commit);
  }

  readTimeout(number: number): void {
    const read = this.reads.get(number);
    if (read === undefined) return;
    this.reads.delete(number);
    this.host.effects.reply(read.ticket, { kind: "unavailable", reason: this.whyNoValue(read) });
  }

  commitTimeout(id: number): void {
    const commit = this.commits.get(id);
    if (commit === undefined) return;
    // Forgotten here means never sent again: a refusal is final.
    this.commits.delete(id);
    const isRefused = !commit.isTaken && commit.sentIn.size === 0;
    this.host.effects.reply(commit.ticket, {
      kind: isRefused ? "unavailable" : "indeterminate",
      reason: this.whyNoOutcome(commit),
    });
  }

  private askSafeTime({ shard: { number: shard }, timestamp }: PendingRead): void {
    this.host.sendToLeader(shard, { kind: "safeTimeRequest", shard, timestamp });
    this.host.retryLater();
  }

  private submit(commit: PendingCommit): void {
    const { replica, log, number: shard } = commit.shard;
    const { transaction } = commit;
    if (replica.leadership !== undefined) {
      commit.isTaken = true;
      (this.host.leaders[shard] as ShardLeader).take(transaction);
    } else if (replica.leader !== undefined) {
      commit.sentIn.add(log.term);
      this.host.effects.send(replica.leader, { kind: "commitRequest", shard, term: log.term, transaction });
    }
    this.host.retryLater();
  }

  private tryRead(number: number, { ticket, request, shard, timestamp }: PendingRead): void {
    if (shard.closed < timestamp || shard.state.mayChange(request.cell, timestamp)) return;
    if (timestamp < shard.state.cells.oldest) {
      this.reads.delete(number);
      this.host.effects.cancel(`read:${number}`);
      this.host.effects.reply(ticket, { kind: "conflict" });
      return;
    }
    const version = shard.state.cells.versionAt(request.cell, timestamp);
    if (this.mustWaitFor(version.timestamp)) return;
    const { effects, time } = this.host;
    this.reads.delete(number);
    effects.cancel(`read:${number}`);
    const { state } = version;
    // The snapshot lies up to 2ε ahead of true time. Between the version and the snapshot the cell has this one state, so
    // the read may as well stand at its answer, before all that is asked for after it.
    effects.reply(ticket, {
      kind: "value",
      state,
      version: version.timestamp,
      snapshot: timestamp,
      siblings: [state],
      seen: [timestamp],
      position: Math.max(version.timestamp, Math.min(timestamp, time.at(effects.now))),
    });
  }

  private tryCommit(id: number, commit: PendingCommit): void {
    const outcome = this.outcomeOf(commit);
    if (outcome === undefined || (outcome.kind === "committed" && this.mustWaitFor(outcome.timestamp))) return;
    this.commits.delete(id);
    this.host.effects.cancel(`commit:${id}`);
    this.host.effects.reply(commit.ticket, replyTo(outcome));
  }

  private outcomeOf({ shard, transaction }: PendingCommit): Outcome | undefined {
    return shard.state.outcomeOf(transaction.id);
  }

  /**
   * Commit wait (§4.1.2), where the outcome would become visible: nobody learns of a commit, by its acknowledgement or by
   * reading what it wrote, before its timestamp has passed on every clock. So whoever goes on from there, anywhere, gets
   * a higher one.
   */
  private mustWaitFor(timestamp: number): boolean {
    if (!this.host.commitWait) return false;
    const leftUs = this.host.time.leftUs(timestamp, this.host.effects.now);
    if (leftUs <= 0) return false;
    this.clockLeftUs = Math.min(this.clockLeftUs ?? leftUs, leftUs);
    return true;
  }

  private whyNoValue({ request, shard, timestamp }: PendingRead): string {
    if (shard.replica.leader === undefined) return "no leader is known here";
    if (shard.closed < timestamp) return "the leader did not answer in time";
    if (shard.state.mayChange(request.cell, timestamp)) return "a transaction that changes it is not decided yet";
    return "its timestamp has not passed on this clock";
  }

  private whyNoOutcome(commit: PendingCommit): string {
    if (this.outcomeOf(commit) !== undefined) return "its timestamp has not passed on this clock";
    return commit.shard.replica.leader === undefined ? "no leader is known here" : "the leader did not answer in time";
  }
}

function replyTo(outcome: Outcome): Reply {
  if (outcome.kind === "conflict") return { kind: "conflict" };
  return { kind: "committed", results: outcome.results, seen: [outcome.timestamp] };
}
