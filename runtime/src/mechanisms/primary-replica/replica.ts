import { DurableState } from "../consensus/durable-state.js";
import type { LogEntry } from "../consensus/messages.js";
import type { Outcome, VersionedCells } from "../consensus/versioned-cells.js";
import type { Disk, Effects, MachineSetup } from "../machine.js";
import type { PrimaryReplicaOptions } from "./claims.js";
import type { Append, CommitNotice, PrimaryReplicaMessage, ReadRequest, View } from "./messages.js";
import { Primacy } from "./primacy.js";
import { Takeover } from "./takeover.js";

/** A read that waits at the primary, and who asked for it. */
export interface Question extends ReadRequest {
  readonly from: number;
}

export interface ReplicaEvents {
  /** An entry is applied: with the outcome of its command, if it has one. */
  applied(id: number | undefined, outcome: Outcome | undefined): void;
  /** A primary that takes requests has become known, this replica itself perhaps. */
  primaryKnown(): void;
  /** The primary may answer this read from its applied state. Or it is primary no more, and has to say so. */
  readable(question: Question): void;
}

/** The first epoch, which the first region's replica has by agreement before anything has happened. */
const firstPrimary = 0;

/**
 * A replica's epoch, view and log, and its part as a follower. The log is Raft's: two logs that agree on the epoch of an
 * entry agree on everything before it, as an epoch has one primary.
 */
export class Replica {
  readonly self: number;
  readonly peers: readonly number[];
  readonly majority: number;
  readonly options: PrimaryReplicaOptions;
  /** Its `term` is the latest epoch that this replica has followed or promised to follow. */
  readonly state: DurableState;
  readonly takeover: Takeover;
  primacy: Primacy | undefined;
  /** Of the current epoch, once heard. */
  primary: number | undefined;
  commitIndex = 0;
  cells: VersionedCells;
  view: View;
  effects!: Effects<PrimaryReplicaMessage>;
  private readonly disk: Disk;
  /** Up to here the log is known to be that of the current epoch's primary. */
  private matched = 0;

  constructor(
    { replica, replicaCount, options, disk }: MachineSetup<PrimaryReplicaOptions>,
    private readonly emptyCells: () => VersionedCells,
    readonly events: ReplicaEvents,
  ) {
    const all = Array.from({ length: replicaCount }, (_, index) => index);
    this.self = replica;
    this.peers = all.filter((other) => other !== replica);
    this.majority = Math.floor(replicaCount / 2) + 1;
    this.options = options;
    this.disk = disk;
    this.state = new DurableState(disk, firstPrimary);
    this.cells = emptyCells();
    const first: View = { epoch: this.state.term, version: 1, primary: firstPrimary, members: all };
    this.view = (disk.read("view") as View | undefined) ?? first;
    if (this.state.isNew) disk.write("view", first);
    this.takeover = new Takeover(this);
  }

  start(): void {
    const { state } = this;
    this.commitUpTo(Math.min(state.recordedCommit, state.lastIndex));
    if (state.isNew) {
      this.primary = firstPrimary;
      this.matched = state.lastIndex;
    }
    if (state.isNew && this.self === firstPrimary) this.lead(this.view);
    else this.takeover.begin();
  }

  get replicaCount(): number {
    return this.peers.length + 1;
  }

  get epoch(): number {
    return this.state.term;
  }

  get isInFirstEpoch(): boolean {
    return this.state.isNew && this.epoch === this.state.termAtStart + 1;
  }

  /** With fencing, epochs and views are what a majority has agreed to; without, whatever a primary believes. */
  get isFenced(): boolean {
    return this.options.fencing;
  }

  /** Where acknowledged writes outlive a takeover, the old primary's reads must not miss those of the new one. */
  get confirmsReads(): boolean {
    return this.isFenced && this.options.acknowledge === "sync";
  }

  get isUnsettled(): boolean {
    const { primacy, primary, takeover, commitIndex, state } = this;
    const hasPrimary = primacy === undefined ? primary !== undefined : primacy.isEstablished;
    return !hasPrimary || takeover.isUnderWay || commitIndex < state.lastIndex;
  }

