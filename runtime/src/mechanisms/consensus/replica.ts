import type { Effects } from "../machine.js";
import { Candidacy } from "./candidacy.js";
import type { DurableState } from "./durable-state.js";
import { Leadership } from "./leadership.js";
import type {
  Acknowledgement,
  Append,
  ConsensusMessage,
  Heartbeat,
  LogEntry,
  VoteReply,
  VoteRequest,
} from "./messages.js";
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

/** Terms, elections and a follower's part of replication (Ongaro, Consensus: Bridging Theory and Practice, 2014). */
export class Replica {
  readonly peers: readonly number[];
  readonly majority: number;
  /** The leader of the current term, once known. */
  leader: number | undefined;
  leadership: Leadership | undefined;
  commitIndex = 0;
  effects!: Effects<ConsensusMessage>;
  timing!: Timing;
  private candidacy: Candidacy | undefined;
  /** Up to here the log is known to match that of the leader of the current term. */
  private matched = 0;
  /** The own clock when a leader was last heard or a vote last given. */
  private quietSinceUs = 0;
  private acknowledgement: Acknowledgement = { kind: "acknowledgement", term: 0, matched: 0, round: 0 };

  constructor(
    readonly self: number,
    private readonly replicaCount: number,
    readonly state: DurableState,
    private readonly events: ReplicaEvents,
  ) {
    this.peers = Array.from({ length: replicaCount }, (_, replica) => replica).filter((replica) => replica !== self);
    this.majority = Math.floor(replicaCount / 2) + 1;
  }

  start(): void {
    this.timing = timingFor(this.self, this.replicaCount, this.effects);
    this.quietSinceUs = this.effects.now;
    this.commitUpTo(this.state.recordedCommit);
    if (!this.state.isNew) {
      this.setElectionTimer(this.timing.electionUs);
      return;
    }
    this.matched = this.state.lastIndex;
    this.leader = this.state.vote;
    if (this.leader === this.self) {
      this.leadership = new Leadership(this, this.state.lastIndex, this.state.lastIndex);
      this.leadership.begin();
    } else {
      this.setElectionTimer(this.timing.electionUs);
    }
  }

  send(to: number, message: ConsensusMessage): void {
    this.effects.send(to, message);
  }

  /** Of term 2, say: `isLeaderOf(2)`. A replica leads a term at most once, whatever happens. */
  isLeaderOf(term: number): boolean {
    return this.leadership !== undefined && this.state.term === term;
  }

  heartbeat(from: number, message: Heartbeat): void {
    if ((message.term !== this.state.term || this.leader !== from) && !this.follow(from, message.term)) return;
    this.quietSinceUs = this.effects.now;
    this.learnCommit(message.commit);
    this.acknowledge(from, message.round);
  }

  commitNotice(from: number, term: number, commit: number): void {
    if (term === this.state.term && this.leader === from) this.learnCommit(commit);
  }

  append(from: number, message: Append): void {
    if (!this.follow(from, message.term)) return;
    this.quietSinceUs = this.effects.now;
    const { state } = this;
    const { previousIndex, entries } = message;
    if (previousIndex > state.lastIndex || state.termAt(previousIndex) !== message.previousTerm) {
      this.reject(from, message);
      return;
    }
    for (let at = 0; at < entries.length; at++) this.store(previousIndex + 1 + at, entries[at] as LogEntry);
    this.matched = Math.max(this.matched, previousIndex + entries.length);
    this.learnCommit(message.commit);
    this.acknowledge(from, message.round);
  }

  /** An answer to a leader; from a later term it ends the leadership. */
  isForLeader(term: number): boolean {
    if (term > this.state.term) this.enterTerm(term, undefined);
    return this.leadership !== undefined && term === this.state.term;
  }

  voteRequest(from: number, message: VoteRequest): void {
    const { state } = this;
    if (!message.preVote && message.term > state.term) this.enterTerm(message.term, undefined);
    const granted = this.isUpToDate(message) && (message.preVote ? this.grantsPreVote(message) : this.grantsVote(from, message));
    if (granted && !message.preVote) {
      if (state.vote === undefined) state.enterTerm(message.term, from);
      this.quietSinceUs = this.effects.now;
    }
    const term = granted ? message.term : state.term;
    this.send(from, { kind: "voteReply", term, preVote: message.preVote, granted });
  }

  voteReply(from: number, message: VoteReply): void {
    if (!message.granted && message.term > this.state.term) {
      this.enterTerm(message.term, undefined);
      return;
    }
    const { candidacy } = this;
    if (candidacy === undefined || !message.granted) return;
    if (candidacy.term !== message.term || candidacy.preVote !== message.preVote) return;
    candidacy.grant(from);
    this.countVotes(candidacy);
  }

