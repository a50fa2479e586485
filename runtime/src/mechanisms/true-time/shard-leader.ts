import type { Leadership } from "../consensus/leadership.js";
import { Locks } from "./locks.js";
import type { ShardRecord, TrueTimeMessage } from "./messages.js";
import { Promises } from "./promises.js";
import type { Shard, ShardHost } from "./shard.js";
import type { Outcome, Prepared } from "./shard-state.js";
import type { Sharding, Transaction } from "./transaction.js";
import { votesOn } from "./votes.js";

/** What a leader needs of the machine that it is on. */
export interface LeaderHost extends ShardHost {
  readonly sharding: Sharding;
  readonly shards: readonly Shard[];
  /** To the leader of a shard, which may be on this machine; nowhere while none is known. */
  sendToLeader(shard: number, message: TrueTimeMessage): void;
}

interface Waiting {
  readonly transaction: Transaction;
  readonly kind: "commit" | "prepare";
  readonly untilUs: number;
}

/** Kinds of records, by which a transaction's entries in one log get ids of their own. */
const recordKinds: readonly ShardRecord["kind"][] = ["commit", "prepare", "refuse", "decide"];

/** What the leader of a shard's Raft group does. All of it is lost with the leadership, and can be. */
export class ShardLeader {
  private leadership: Leadership | undefined;
  /** The entry that shows, once it is applied, that nothing of earlier leaders is still to come. */
  private firstIndex = 0;
  /** No timestamp up to this one is given any more. */
  private floor = 0;
  /** Wait for locks, in the order in which they came. */
  private readonly waiting = new Map<number, Waiting>();
  /** Commit and prepare records that are in the log and not applied yet. */
  private readonly proposed = new Map<number, Transaction>();
  private proposedLocks = new Locks();
  /** Transactions with a decision or refusal that is in the log and not applied yet. */
  private readonly deciding = new Set<number>();
  /** By the steady clock, until when a transaction that this shard coordinates waits for the others. */
  private readonly coordinatedUntilUs = new Map<number, number>();
  private readonly promises: Promises;
  /** Everything that any leadership of this machine has taken up: see `Refused`. */
  private readonly taken = new Set<number>();

  constructor(
    private readonly shard: Shard,
    private readonly host: LeaderHost,
  ) {
    this.promises = new Promises(shard, host);
  }

  hasTaken(transaction: number): boolean {
    return this.taken.has(transaction);
  }

  /** The group's leadership has begun or ended since this was last looked at. */
  get isOutdated(): boolean {
    return this.leadership !== this.shard.replica.leadership;
  }

  /** Whether something here waits for others, and is to be looked at again. */
  get isWaiting(): boolean {
    return this.waiting.size > 0 || (this.leadership !== undefined && this.shard.state.prepared.size > 0);
  }

  /** A client's transaction, of which this shard is the coordinator, or a coordinator's, of which it is a participant. */
  take(transaction: Transaction): void {
    this.follow();
    const { id, timeoutUs } = transaction;
    this.taken.add(id);
    if (this.shard.state.isKnown(id) || this.isUnderWay(id)) return;
    const kind = this.host.sharding.participantsOf(transaction).length === 1 ? "commit" : "prepare";
    this.waiting.set(id, { transaction, kind, untilUs: this.host.effects.steadyNow + timeoutUs });
    this.host.changed();
  }

  /** A participant has prepared a transaction and asks for the decision, which it will find in this shard's log. */
  inquired(transaction: number): void {
    this.follow();
    const isOpen = this.shard.state.isKnown(transaction) || this.isUnderWay(transaction);
    // Whoever led before has lost it. Saying no for good, in the log, keeps a late copy of the request from a yes.
    if (this.isReady && !isOpen) this.refuse(transaction);
  }

  askSafeTime(from: number, timestamp: number): void {
    this.follow();
    if (!this.isReady) return;
    this.floor = Math.max(this.floor, timestamp);
    this.promises.ask(from, timestamp);
  }

  /** This replica still leads, or undefined if that cannot be said. */
  confirmed(question: number, index: number | undefined): void {
    this.promises.confirmed(question, index);
  }

  /** Does what can be done now. */
  progress(): void {
    this.follow();
    if (!this.isReady) return;
    this.forgetApplied();
    for (const [id, waiting] of this.waiting) this.tryWaiting(id, waiting);
    for (const [id, prepared] of this.shard.state.prepared) this.tryDecide(id, prepared);
    if (this.leadership !== undefined) this.promises.progress(this.leadership);
  }

  /** Asks again whom it waits for, and gives up what has waited too long. */
  retry(): void {
    if (!this.isReady) return;
    const { steadyNow } = this.host.effects;
    for (const [id, { untilUs }] of this.waiting) {
      if (steadyNow < untilUs) continue;
      this.waiting.delete(id);
      this.refuse(id);
    }
    for (const transaction of this.proposed.values()) this.askParticipants(transaction);
    for (const [id, { transaction }] of this.shard.state.prepared) {
      const coordinator = this.host.sharding.coordinatorOf(transaction);
      if (coordinator === this.shard.number) this.coordinateAgain(transaction);
      else if (!this.deciding.has(id)) {
        this.host.sendToLeader(coordinator, { kind: "inquiry", shard: coordinator, transaction: id });
      }
    }
  }

  /** How long until a promise can be given for all that the clock says; undefined if none waits for that. */
  get clockLeftUs(): number | undefined {
    return this.promises.clockLeftUs;
  }

  /** Everything of earlier leaders that was ever committed is applied here, so that its timestamps and locks are known. */
  private get isReady(): boolean {
    return this.leadership !== undefined && this.shard.replica.commitIndex >= this.firstIndex;
  }