  send(to: number, message: PrimaryReplicaMessage): void {
    this.effects.send(to, message);
  }

  broadcast(message: PrimaryReplicaMessage): void {
    for (const peer of this.peers) this.send(peer, message);
  }

  adopt(view: View): void {
    this.view = view;
    this.disk.write("view", view);
  }

  /** Begins to be primary of the view's epoch, which nobody else can be. */
  lead(view: View): void {
    this.takeover.end();
    this.primary = this.self;
    if (view !== this.view) this.adopt(view);
    this.primacy = new Primacy(this, view);
    this.primacy.begin();
  }

  enterEpoch(epoch: number): void {
    const { primacy } = this;
    if (primacy !== undefined) this.effects.note(`is no longer primary: epoch ${epoch} has begun`);
    this.state.enterTerm(epoch, undefined);
    this.primary = undefined;
    this.matched = 0;
    this.primacy = undefined;
    this.takeover.abandon();
    if (primacy === undefined) return;
    this.effects.cancel("heartbeat");
    this.takeover.watch();
    for (const question of primacy.openQuestions) this.events.readable(question);
  }

  /** Whether an answer to the primary of an epoch is for this replica now; a later epoch ends its own. */
  isForPrimary(epoch: number): boolean {
    if (epoch > this.epoch) this.enterEpoch(epoch);
    return this.primacy !== undefined && epoch === this.epoch;
  }

  append(from: number, message: Append): void {
    if (message.epoch < this.epoch) {
      this.send(from, { kind: "acknowledgement", epoch: this.epoch, matched: 0, version: 0, round: 0 });
      return;
    }
    this.follow(from, message);
    const { state } = this;
    const { previousIndex, previousEpoch, entries, epoch } = message;
    if (previousIndex > state.lastIndex || state.termAt(previousIndex) !== previousEpoch) {
      const index = previousIndex > state.lastIndex ? state.lastIndex + 1 : state.firstIndexOfTermAt(previousIndex);
      this.send(from, { kind: "mismatch", epoch, previousIndex, index });
      return;
    }
    for (const [at, entry] of entries.entries()) this.store(previousIndex + 1 + at, entry);
    this.matched = Math.max(this.matched, previousIndex + entries.length);
    this.learnCommit(message.commit);
    const version = this.view.epoch === epoch ? this.view.version : 0;
    this.send(from, { kind: "acknowledgement", epoch, matched: this.matched, version, round: message.round });
  }

  commitNotice(from: number, { epoch, commit }: CommitNotice): void {
    if (epoch === this.epoch && this.primary === from) this.learnCommit(commit);
  }

  commitUpTo(index: number): void {
    if (index <= this.commitIndex) return;
    this.state.recordCommit(index);
    while (this.commitIndex < index) {
      this.commitIndex++;
      const { command } = this.state.at(this.commitIndex);
      this.events.applied(command?.id, this.cells.apply(this.commitIndex, command));
    }
  }

  private follow(from: number, { epoch, view }: Append): void {
    if (epoch > this.epoch) this.enterEpoch(epoch);
    if (view.epoch > this.view.epoch || (view.epoch === this.view.epoch && view.version > this.view.version))
      this.adopt(view);
    this.takeover.heard(epoch);
    if (this.primary === from) return;
    this.primary = from;
    this.events.primaryKnown();
  }

  private learnCommit(commit: number): void {
    this.commitUpTo(Math.min(commit, this.matched));
  }

  private store(index: number, entry: LogEntry): void {
    const { state } = this;
    if (index <= state.lastIndex) {
      if (state.termAt(index) === entry.term) return;
      if (index <= this.commitIndex) this.rollBack(index - 1);
      state.truncateFrom(index);
    }
    state.append(entry);
  }

  /** What was committed here is not in the log of the primary that counts: the acknowledged writes among it are lost. */
  private rollBack(index: number): void {
    const count = this.commitIndex - index;
    this.effects.note(`discards ${count} ${count === 1 ? "entry" : "entries"} that the new primary does not have`);
    this.cells = this.emptyCells();
    for (let at = 1; at <= index; at++) this.cells.apply(at, this.state.at(at).command);
    this.commitIndex = index;
    this.state.recordCommit(index);
  }
}
