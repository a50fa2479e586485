import type { Command } from "../consensus/messages.js";
import { Follower } from "./follower.js";
import type { Acknowledgement, Append, Mismatch, View } from "./messages.js";
import { Questions } from "./questions.js";
import type { Question, Replica } from "./replica.js";
import { heartbeatUs } from "./timing.js";

/** What only a primary has and does: created with its epoch, dropped when a later one begins. */
export class Primacy {
  private readonly followers: readonly Follower[];
  /** The last view that a majority has, and that counts; undefined until the first has been agreed on. */
  private decided: View | undefined;
  /** The last view asked for. Until it is decided, members of either are waited for, as either may come to count. */
  private proposed: View;
  /** What this primary found in its log, and the entry with which it begins, are committed before it answers reads. */
  private firstIndex = 0;
  private readonly questions = new Questions();

  constructor(
    private readonly replica: Replica,
    view: View,
  ) {
    this.proposed = view;
    const { lastIndex } = replica.state;
    const match = this.isFirst ? lastIndex : 0;
    this.followers = replica.peers.map((peer) => new Follower(peer, match, lastIndex + 1));
  }

  begin(): void {
    const { isFenced, majority, state } = this.replica;
    if (this.isFirst) {
      this.decided = this.proposed;
      this.firstIndex = state.lastIndex;
      this.replica.effects.note(`is primary in epoch ${this.replica.epoch}`);
    } else if (!isFenced || majority === 1) {
      this.decided = this.proposed;
      this.established();
    }
    this.beat();
  }

  /** The domain comes into being with a primary that all know and a first entry that all have. */
  private get isFirst(): boolean {
    return this.replica.isInFirstEpoch;
  }

  get isEstablished(): boolean {
    return this.decided !== undefined;
  }

  get openQuestions(): readonly Question[] {
    return this.questions.open;
  }

  /**
   * Whether this primary may take new work. Fenced, one that hears no majority has to expect that it was replaced; where
   * only an operator replaces it, it goes on, and the epoch stops it.
   */
  get accepts(): boolean {
    const { isFenced, options, majority } = this.replica;
    if (!this.isEstablished) return false;
    return !isFenced || options.failover === "manual" || this.audible().length + 1 >= majority;
  }

  propose(command: Command): void {
    const { state } = this.replica;
    // A command that was sent again is already on its way.
    if (state.indexOf(command.id) !== undefined) return;
    this.append(command);
  }

  ask(question: Question): void {
    this.questions.add(question, this.replica.confirmsReads);
    this.answerQuestions();
    if (this.questions.needsRound) this.beginRound();
  }

  beat(): void {
    for (const follower of this.followers) {
      follower.beaten();
      this.sendTo(follower);
    }
    this.adjustView();
    this.replica.effects.timer("heartbeat", heartbeatUs);
  }

  acknowledged(from: number, message: Acknowledgement): void {
    this.follower(from).acknowledged(message);
    this.decide();
    this.advanceCommit();
    this.confirmRound();
    if (!this.proposed.members.includes(from)) this.adjustView();
  }

  /**
   * An answer that can bring nothing about: no commit, as what it says is committed; no view, as none is proposed; no end of a
   * round, as that round has ended. Where members of the view are waited for, hearing them counts as long as hearts beat.
   */
  isSpent(from: number, message: Acknowledgement, timersLeft: number): boolean {
    const { replica, proposed, questions } = this;
    return (
      this.decided === proposed &&
      proposed.members.includes(from) &&
      message.matched <= replica.commitIndex &&
      message.matched < this.follower(from).next &&
      (message.round < questions.round || !questions.isRoundUnderWay) &&
      (timersLeft === 0 || replica.options.acknowledge !== "sync")
    );
  }

  mismatched(from: number, { previousIndex, index }: Mismatch): void {
    const follower = this.follower(from);
    if (follower.mismatched(previousIndex, index)) this.sendTo(follower);
  }

  private append(command: Command | undefined): void {
    const { state, epoch } = this.replica;
    state.append({ term: epoch, command });
    if (this.replica.options.acknowledge === "async") this.replica.commitUpTo(state.lastIndex);
    for (const follower of this.followers) this.sendTo(follower);
    this.advanceCommit();
  }

