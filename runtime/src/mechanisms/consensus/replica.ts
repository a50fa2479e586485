import type { Effects } from "../machine.js";
import type { Confirmation } from "./confirmation.js";
import type { DurableState, Snapshot } from "./durable-state.js";
import { Elections } from "./elections.js";
import { Leadership } from "./leadership.js";
import type { Acknowledgement, Append, ConsensusMessage, Heartbeat, InstallSnapshot, LogEntry } from "./messages.js";
import type { IndexQuestion } from "./read-rounds.js";
import { type Timing, timingFor } from "./timing.js";

/** What the consensus core tells the rest of the machine. */
export interface ReplicaEvents {
  /** Once for each entry, in the order of the log. */
  committed(index: number, entry: LogEntry): void;
  /** A leader has become known, this replica itself perhaps. */
  leaderKnown(): void;
  /** A read that was asked here may be answered from any state that holds `index`; undefined: ask again. */
  readIndex(sequence: number, index: number | undefined): void;
}

/** What the core needs of the state machine to drop entries that it has applied. Without it a log grows for ever. */
export interface LogCompaction {
  readonly everyEntries: number;
  /** The state after the last committed entry. It must not change any more. */
  takeSnapshot(): unknown;
  /** Puts a state that `takeSnapshot` gave, here or elsewhere, in the place of the current one. */
  restore(state: unknown): void;
}

/**
 * One replica's term, its role and, as a follower, its part in replication (Ongaro, Consensus: Bridging Theory and
 * Practice, 2014, chapter 3; section numbers in this folder are those of this dissertation).
 */
export class Replica {
  readonly peers: readonly number[];
  readonly majority: number;
  readonly elections = new Elections(this);
  /** Present while this replica leads. */
  leadership: Leadership | undefined;
  /** The leader of the current term, once known. */
  leader: number | undefined;
  commitIndex = 0;
  effects!: Effects<ConsensusMessage>;
  timing!: Timing;
  /** Up to here the log is known to match that of the leader of the current term. */
  private matched = 0;
  private acknowledgement: Acknowledgement = { kind: "acknowledgement", term: 0, matched: 0, round: 0 };

  constructor(
    readonly self: number,
    private readonly replicaCount: number,
    readonly state: DurableState,
    readonly confirmation: Confirmation,
    private readonly events: ReplicaEvents,
    private readonly compaction?: LogCompaction,
  ) {
    this.peers = Array.from({ length: replicaCount }, (_, replica) => replica).filter((replica) => replica !== self);
    this.majority = Math.floor(replicaCount / 2) + 1;
  }

  start(): void {
    const { state } = this;
    this.timing = timingFor(this.self, this.replicaCount, this.effects);
    if (state.snapshot !== undefined) this.restore(state.snapshot);
    this.commitUpTo(state.recordedCommit);
    if (state.isNew) {
      this.leader = state.vote;
      this.matched = state.lastIndex;
    }
    if (this.leader === this.self) {
      this.effects.note(`leads term ${state.term}`);
      this.beginLeadership(state.lastIndex);
    } else {
      this.elections.watch();
      // Before a crash it may have heard a leader that now relies on it.
      this.elections.heardLeader();
    }
  }

  send(to: number, message: ConsensusMessage): void {
    this.effects.send(to, message);
  }

  /** A replica leads a term at most once: after that, or a crash in it, never again. */
  isLeaderOf(term: number): boolean {
    return this.leadership !== undefined && this.state.term === term;
  }

  /** What replicas say to each other about the log; what sessions ask through them is no business of this. */
  receive(from: number, message: ConsensusMessage): void {
    switch (message.kind) {
      case "heartbeat":
        this.heartbeat(from, message);
        break;
      case "acknowledgement":
        if (this.isForLeader(message.term)) this.leadership?.acknowledged(from, message);
        break;
      case "append":
        this.append(from, message);
        break;
      case "installSnapshot":
        this.installSnapshot(from, message);
        break;
      case "commit":
        this.commitNotice(from, message.term, message.commit);
        break;
      case "rejection":
        if (this.isForLeader(message.term)) this.leadership?.rejected(from, message);
        break;
      case "voteRequest":
        this.elections.requested(from, message);
        break;
      case "voteReply":
        this.elections.replied(from, message);
        break;
    }
  }