  private isUnderWay(id: number): boolean {
    return this.waiting.has(id) || this.proposed.has(id) || this.deciding.has(id);
  }

  private follow(): void {
    const { leadership } = this.shard.replica;
    if (leadership === this.leadership) return;
    this.leadership = leadership;
    this.firstIndex = this.shard.log.lastIndex;
    this.floor = 0;
    this.waiting.clear();
    this.proposed.clear();
    this.proposedLocks = new Locks();
    this.deciding.clear();
    this.coordinatedUntilUs.clear();
    this.promises.abandon();
  }

  private forgetApplied(): void {
    const { state } = this.shard;
    for (const [id, transaction] of this.proposed) {
      if (!state.isKnown(id)) continue;
      this.proposed.delete(id);
      if (this.isPrepare(transaction)) this.proposedLocks.release(id, this.partOf(transaction));
    }
    for (const id of this.deciding) if (state.outcomeOf(id) !== undefined) this.deciding.delete(id);
    for (const id of this.coordinatedUntilUs.keys()) if (!state.prepared.has(id)) this.coordinatedUntilUs.delete(id);
  }

  /**
   * A prepared transaction waits only for younger ones and gives way to older ones, so that none wait in a circle
   * (wait-die: Rosenkrantz, Stearns and Lewis, System Level Concurrency Control, TODS 1978). One that this shard commits
   * alone holds nothing while it waits, so it may wait for any.
   */
  private tryWaiting(id: number, { transaction, kind }: Waiting): void {
    if (this.shard.state.isKnown(id)) {
      this.waiting.delete(id);
      return;
    }
    const part = this.partOf(transaction);
    const holders = [...this.shard.state.locks.conflicting(part), ...this.proposedLocks.conflicting(part)];
    if (kind === "prepare" && holders.some((holder) => holder < id)) {
      this.waiting.delete(id);
      this.refuse(id);
    } else if (holders.length === 0) {
      this.waiting.delete(id);
      this.proposeFirst(transaction, kind, part);
    }
  }

  private proposeFirst(transaction: Transaction, kind: Waiting["kind"], part: Transaction): void {
    const { id } = transaction;
    const timestamp = this.nextTimestamp(0);
    this.proposed.set(id, transaction);
    if (kind === "commit") {
      this.propose(id, { kind, transaction: id, timestamp }, part);
      return;
    }
    this.proposedLocks.acquire(id, part);
    this.propose(id, { kind, transaction, timestamp }, part);
    this.askParticipants(transaction);
  }

  /** The second phase: by the coordinator when all have prepared or one will not, by a participant after that. */
  private tryDecide(id: number, { transaction }: Prepared): void {
    if (this.deciding.has(id)) return;
    const coordinator = this.host.sharding.coordinatorOf(transaction);
    if (coordinator !== this.shard.number) {
      const outcome = (this.host.shards[coordinator] as Shard).state.outcomeOf(id);
      if (outcome !== undefined) this.decide(id, outcome);
      return;
    }
    const votes = votesOn(transaction, this.host);
    if (votes === "open") return;
    if (votes === "refused") this.decide(id, { kind: "conflict" });
    else this.decide(id, { kind: "committed", timestamp: this.nextTimestamp(votes.timestamp), results: votes.results });
  }

  private decide(id: number, outcome: Outcome): void {
    this.deciding.add(id);
    const isCommitted = outcome.kind === "committed";
    const timestamp = isCommitted ? outcome.timestamp : undefined;
    if (timestamp !== undefined) this.floor = Math.max(this.floor, timestamp);
    this.propose(id, { kind: "decide", transaction: id, timestamp, results: isCommitted ? outcome.results : [] });
  }

  private refuse(id: number): void {
    this.deciding.add(id);
    this.propose(id, { kind: "refuse", transaction: id });
  }

  private coordinateAgain(transaction: Transaction): void {
    const { id, timeoutUs } = transaction;
    const { steadyNow } = this.host.effects;
    const untilUs = this.coordinatedUntilUs.get(id);
    if (untilUs === undefined) this.coordinatedUntilUs.set(id, steadyNow + timeoutUs);
    if (untilUs === undefined || steadyNow < untilUs) this.askParticipants(transaction);
    else if (!this.deciding.has(id)) this.decide(id, { kind: "conflict" });
  }

  /** Sends a prepare to every participant that is not known to have had one; nothing if another shard coordinates. */
  private askParticipants(transaction: Transaction): void {
    const { sharding, shards } = this.host;
    if (sharding.coordinatorOf(transaction) !== this.shard.number) return;
    for (const shard of sharding.participantsOf(transaction)) {
      const isAsked = shard === this.shard.number || (shards[shard] as Shard).state.isKnown(transaction.id);
      if (!isAsked) this.host.sendToLeader(shard, { kind: "prepare", shard, transaction });
    }
  }

  private nextTimestamp(atLeast: number): number {
    const { highest } = this.shard.state;
    const after = Math.max(this.floor, highest, atLeast);
    this.floor = this.host.time.next(this.shard.number, this.host.effects.now, after);
    return this.floor;
  }

  private propose(id: number, record: ShardRecord, part?: Transaction): void {
    const entry = id * recordKinds.length + recordKinds.indexOf(record.kind);
    const command = { id: entry, expected: part?.expected ?? [], mutations: part?.mutations ?? [], record };
    this.leadership?.propose(command);
  }

  private partOf(transaction: Transaction): Transaction {
    return this.host.sharding.partOf(transaction, this.shard.number);
  }

  private isPrepare(transaction: Transaction): boolean {
    return this.host.sharding.participantsOf(transaction).length > 1;
  }
}
