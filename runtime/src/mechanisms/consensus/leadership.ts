import { leaseUs } from "./confirmation.js";
import type { Snapshot } from "./durable-state.js";
import type { Acknowledgement, Command, CommitNotice, Heartbeat, Rejection } from "./messages.js";
import { type IndexQuestion, ReadRounds } from "./read-rounds.js";
import type { Replica } from "./replica.js";

/** What the leader knows of a follower. */
interface Follower {
  readonly replica: number;
  /** Up to here its log is known to be the leader's. */
  match: number;
  /** What to send next; ahead of `match` while appends are in flight. */
  next: number;
  /** The newest read-index round that it has answered. */
  round: number;
  /** Heartbeats since it was last heard. */
  silent: number;
  /** The heartbeat count at which entries were last sent to it. */
  sentAt: number;
  /** Up to where the snapshot reaches that was last sent to it; 0 if none was. */
  snapshot: number;
  /** With leases: by the leader's steady clock, until when it helps nobody else to be elected. */
  pledgedUntilUs: number;
}

/** An append carries at most so many entries; the acknowledgement calls for more. */
const entriesPerAppend = 64;

/** What only a leader has and does. Created on election, dropped on stepping down. */
export class Leadership {
  private readonly followers: Follower[];
  private readonly rounds = new ReadRounds();
  private readonly firstIndex: number;
  private beats = 0;
  private heartbeat: Heartbeat;

  /** The log ends with the no-op of this term; `match` is what all followers are known to hold already. */
  constructor(
    private readonly replica: Replica,
    match: number,
  ) {
    this.firstIndex = replica.state.lastIndex;
    const next = match > 0 ? match + 1 : this.firstIndex;
    const unheard = { round: 0, silent: 0, sentAt: 0, snapshot: 0, pledgedUntilUs: Number.NEGATIVE_INFINITY };
    this.followers = replica.peers.map((peer) => ({ replica: peer, match, next, ...unheard }));
    this.heartbeat = this.newHeartbeat();
  }

  begin(): void {
    this.replicateLast();
    this.setHeartbeatTimer();
    this.advanceCommit();
  }

  propose(command: Command): void {
    const { state } = this.replica;
    // A command that was sent again is already on its way.
    if (state.indexOf(command.id) !== undefined) return;
    state.append({ term: state.term, command });
    this.replicateLast();
    if (this.followers.length === 0) this.advanceCommit();
  }

  askIndex(question: IndexQuestion): void {
    if (this.mayAnswerAlone()) {
      this.replica.answerIndex(question, this.replica.commitIndex);
      return;
    }
    this.rounds.add(question);
    this.beginRound();
  }

  /** All read-index questions that this leadership leaves without an answer. */
  openQuestions(): readonly IndexQuestion[] {
    return this.rounds.abandon();
  }

  /**
   * With leases, for so long nobody else can be elected, by this replica's steady clock: any majority that could has a
   * member that has pledged not to, or this replica itself. Not above 0 without a lease.
   */
  get leaseLeftUs(): number {
    const { effects, majority } = this.replica;
    if (majority === 1) return Number.POSITIVE_INFINITY;
    const pledgedUntilUs = this.followers.map((follower) => follower.pledgedUntilUs).sort((a, b) => b - a);
    return (pledgedUntilUs[majority - 2] as number) - effects.steadyNow;
  }

  beat(): void {
    this.beats++;
    if (this.replica.confirmation.kind === "lease") this.heartbeat = this.newHeartbeat();
    let heard = 1;
    for (const follower of this.followers) {
      if (++follower.silent <= this.replica.timing.silentHeartbeats) heard++;
      // To a follower out of reach go heartbeats only; its first answer calls for what it lacks.
      if (this.isOverdue(follower) && follower.silent <= this.replica.timing.resendHeartbeats + 1)
        this.resend(follower);
      else this.replica.send(follower.replica, this.heartbeat);
    }
    // Check-quorum (§6.2): who cannot reach a majority must not keep clients waiting.
    if (heard < this.replica.majority) this.replica.stepDown("no majority answers");
    else this.setHeartbeatTimer();
  }

  acknowledged(from: number, message: Acknowledgement): void {
    const follower = this.follower(from);
    follower.silent = 0;
    this.pledged(follower, message);
    if (message.matched > follower.match) {
      follower.match = message.matched;
      if (follower.next <= follower.match) follower.next = follower.match + 1;
      this.advanceCommit();
      if (follower.next <= this.replica.state.lastIndex) this.append(follower);
    } else if (this.isOverdue(follower) || (message.matched < follower.match && follower.sentAt < this.beats)) {
      // Lost on the way, or a follower that has restarted and no longer knows how far its log matches.
      this.resend(follower);
    }
    if (message.round > follower.round) this.answeredRound(follower, message.round);
  }

  /**
   * An answer that can bring nothing about: no commit, as what it says is committed; no end of a round, as that round has
   * ended; nothing to send, as without timers no heartbeat is counted any more, by which something would be overdue.
   */
  isSpent(from: number, message: Acknowledgement, timersLeft: number): boolean {
    const { replica, rounds, beats } = this;
    const follower = this.follower(from);
    if (replica.confirmation.kind === "lease") return false;
    return (
      message.matched <= replica.commitIndex &&
      follower.next > replica.state.lastIndex &&
      (message.round < rounds.round || !rounds.isUnderWay) &&
      follower.sentAt === beats &&
      timersLeft === 0
    );
  }