  /** See `Process.isSpent`: each of these stays so, whatever comes before it arrives. */
  isSpent(from: number, message: ConsensusMessage, timersLeft: number): boolean {
    const { state, leadership } = this;
    switch (message.kind) {
      case "commit":
        return message.term < state.term || message.commit <= this.commitIndex;
      case "acknowledgement":
        if (message.term !== state.term) return message.term < state.term;
        return leadership === undefined ? this.leader !== undefined : leadership.isSpent(from, message, timersLeft);
      case "voteReply":
        if (!message.granted) return message.term <= state.term;
        return (
          message.term < state.term || (message.term === state.term && (message.preVote || leadership !== undefined))
        );
      default:
        return false;
    }
  }

  heartbeat(from: number, message: Heartbeat): void {
    if ((message.term !== this.state.term || this.leader !== from) && !this.follow(from, message.term)) return;
    this.elections.heardLeader();
    this.learnCommit(message.commit);
    this.acknowledge(from, message.round, message.sentUs);
  }

  commitNotice(from: number, term: number, commit: number): void {
    if (term === this.state.term && this.leader === from) this.learnCommit(commit);
  }

  append(from: number, message: Append): void {
    if (!this.follow(from, message.term)) return;
    this.elections.heardLeader();
    const { state } = this;
    const { previousIndex, entries } = message;
    // What a snapshot covers is committed, so that every leader's log has the same there.
    const covered = Math.max(0, state.snapshotIndex - previousIndex);
    const isKnown = covered > 0 || this.holds(previousIndex, message.previousTerm);
    if (!isKnown) {
      this.reject(from, message);
      return;
    }
    for (let at = covered; at < entries.length; at++) this.store(previousIndex + 1 + at, entries[at] as LogEntry);
    this.matched = Math.max(this.matched, previousIndex + entries.length);
    this.learnCommit(message.commit);
    this.acknowledge(from, message.round, undefined);
  }

  installSnapshot(from: number, message: InstallSnapshot): void {
    if (!this.follow(from, message.term)) return;
    this.elections.heardLeader();
    const { snapshot } = message;
    // What this replica has applied it keeps: it would not get further back than it is. And where its log has the last
    // entry of the snapshot it has all those before (log matching), and applies them, with the answers they bring.
    if (snapshot.index > this.commitIndex && !this.holds(snapshot.index, snapshot.term)) this.install(snapshot);
    this.matched = Math.max(this.matched, snapshot.index);
    this.learnCommit(message.commit);
    this.acknowledge(from, message.round, undefined);
  }

  /** Whether an answer to the leader of a term is for this replica now; one from a later term ends its leadership. */
  isForLeader(term: number): boolean {
    if (term > this.state.term) this.enterTerm(term, undefined);
    return this.isLeaderOf(term);
  }

  /** This replica has been elected for the current term. */
  lead(): void {
    const { state } = this;
    this.elections.abandonCandidacy();
    this.leader = this.self;
    this.effects.note(`leads term ${state.term}`);
    state.append({ term: state.term, command: undefined });
    this.beginLeadership(0);
    this.events.leaderKnown();
  }

  enterTerm(term: number, vote: number | undefined): void {
    const isLeading = this.leadership !== undefined;
    if (isLeading) this.effects.note(`stops leading term ${this.state.term}: term ${term} has begun`);
    this.state.enterTerm(term, vote);
    this.elections.abandonCandidacy();
    this.leader = undefined;
    this.matched = 0;
    if (isLeading) this.endLeadership();
  }

  stepDown(reason: string): void {
    this.effects.note(`stops leading term ${this.state.term}: ${reason}`);
    this.leader = undefined;
    this.endLeadership();
  }

