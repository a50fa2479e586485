import type { Disk } from "../machine.js";
import type { LogEntry } from "./messages.js";

/** The applied state after an entry, in the place of the log up to it. */
export interface Snapshot {
  /** The last entry that it covers, and the term of that. */
  readonly index: number;
  readonly term: number;
  /** What the state machine made of it all. */
  readonly state: unknown;
}

/** Commands that were in the log and were replaced: so many are remembered one by one. */
const rememberedDiscards = 1_000;

/**
 * What a replica must not forget: term, vote, snapshot and the log after it (dissertation figure 3.1, chapter 5), and two
 * conveniences. All writes are on the disk when the method returns, and so before any message that depends on them; and
 * in an order in which those before any point stand by themselves, should the power fail there.
 */
export class DurableState {
  /** False after a crash: then only what is on the disk is known. */
  readonly isNew: boolean;
  /** The term on the disk when this machine was created; 0 for a new domain. */
  readonly termAtStart: number;
  /** In this term and those before, this machine does not know any more what its log has held. */
  forgottenTerm: number;
  /** Counts restarts, so that numbers given out before a crash are not given out again. */
  readonly incarnation: number;
  private currentTerm: number;
  private votedFor: number | undefined;
  private latestSnapshot: Snapshot | undefined;
  /** The first is a sentinel: the last entry that the snapshot covers, of which nothing but the term remains. */
  private readonly entries: LogEntry[] = [{ term: 0, command: undefined }];
  /** The log index of that sentinel. */
  private start = 0;
  private readonly indexById = new Map<number, number>();
  private readonly discarded = new Set<number>();

  /** A domain comes into being with the first leader elected for term 1 and its no-op on all disks. */
  constructor(
    private readonly disk: Disk,
    firstLeader: number,
  ) {
    const stored = disk.read("term") as number | undefined;
    this.isNew = stored === undefined;
    this.termAtStart = stored ?? 0;
    this.forgottenTerm = this.termAtStart;
    this.currentTerm = stored ?? 0;
    this.votedFor = disk.read("vote") as number | undefined;
    this.incarnation = ((disk.read("incarnation") as number | undefined) ?? 0) + 1;
    disk.write("incarnation", this.incarnation);
    if (this.isNew) {
      this.enterTerm(1, firstLeader);
      this.append({ term: 1, command: undefined });
      this.recordCommit(1);
    } else {
      this.load();
    }
  }

  get term(): number {
    return this.currentTerm;
  }

  get vote(): number | undefined {
    return this.votedFor;
  }

  get lastIndex(): number {
    return this.start + this.entries.length - 1;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex);
  }

  get snapshot(): Snapshot | undefined {
    return this.latestSnapshot;
  }

  /** The last entry that the snapshot covers; 0 without one. The log begins after it. */
  get snapshotIndex(): number {
    return this.start;
  }

  /** What was known to be committed before the crash, or less if a snapshot covers more. Raft can do without; with it a restarted replica's local reads do not travel back in time. */
  get recordedCommit(): number {
    return this.disk.read("commit") as number;
  }

  enterTerm(term: number, vote: number | undefined): void {
    this.currentTerm = term;
    this.votedFor = vote;
    this.disk.write("term", term);
    this.disk.write("vote", vote);
  }

  recordCommit(index: number): void {
    this.disk.write("commit", index);
  }

  at(index: number): LogEntry {
    const entry = this.entries[index - this.start];
    if (entry === undefined || index === this.start) throw new Error(`the log has no entry ${index}`);
    return entry;
  }

  /** Also of the last entry that the snapshot covers. */
  termAt(index: number): number {
    return index === this.start ? (this.entries[0] as LogEntry).term : this.at(index).term;
  }

  /** The entries from one index up to and including another. */
  range(from: number, to: number): readonly LogEntry[] {
    return this.entries.slice(from - this.start, to - this.start + 1);
  }

  append(entry: LogEntry): void {
    const index = this.start + this.entries.push(entry) - 1;
    this.disk.write(`entry:${index}`, entry);
    this.disk.write("lastIndex", index);
    this.remember(entry, index);
  }

  truncateFrom(index: number): void {
    for (let at = index; at <= this.lastIndex; at++) this.discard(at);
    this.entries.length = index - this.start;
    this.disk.write("lastIndex", index - 1);
  }

  /** Puts a snapshot of the state after a committed entry in the place of the log up to it. */
  compact(index: number, state: unknown): void {
    this.store({ index, term: this.termAt(index), state });
    for (let at = this.start + 1; at <= index; at++) {
      const id = this.at(at).command?.id;
      if (id !== undefined && this.indexById.get(id) === at) this.indexById.delete(id);
    }
    this.entries.splice(0, index - this.start);
    this.beginAfter(index);
  }

  /** Puts a leader's snapshot in the place of the whole log, which does not hold the last entry that it covers. */
  install(snapshot: Snapshot): void {
    // First, so that at no time the disk has entries after the snapshot that do not follow it.
    if (this.lastIndex >= snapshot.index) this.truncateFrom(snapshot.index);
    this.store(snapshot);
    for (let at = this.start + 1; at <= this.lastIndex; at++) this.discard(at);
    this.entries.length = 1;
    this.beginAfter(snapshot.index);
    this.disk.write("lastIndex", snapshot.index);
  }

  /** Where the log holds the command with this id. */
  indexOf(id: number): number | undefined {
    return this.indexById.get(id);
  }

  /**
   * Whether this machine has had the command in its log, in a term after `forgottenTerm`; not what has been compacted.
   */
  hasHeld(id: number): boolean {
    return this.indexById.has(id) || this.discarded.has(id);
  }

  /** The first index of the run of entries of the same term that ends at `index`. */
  firstIndexOfTermAt(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first > this.start + 1 && this.termAt(first - 1) === term) first--;
    return first;
  }

  /** The last entry of that term at or before `index`; 0 if there is none, or none that is known. */
  lastIndexOfTerm(term: number, index: number): number {
    let last = Math.min(index, this.lastIndex);
    while (last > this.start && this.termAt(last) > term) last--;
    return last >= this.start && this.termAt(last) === term ? last : 0;
  }

  private load(): void {
    this.latestSnapshot = this.disk.read("snapshot") as Snapshot | undefined;
    if (this.latestSnapshot !== undefined) this.beginAfter(this.latestSnapshot.index);
    // Less than the snapshot's index where the power failed before the rest was written.
    const lastIndex = this.disk.read("lastIndex") as number;
    for (let index = this.start + 1; index <= lastIndex; index++) {
      const entry = this.disk.read(`entry:${index}`) as LogEntry;
      this.entries.push(entry);
      this.remember(entry, index);
    }
  }

  private remember(entry: LogEntry, index: number): void {
    if (entry.command !== undefined) this.indexById.set(entry.command.id, index);
  }

  private store(snapshot: Snapshot): void {
    this.disk.write("snapshot", snapshot);
    this.latestSnapshot = snapshot;
  }

  private beginAfter(index: number): void {
    for (let at = this.start + 1; at <= index; at++) this.disk.write(`entry:${at}`, undefined);
    this.start = index;
    this.entries[0] = { term: (this.latestSnapshot as Snapshot).term, command: undefined };
  }

  private discard(index: number): void {
    const id = this.at(index).command?.id;
    if (id === undefined) return;
    if (this.indexById.get(id) === index) this.indexById.delete(id);
    if (this.discarded.size === rememberedDiscards) {
      this.discarded.clear();
      this.forgottenTerm = this.currentTerm;
    }
    this.discarded.add(id);
  }
}