  private sendTo(follower: Follower): void {
    const { state, epoch, commitIndex } = this.replica;
    const entries = this.isEstablished ? state.range(follower.next, state.lastIndex) : [];
    const previousIndex = follower.next - 1;
    const message: Append = {
      kind: "append",
      epoch,
      view: this.proposed,
      previousIndex,
      previousEpoch: state.termAt(previousIndex),
      entries,
      commit: commitIndex,
      round: this.questions.round,
    };
    follower.next += entries.length;
    this.replica.send(follower.replica, message);
  }

  /** With `sync`: drops members that are silent, and takes in replicas that have caught up. */
  private adjustView(): void {
    const { replica, decided, proposed } = this;
    const { self, majority, isFenced, options, epoch } = replica;
    if (options.acknowledge !== "sync" || decided === undefined || decided !== proposed) return;
    const audible = this.audible();
    if (isFenced && audible.length + 1 < majority) return; // nobody could agree
    const fit = audible.filter((follower) => decided.members.includes(follower.replica) || this.hasCaughtUp(follower));
    const members = [self, ...fit.map((follower) => follower.replica)].sort((a, b) => a - b);
    if (members.join() === decided.members.join()) return;
    this.proposed = { epoch, version: proposed.version + 1, primary: self, members };
    replica.adopt(this.proposed);
    replica.effects.note(`goes on with ${members.length} of ${replica.replicaCount} replicas`);
    if (!isFenced) this.decided = this.proposed;
    for (const follower of this.followers) this.sendTo(follower);
    this.advanceCommit();
  }

  /** It has all that is committed; and from the proposal on nothing is committed that it does not have. */
  private hasCaughtUp({ match }: Follower): boolean {
    return match >= this.firstIndex && match >= this.replica.commitIndex;
  }

  private decide(): void {
    const { replica, proposed } = this;
    if (this.decided === proposed) return;
    const agreeing = this.followers.filter(({ version }) => version >= proposed.version).length + 1;
    if (agreeing < replica.majority) return;
    const isFirst = !this.isEstablished;
    this.decided = proposed;
    if (isFirst) this.established();
  }

  private established(): void {
    const { replica } = this;
    replica.effects.note(`is primary in epoch ${replica.epoch}`);
    // Its own entry shows followers what they have and this primary has not.
    this.firstIndex = replica.state.lastIndex + 1;
    this.append(undefined);
    replica.events.primaryKnown();
  }

  private advanceCommit(): void {
    const { replica } = this;
    if (!this.isEstablished) return;
    const index = this.acknowledgedIndex();
    if (index > replica.commitIndex) {
      replica.commitUpTo(index);
      for (const { replica: to } of this.followers)
        replica.send(to, { kind: "commit", epoch: replica.epoch, commit: index });
    }
    this.answerQuestions();
  }

  /** Up to here entries are where they have to be before they are acknowledged. */
  private acknowledgedIndex(): number {
    const { state, options } = this.replica;
    if (options.acknowledge === "async" || this.followers.length === 0) return state.lastIndex;
    const matches = this.followers.filter((follower) => this.isWaitedFor(follower)).map(({ match }) => match);
    return options.acknowledge === "semiSync" ? Math.max(...matches) : Math.min(state.lastIndex, ...matches);
  }

  private isWaitedFor({ replica }: Follower): boolean {
    return this.proposed.members.includes(replica) || this.decided?.members.includes(replica) === true;
  }

  private beginRound(): void {
    this.questions.round++;
    for (const follower of this.followers) this.sendTo(follower);
    this.confirmRound();
  }

  /** A majority that follows this epoch has followed no later one when the round began. */
  private confirmRound(): void {
    const { questions } = this;
    if (!questions.isRoundUnderWay) return;
    const answered = this.followers.filter(({ round }) => round >= questions.round).length + 1;
    if (answered < this.replica.majority) return;
    questions.confirm();
    this.answerQuestions();
    if (questions.needsRound) this.beginRound();
  }

  private answerQuestions(): void {
    if (!this.isEstablished || this.replica.commitIndex < this.firstIndex) return;
    for (const question of this.questions.takeConfirmed()) this.replica.events.readable(question);
  }

  private audible(): readonly Follower[] {
    return this.followers.filter(({ isAudible }) => isAudible);
  }

  private follower(replica: number): Follower {
    // Followers are the other replicas in order, so the own place is left out.
    return this.followers[replica < this.replica.self ? replica : replica - 1] as Follower;
  }
}