  electionTimeout(): void {
    if (this.leadership !== undefined) return;
    const { now } = this.effects;
    // A clock that was set back must not keep this replica waiting.
    if (now < this.quietSinceUs) this.quietSinceUs = now;
    const leftUs = this.quietSinceUs + this.timing.electionUs - now;
    // Heartbeats do not touch the timer; it is renewed here, at most once an election time-out.
    if (leftUs > 0) {
      this.setElectionTimer(leftUs);
      return;
    }
    this.leader = undefined;
    this.setElectionTimer(this.timing.electionUs);
    // Pre-vote (§9.6): the term does not grow until a majority would vote, so who comes back disturbs no one.
    this.stand(new Candidacy(this.self, this.state.term + 1, true));
  }

  heartbeatTimeout(): void {
    this.leadership?.beat();
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
  }

  answerIndex(question: IndexQuestion, index: number | undefined): void {
    if (question.from === this.self) this.events.readIndex(question.sequence, index);
    else this.send(question.from, { kind: "indexReply", term: this.state.term, sequence: question.sequence, index });
  }

  /** Whether `from` leads `term`; if so this replica follows it from now on. */
  private follow(from: number, term: number): boolean {
    if (term < this.state.term) {
      // So that a leader of a past term learns of its end.
      this.send(from, { kind: "acknowledgement", term: this.state.term, matched: 0, round: 0 });
      return false;
    }
    if (term > this.state.term) this.enterTerm(term, undefined);
    this.candidacy = undefined;
    if (this.leader !== from) {
      this.leader = from;
      this.events.leaderKnown();
    }
    return true;
  }

  private acknowledge(to: number, round: number): void {
    const { term } = this.state;
    const last = this.acknowledgement;
    if (last.round !== round || last.matched !== this.matched || last.term !== term) {
      this.acknowledgement = { kind: "acknowledgement", term, matched: this.matched, round };
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

  private isUpToDate({ lastTerm, lastIndex }: VoteRequest): boolean {
    const { state } = this;
    return lastTerm > state.lastTerm || (lastTerm === state.lastTerm && lastIndex >= state.lastIndex);
  }

  private grantsPreVote({ term }: VoteRequest): boolean {
    if (term <= this.state.term || this.leadership !== undefined) return false;
    const quietUs = this.effects.now - this.quietSinceUs;
    return this.leader === undefined || quietUs >= this.timing.electionUs || quietUs < 0;
  }

  private grantsVote(from: number, { term }: VoteRequest): boolean {
    const { state } = this;
    return term === state.term && (state.vote === undefined || state.vote === from);
  }

  private stand(candidacy: Candidacy): void {
    this.candidacy = candidacy;
    const { lastIndex, lastTerm } = this.state;
    const { term, preVote } = candidacy;
    const request: VoteRequest = { kind: "voteRequest", term, preVote, lastIndex, lastTerm };
    for (const peer of this.peers) this.send(peer, request);
    this.countVotes(candidacy);
  }

  private countVotes(candidacy: Candidacy): void {
    if (candidacy.votes < this.majority) return;
    if (!candidacy.preVote) {
      this.lead();
      return;
    }
    this.enterTerm(candidacy.term, this.self);
    this.effects.note(`stands for election in term ${candidacy.term}`);
    this.stand(new Candidacy(this.self, candidacy.term, false));
  }

  private lead(): void {
    const { state } = this;
    this.candidacy = undefined;
    this.leader = this.self;
    this.effects.cancel("election");
    this.effects.note(`leads term ${state.term}`);
    state.append({ term: state.term, command: undefined });
    this.leadership = new Leadership(this, state.lastIndex, 0);
    this.leadership.begin();
    this.events.leaderKnown();
  }

  private enterTerm(term: number, vote: number | undefined): void {
    const isLeading = this.leadership !== undefined;
    if (isLeading) this.effects.note(`stops leading term ${this.state.term}: term ${term} has begun`);
    this.state.enterTerm(term, vote);
    this.leader = undefined;
    this.candidacy = undefined;
    this.matched = 0;
    if (isLeading) this.endLeadership();
  }

  private endLeadership(): void {
    const questions = this.leadership?.openQuestions() ?? [];
    this.leadership = undefined;
    this.quietSinceUs = this.effects.now;
    this.effects.cancel("heartbeat");
    this.setElectionTimer(this.timing.electionUs);
    for (const question of questions) this.answerIndex(question, undefined);
  }

  private setElectionTimer(delayUs: number): void {
    this.effects.timer("election", delayUs, this.timing.electionUs);
  }
}
