import type { LogEntry } from "../messages.js";
import type { Cluster } from "./cluster.js";

/** With this a domain comes into being, committed everywhere. */
const firstEntry: LogEntry = { term: 1, command: undefined };

/**
 * The five safety properties of Raft (dissertation figure 3.2), checked after each step of a machine by looking at the
 * machines from outside. What a replica has compacted is remembered here, and what a snapshot stands for is looked up
 * among the committed entries, so that the properties are those of whole logs.
 */
export class RaftProperties {
  /** What has been committed anywhere; index 0 is unused. */
  readonly committed: (LogEntry | undefined)[] = [undefined, firstEntry];
  /** The term of the leader that committed each of them. */
  private readonly committedIn: number[] = [0, 1];
  private readonly leaders = new Map<number, number>();
  private readonly logsOfLeaders = new Map<number, readonly LogEntry[]>();
  private readonly logs: LogEntry[][];
  private readonly snapshots: number[];
  /** The applied state after each entry, as whoever applied it first had it. */
  private readonly states: string[] = [];

  constructor(private readonly cluster: Cluster) {
    this.logs = cluster.replicas.map(() => [firstEntry]);
    this.snapshots = cluster.replicas.map(() => 0);
    for (const replica of cluster.replicas) this.check(replica);
    cluster.observe = (replica) => this.check(replica);
  }

  check(replica: number): void {
    const machine = this.cluster.machine(replica);
    if (machine === undefined) return;
    const hasChanged = this.copyLog(replica);
    if (hasChanged) this.checkLogMatching(replica);
    if (machine.replica.leadership !== undefined) this.checkLeader(replica, machine.state.term, hasChanged);
    this.checkCommitted(replica, machine.state.term, machine.replica.commitIndex);
    this.checkState(replica, machine.replica.commitIndex);
  }

  private copyLog(replica: number): boolean {
    const { state } = this.machine(replica);
    const log = this.logs[replica] as LogEntry[];
    const hasSnapshot = this.copySnapshot(replica);
    let hasChanged = hasSnapshot || log.length !== state.lastIndex;
    log.length = Math.min(log.length, state.lastIndex);
    for (let index = state.snapshotIndex + 1; index <= state.lastIndex; index++) {
      const entry = state.at(index);
      if (log[index - 1] === entry) continue;
      log[index - 1] = entry;
      hasChanged = true;
    }
    return hasChanged;
  }

  /** Puts the committed entries in the place of those that a new snapshot covers. */
  private copySnapshot(replica: number): boolean {
    const { state } = this.machine(replica);
    const log = this.logs[replica] as LogEntry[];
    const before = this.snapshots[replica] as number;
    const { snapshotIndex } = state;
    if (snapshotIndex === before) return false;
    if (snapshotIndex < before) throw new Error(`state machine safety: ${replica} has gone back to ${snapshotIndex}`);
    for (let index = before + 1; index <= snapshotIndex; index++) {
      // Where nobody is known to have committed it, it has been committed and compacted in this very step.
      const committed = this.committed[index] ?? log[index - 1];
      if (committed === undefined) throw new Error(`state machine safety: nobody has committed ${index} of a snapshot`);
      if (!isSameEntry(log[index - 1], committed)) log[index - 1] = committed;
    }
    if (state.termAt(snapshotIndex) !== (log[snapshotIndex - 1] as LogEntry).term) {
      throw new Error(`log matching: the snapshot of ${replica} ends with another term at ${snapshotIndex}`);
    }
    if (this.machine(replica).replica.commitIndex < snapshotIndex) {
      throw new Error(`state machine safety: ${replica} has a snapshot of more than it has committed`);
    }
    this.snapshots[replica] = snapshotIndex;
    return true;
  }

  /** If two logs hold an entry with the same index and term, they are the same up to there. */
  private checkLogMatching(replica: number): void {
    const log = this.logs[replica] as LogEntry[];
    this.logs.forEach((other, peer) => {
      if (peer === replica) return;
      let isSame = false;
      for (let at = Math.min(log.length, other.length) - 1; at >= 0; at--) {
        const a = log[at] as LogEntry;
        const b = other[at] as LogEntry;
        isSame ||= a.term === b.term;
        if (isSame && (a.term !== b.term || a.command?.id !== b.command?.id)) {
          throw new Error(`log matching: ${replica} and ${peer} differ at ${at + 1}`);
        }
      }
    });
  }

  private checkLeader(replica: number, term: number, hasChanged: boolean): void {
    const known = this.leaders.get(term);
    if (known !== undefined && known !== replica)
      throw new Error(`election safety: ${known} and ${replica} lead ${term}`);
    const log = this.logs[replica] as LogEntry[];
    if (known === undefined) {
      this.leaders.set(term, replica);
      for (const [index, entry] of this.committed.entries()) this.checkHolds(replica, term, index, entry);
    } else if (hasChanged) {
      this.logsOfLeaders.get(term)?.forEach((entry, at) => {
        if (log[at] !== entry) throw new Error(`leader append-only: ${replica} has changed ${at + 1} in term ${term}`);
      });
    }
    if (known === undefined || hasChanged) this.logsOfLeaders.set(term, log.slice());
  }

  private checkCommitted(replica: number, term: number, commitIndex: number): void {
    const log = this.logs[replica] as LogEntry[];
    for (let index = commitIndex; index >= 1; index--) {
      const entry = log[index - 1] as LogEntry;
      const known = this.committed[index];
      if (known === undefined) this.recordCommitted(term, index, entry);
      else if (!isSameEntry(known, entry)) throw new Error(`state machine safety: ${replica} differs at ${index}`);
    }
  }

  /** Whether applied one by one or out of a snapshot: the state after an entry is one and the same everywhere. */
  private checkState(replica: number, commitIndex: number): void {
    const state = this.machine(replica).digest();
    this.states[commitIndex] ??= state;
    if (this.states[commitIndex] === state) return;
    throw new Error(`state machine safety: ${replica} has another state after ${commitIndex}`);
  }

  /** Leader completeness: an entry committed in a term is in the logs of the leaders of all later terms. */
  private recordCommitted(term: number, index: number, entry: LogEntry): void {
    this.committed[index] = entry;
    this.committedIn[index] = term;
    for (const replica of this.cluster.replicas) {
      const machine = this.cluster.machine(replica);
      if (machine?.replica.leadership !== undefined) this.checkHolds(replica, machine.state.term, index, entry);
    }
  }

  private checkHolds(replica: number, term: number, index: number, entry: LogEntry | undefined): void {
    if (entry === undefined || term <= (this.committedIn[index] as number)) return;
    if (isSameEntry((this.logs[replica] as LogEntry[])[index - 1], entry)) return;
    throw new Error(`leader completeness: ${replica} leads ${term} without the committed entry ${index}`);
  }

  private machine(replica: number) {
    const machine = this.cluster.machine(replica);
    if (machine === undefined) throw new Error(`${replica} is down`);
    return machine;
  }
}

function isSameEntry(a: LogEntry | undefined, b: LogEntry | undefined): boolean {
  return a?.term === b?.term && a?.command?.id === b?.command?.id;
}