  rejected(from: number, message: Rejection): void {
    const follower = this.follower(from);
    follower.silent = 0;
    if (message.round > follower.round) this.answeredRound(follower, message.round);
    // An old one: the logs are known to match there by now.
    if (message.previousIndex <= follower.match) return;
    // Conflict back-up by whole terms (§5.3).
    const { state } = this.replica;
    const { conflictTerm, conflictIndex } = message;
    const last = conflictTerm === 0 ? 0 : state.lastIndexOfTerm(conflictTerm, message.previousIndex);
    const next = last > 0 ? last + 1 : conflictIndex;
    follower.next = Math.max(follower.match + 1, Math.min(next, message.previousIndex));
    this.append(follower);
  }

  /** Sends the last entry to those who lack nothing else; the others ask for more when they acknowledge. */
  private replicateLast(): void {
    const { lastIndex } = this.replica.state;
    for (const follower of this.followers) if (follower.next === lastIndex) this.append(follower);
  }

  private append(follower: Follower): void {
    const { state, commitIndex } = this.replica;
    const previousIndex = follower.next - 1;
    if (state.snapshot !== undefined && previousIndex < state.snapshotIndex) {
      this.installSnapshot(follower, state.snapshot);
      return;
    }
    const last = Math.min(state.lastIndex, previousIndex + entriesPerAppend);
    follower.next = last + 1;
    follower.sentAt = this.beats;
    this.replica.send(follower.replica, {
      kind: "append",
      term: state.term,
      previousIndex,
      previousTerm: state.termAt(previousIndex),
      entries: state.range(previousIndex + 1, last),
      commit: commitIndex,
      round: this.rounds.round,
    });
  }

  /** Entries that the follower lacks are gone from the log. */
  private installSnapshot(follower: Follower, snapshot: Snapshot): void {
    const { state, timing, commitIndex } = this.replica;
    // It is on its way; what was sent after it has overtaken it and was rejected.
    if (follower.snapshot === snapshot.index && this.beats - follower.sentAt < timing.resendHeartbeats) return;
    follower.snapshot = snapshot.index;
    follower.next = snapshot.index + 1;
    follower.sentAt = this.beats;
    const { round } = this.rounds;
    this.replica.send(follower.replica, {
      kind: "installSnapshot",
      term: state.term,
      snapshot,
      commit: commitIndex,
      round,
    });
  }

  private resend(follower: Follower): void {
    follower.next = follower.match + 1;
    this.append(follower);
  }

  private isOverdue(follower: Follower): boolean {
    return (
      follower.match < this.replica.state.lastIndex &&
      this.beats - follower.sentAt >= this.replica.timing.resendHeartbeats
    );
  }

  private advanceCommit(): void {
    const { state } = this.replica;
    let index = state.lastIndex;
    while (index > this.replica.commitIndex && !this.isOnMajority(index)) index--;
    // Only entries of the current term are committed by counting (§3.6.2, figure 3.7).
    if (index <= this.replica.commitIndex || state.termAt(index) !== state.term) return;
    this.replica.commitUpTo(index);
    this.heartbeat = this.newHeartbeat();
    const notice: CommitNotice = { kind: "commit", term: state.term, commit: index };
    for (const follower of this.followers) this.replica.send(follower.replica, notice);
    this.beginRound();
  }

  private isOnMajority(index: number): boolean {
    let count = 1;
    for (const follower of this.followers) if (follower.match >= index) count++;
    return count >= this.replica.majority;
  }

  private mayAnswerAlone(): boolean {
    const { confirmation, commitIndex } = this.replica;
    if (confirmation.kind === "none") return true;
    return confirmation.kind === "lease" && commitIndex >= this.firstIndex && this.leaseLeftUs > 0;
  }

  private pledged(follower: Follower, { sentUs, pledgeUs }: Acknowledgement): void {
    const { confirmation } = this.replica;
    if (confirmation.kind !== "lease" || sentUs === undefined || pledgeUs === undefined) return;
    const untilUs = sentUs + leaseUs(pledgeUs, confirmation.maxDriftRatio);
    follower.pledgedUntilUs = Math.max(follower.pledgedUntilUs, untilUs);
  }

  private beginRound(): void {
    const { rounds, replica } = this;
    // Before its first commit a leader does not know which entries of earlier terms are committed (§6.4).
    if (rounds.isUnderWay || !rounds.hasWaiting || replica.commitIndex < this.firstIndex) return;
    rounds.begin(replica.commitIndex);
    this.heartbeat = this.newHeartbeat();
    for (const follower of this.followers) replica.send(follower.replica, this.heartbeat);
    if (this.followers.length === 0) this.finishRound();
  }

  private answeredRound(follower: Follower, round: number): void {
    follower.round = round;
    if (!this.rounds.isUnderWay) return;
    let count = 1;
    for (const { round: answered } of this.followers) if (answered >= this.rounds.round) count++;
    if (count >= this.replica.majority) this.finishRound();
  }

  private finishRound(): void {
    this.rounds.confirm((question, index) => this.replica.answerIndex(question, index));
    this.beginRound();
  }

  private newHeartbeat(): Heartbeat {
    const { state, commitIndex, confirmation, effects } = this.replica;
    const sentUs = confirmation.kind === "lease" ? effects.steadyNow : undefined;
    return { kind: "heartbeat", term: state.term, commit: commitIndex, round: this.rounds.round, sentUs };
  }

  private setHeartbeatTimer(): void {
    if (this.followers.length === 0) return;
    this.replica.effects.timer("heartbeat", this.replica.timing.heartbeatUs);
  }

  private follower(replica: number): Follower {
    // Followers are the other replicas in order, so the own place is left out.
    return this.followers[replica < this.replica.self ? replica : replica - 1] as Follower;
  }
}
