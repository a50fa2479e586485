import type { Disk } from "../machine.js";
import type { LogEntry } from "./messages.js";

/**
 * What a replica must not forget: term, vote and log (dissertation figure 3.1), and two conveniences. All writes are on
 * the disk when the method returns, and so before any message that depends on them.
 */
export class DurableState {
  /** False after a crash: then only what is on the disk is known. */
  readonly isNew: boolean;
  /** The term on the disk when this machine was created; 0 for a new domain. */
  readonly termAtStart: number;
  /** Counts restarts, so that numbers given out before a crash are not given out again. */
  readonly incarnation: number;
  private currentTerm: number;
  private votedFor: number | undefined;
  /** Index 0 holds a sentinel, so that the first entry has a predecessor like all others. */
  private readonly entries: LogEntry[] = [{ term: 0, command: undefined }];
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
    return this.entries.length - 1;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex);
  }

  /** What was known to be committed before the crash. Raft can do without; with it a restarted replica's local reads do not travel back in time. */
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
    const entry = this.entries[index];
    if (entry === undefined) throw new Error(`the log has no entry ${index}`);
    return entry;
  }

  termAt(index: number): number {
    return this.at(index).term;
  }

  /** The entries from one index up to and including another. */
  range(from: number, to: number): readonly LogEntry[] {
    return this.entries.slice(from, to + 1);
  }

  append(entry: LogEntry): void {
    const index = this.entries.push(entry) - 1;
    this.disk.write(`entry:${index}`, entry);
    this.disk.write("lastIndex", index);
    this.remember(entry, index);
  }

  truncateFrom(index: number): void {
    for (let at = index; at <= this.lastIndex; at++) {
      const { command } = this.at(at);
      if (command === undefined) continue;
      this.discarded.add(command.id);
      if (this.indexById.get(command.id) === at) this.indexById.delete(command.id);
    }
    this.entries.length = index;
    this.disk.write("lastIndex", index - 1);
  }

  /** Where the log holds the command with this id. */
  indexOf(id: number): number | undefined {
    return this.indexById.get(id);
  }

  /** Whether this machine has had the command in its log at any time since it was created. */
  hasHeld(id: number): boolean {
    return this.indexById.has(id) || this.discarded.has(id);
  }

  /** The first index of the run of entries of the same term that ends at `index`. */
  firstIndexOfTermAt(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first > 1 && this.termAt(first - 1) === term) first--;
    return first;
  }

  /** The last entry at or before `index` whose term is `term` or less. */
  lastIndexOfTerm(term: number, index: number): number {
    let last = Math.min(index, this.lastIndex);
    while (this.termAt(last) > term) last--;
    return last;
  }

  private load(): void {
    const lastIndex = this.disk.read("lastIndex") as number;
    for (let index = 1; index <= lastIndex; index++) {
      const entry = this.disk.read(`entry:${index}`) as LogEntry;
      this.entries.push(entry);
      this.remember(entry, index);
    }
  }

  private remember(entry: LogEntry, index: number): void {
    if (entry.command !== undefined) this.indexById.set(entry.command.id, index);
  }
}
