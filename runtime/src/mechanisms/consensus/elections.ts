import type { VoteReply, VoteRequest } from "./messages.js";
import type { Replica } from "./replica.js";

/** An attempt to lead a term, or to find out whether it could succeed (pre-vote). */
interface Candidacy {
  readonly term: number;
  readonly preVote: boolean;
  readonly voters: Set<number>;
  readonly begunUs: number;
}

/** When a replica stands for election and whom it votes for (dissertation §3.4, §3.6.1, §9.6). */
export class Elections {
  private candidacy: Candidacy | undefined;
  /** The own clock when a leader was last heard or a vote or pre-vote last given. */
  private quietSinceUs = 0;
  /** The own clock when a leader was last heard. */
  private leaderHeardUs = Number.NEGATIVE_INFINITY;

  constructor(private readonly replica: Replica) {}

  /** From now on a silence makes this replica stand. */
  watch(): void {
    this.rest();
    this.setTimer(this.replica.timing.electionUs);
  }

  /** A leader gives signs of life. Costs nothing: the timer is renewed when it runs out. */
  heardLeader(): void {
    this.rest();
    this.leaderHeardUs = this.quietSinceUs;
  }

  /** There is a leader, or a later term. */
  abandonCandidacy(): void {
    this.candidacy = undefined;
  }

  timeout(): void {
    const { replica } = this;
    if (replica.leadership !== undefined) return;
    const leftUs = this.quietSinceUs + replica.timing.electionUs - replica.effects.steadyNow;
    if (leftUs > 0) {
      this.setTimer(leftUs);
      return;
    }
    replica.leader = undefined;
    this.setTimer(replica.timing.electionUs);
    // Pre-vote: the term does not grow until a majority would vote, so that who comes back disturbs no one.
    this.stand(replica.state.term + 1, true);
  }

  requested(from: number, message: VoteRequest): void {
    const { state } = this.replica;
    const { term, preVote } = message;
    if (this.isPledged) {
      this.replica.send(from, { kind: "voteReply", term: state.term, preVote, granted: false });
      return;
    }
    if (!preVote && term > state.term) this.replica.enterTerm(term, undefined);
    const granted =
      this.isUpToDate(message) && (preVote ? this.grantsPreVote(from, message) : this.grantsVote(from, term));
    if (granted) {
      if (preVote) this.replica.leader = undefined;
      else if (state.vote === undefined) state.enterTerm(term, from);
      this.rest();
    }
    this.replica.send(from, { kind: "voteReply", term: granted ? term : state.term, preVote, granted });
  }

  replied(from: number, message: VoteReply): void {
    if (!message.granted) {
      if (message.term > this.replica.state.term) this.replica.enterTerm(message.term, undefined);
      return;
    }
    const { candidacy } = this;
    if (candidacy?.term !== message.term || candidacy.preVote !== message.preVote) return;
    candidacy.voters.add(from);
    this.count(candidacy);
  }

  private stand(term: number, preVote: boolean): void {
    const { self, state, peers, effects } = this.replica;
    const candidacy = { term, preVote, voters: new Set([self]), begunUs: effects.steadyNow };
    this.candidacy = candidacy;
    const { lastIndex, lastTerm } = state;
    const request: VoteRequest = { kind: "voteRequest", term, preVote, lastIndex, lastTerm };
    for (const peer of peers) this.replica.send(peer, request);
    this.count(candidacy);
  }

  private count({ term, preVote, voters }: Candidacy): void {
    const { replica } = this;
    if (voters.size < replica.majority) return;
    if (preVote) {
      replica.enterTerm(term, replica.self);
      replica.effects.note(`stands for election in term ${term}`);
      this.stand(term, false);
    } else {
      replica.effects.cancel("election");
      replica.lead();
    }
  }

  private isUpToDate({ lastTerm, lastIndex }: VoteRequest): boolean {
    const { state } = this.replica;
    return lastTerm > state.lastTerm || (lastTerm === state.lastTerm && lastIndex >= state.lastIndex);
  }

  private grantsPreVote(from: number, request: VoteRequest): boolean {
    const { state, leader, leadership, effects, timing } = this.replica;
    if (request.term <= state.term || leadership !== undefined || this.precedes(from, request)) return false;
    return leader === undefined || effects.steadyNow - this.quietSinceUs >= timing.electionUs;
  }

  /**
   * With leases a leader relies on whoever has heard it to elect nobody else for the shortest election time-out: no
   * vote, no pre-vote, and no later term either (§4.2.3, §6.4.1).
   */
  private get isPledged(): boolean {
    const { confirmation, effects, timing } = this.replica;
    return confirmation.kind === "lease" && effects.steadyNow - this.leaderHeardUs < timing.electionUs;
  }

  /**
   * Two survivors of three that stand at nearly the same time would each vote for themselves. So of two whose requests
   * cross and whose logs are equal, the lower numbered goes first. Only while they may cross: it may be unable to win.
   */
  private precedes(from: number, { lastIndex, lastTerm }: VoteRequest): boolean {
    const { self, state, effects, timing } = this.replica;
    if (this.candidacy?.preVote !== true || self > from) return false;
    const ageUs = effects.steadyNow - this.candidacy.begunUs;
    return ageUs < timing.heartbeatUs && lastIndex === state.lastIndex && lastTerm === state.lastTerm;
  }

  private grantsVote(from: number, term: number): boolean {
    const { state } = this.replica;
    return term === state.term && (state.vote === undefined || state.vote === from);
  }

  private rest(): void {
    this.quietSinceUs = this.replica.effects.steadyNow;
  }

  private setTimer(delayUs: number): void {
    const { effects, timing } = this.replica;
    effects.timer("election", delayUs, timing.electionUs);
  }
}