  /** `replica` has said, when it was in `term`, that it does not lead. */
  forgetLeader(replica: number, term: number): void {
    if (this.leader === replica && term >= this.state.term) this.leader = undefined;
  }

  commitUpTo(index: number): void {
    if (index <= this.commitIndex) return;
    this.state.recordCommit(index);
    while (this.commitIndex < index) {
      this.commitIndex++;
      this.events.committed(this.commitIndex, this.state.at(this.commitIndex));
    }
    this.compact();
  }

  answerIndex({ from, sequence }: IndexQuestion, index: number | undefined): void {
    if (from === this.self) this.events.readIndex(sequence, index);
    else this.send(from, { kind: "indexReply", term: this.state.term, sequence, index });
  }

  /** Whether `from` leads `term`, as far as can be told here; then this replica follows it from now on. */
  private follow(from: number, term: number): boolean {
    if (term < this.state.term) {
      // So that a leader of a past term learns of its end.
      this.send(from, { kind: "acknowledgement", term: this.state.term, matched: 0, round: 0 });
      return false;
    }
    if (term > this.state.term) this.enterTerm(term, undefined);
    this.elections.abandonCandidacy();
    if (this.leader !== from) {
      this.leader = from;
      this.events.leaderKnown();
    }
    return true;
  }

  private acknowledge(to: number, round: number, sentUs: number | undefined): void {
    const { matched, timing } = this;
    const { term } = this.state;
    const last = this.acknowledgement;
    // Between changes all heartbeats are answered with one and the same object.
    if (last.round !== round || last.matched !== matched || last.term !== term || last.sentUs !== sentUs) {
      const pledgeUs = sentUs === undefined ? undefined : timing.electionUs;
      this.acknowledgement = { kind: "acknowledgement", term, matched, round, sentUs, pledgeUs };
    }
    this.send(to, this.acknowledgement);
  }

  private reject(to: number, { term, previousIndex, round }: Append): void {
    const { state } = this;
    const isShort = previousIndex > state.lastIndex;
    const conflictTerm = isShort ? 0 : state.termAt(previousIndex);
    const conflictIndex = isShort ? state.lastIndex + 1 : state.firstIndexOfTermAt(previousIndex);
    this.send(to, { kind: "rejection", term, previousIndex, conflictTerm, conflictIndex, round });
  }

  private holds(index: number, term: number): boolean {
    return index <= this.state.lastIndex && this.state.termAt(index) === term;
  }

  private install(snapshot: Snapshot): void {
    this.effects.note(`gets a snapshot up to ${snapshot.index}: the leader no longer has all entries that it lacks`);
    this.state.install(snapshot);
    this.restore(snapshot);
  }

  private restore({ index, state }: Snapshot): void {
    this.commitIndex = index;
    this.compaction?.restore(state);
  }

  /** A snapshot of what is applied takes the place of the log up to there (chapter 5). */
  private compact(): void {
    const { compaction, state, commitIndex } = this;
    if (compaction === undefined || commitIndex - state.snapshotIndex < compaction.everyEntries) return;
    state.compact(commitIndex, compaction.takeSnapshot());
  }

  private store(index: number, entry: LogEntry): void {
    const { state } = this;
    if (index <= state.lastIndex) {
      if (state.termAt(index) === entry.term) return;
      if (index <= this.commitIndex) throw new Error(`entry ${index} is committed and cannot be replaced`);
      state.truncateFrom(index);
    }
    state.append(entry);
  }

  private learnCommit(commit: number): void {
    if (commit > this.commitIndex) this.commitUpTo(Math.min(commit, this.matched));
  }

  private beginLeadership(match: number): void {
    this.leadership = new Leadership(this, match);
    this.leadership.begin();
  }

  private endLeadership(): void {
    const questions = this.leadership?.openQuestions() ?? [];
    this.leadership = undefined;
    this.effects.cancel("heartbeat");
    this.elections.watch();
    for (const question of questions) this.answerIndex(question, undefined);
  }
}
