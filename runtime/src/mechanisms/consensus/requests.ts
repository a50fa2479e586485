import type { Reply, Request } from "../machine.js";
import type { Command, Refusal } from "./messages.js";
import type { Replica } from "./replica.js";
import type { Outcome, VersionedCells } from "./versioned-cells.js";

/**
 * How a read learns which state is new enough: `leader` asks for the read index (linearizable), `session` takes the
 * highest position that the session has seen (sequential).
 */
export type ReadPosition = "leader" | "session";

type ReadRequest = Extract<Request, { kind: "read" }>;
type CommitRequest = Extract<Request, { kind: "commit" }>;

interface PendingRead {
  readonly ticket: number;
  readonly request: ReadRequest;
  readonly dueUs: number;
  /** The log index to wait for; undefined until the leader has named it. */
  index: number | undefined;
}

interface PendingCommit {
  readonly ticket: number;
  readonly command: Command;
  readonly dueUs: number;
  /** The terms to whose leader it was sent and from which no refusal has come: there it may have been appended. */
  readonly sentIn: Set<number>;
  /** This replica itself has appended it. */
  isAppended: boolean;
}

/** The snapshot that brought this replica up to date says that it was applied, but not any more what came of it. */
export const resultsForgotten: Reply = {
  kind: "indeterminate",
  reason: "it was decided so long ago that the answer is not kept",
};

/** No two sequences of a replica are the same, also across its restarts: an answer to the old one must not fit. */
const sequencesPerIncarnation = 2 ** 32;

/** What the sessions of this replica have asked and not been answered yet. */
export class Requests {
  private readonly reads = new Map<number, PendingRead>();
  private readonly commits = new Map<number, PendingCommit>();
  private nextSequence: number;
  private isRetrySet = false;
  /** One timer does for all that is open: by the steady clock, when it goes off. */
  private deadlineUs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly replica: Replica,
    private readonly cells: VersionedCells,
    private readonly readPosition: ReadPosition,
  ) {
    this.nextSequence = replica.state.incarnation * sequencesPerIncarnation;
  }

  read(ticket: number, request: ReadRequest): void {
    const index = this.indexToWaitFor(request);
    if (index !== undefined && index <= this.cells.applied) {
      this.replica.effects.reply(ticket, this.value(request));
      return;
    }
    const sequence = this.nextSequence++;
    const read: PendingRead = { ticket, request, dueUs: this.dueUs(request.timeoutUs), index };
    this.reads.set(sequence, read);
    if (index === undefined) this.askIndex(sequence, read);
  }

  commit(ticket: number, { id, expected, mutations, timeoutUs }: CommitRequest): void {
    const outcome = this.cells.outcomeOf(id);
    if (outcome !== undefined) {
      this.replica.effects.reply(ticket, replyTo(outcome));
      return;
    }
    if (this.cells.isApplied(id)) {
      this.replica.effects.reply(ticket, resultsForgotten);
      return;
    }
    const earlier = this.commits.get(id);
    if (earlier !== undefined) {
      this.replica.effects.reply(earlier.ticket, { kind: "indeterminate", reason: "the operation was sent again" });
    }
    const { sentIn, isAppended } = earlier ?? { sentIn: new Set<number>(), isAppended: false };
    const command = { id, expected, mutations };
    const commit: PendingCommit = { ticket, command, dueUs: this.dueUs(timeoutUs), sentIn, isAppended };
    this.commits.set(id, commit);
    this.submit(commit);
  }

  /** The state machine has applied an entry, with this outcome if it held a command. */
  applied(id: number | undefined, outcome: Outcome | undefined): void {
    const commit = id === undefined ? undefined : this.commits.get(id);
    if (commit !== undefined && outcome !== undefined) {
      this.commits.delete(commit.command.id);
      this.replica.effects.reply(commit.ticket, replyTo(outcome));
    }
    if (this.reads.size === 0) return;
    for (const [sequence, read] of this.reads) this.answerIfApplied(sequence, read);
  }

  /** A snapshot has taken the place of the state, and may cover entries that this replica has never applied itself. */
  restored(): void {
    for (const { ticket, command } of [...this.commits.values()]) {
      const outcome = this.cells.outcomeOf(command.id);
      if (outcome === undefined && !this.cells.isApplied(command.id)) continue;
      this.commits.delete(command.id);
      this.replica.effects.reply(ticket, outcome === undefined ? resultsForgotten : replyTo(outcome));
    }
    for (const [sequence, read] of this.reads) this.answerIfApplied(sequence, read);
  }

  readIndex(sequence: number, index: number | undefined): void {
    const read = this.reads.get(sequence);
    if (read === undefined || read.index !== undefined) return;
    read.index = index;
    if (index === undefined) this.setRetryTimer();
    else this.answerIfApplied(sequence, read);
  }

  waitsForIndex(sequence: number): boolean {
    const read = this.reads.get(sequence);
    return read !== undefined && read.index === undefined;
  }

  refused({ term, id }: Refusal): void {
    const commit = this.commits.get(id);
    if (commit === undefined) return;
    commit.sentIn.delete(term);
    this.setRetryTimer();
  }

  /** Sends again what is still open: after a change of leader, or because it may have been lost. */
  resend(): void {
    for (const [sequence, read] of this.reads) if (read.index === undefined) this.askIndex(sequence, read);
    for (const commit of this.commits.values()) this.submit(commit);
  }

  retryTimeout(): void {
    this.isRetrySet = false;
    this.resend();
  }

  /** Time is up for whatever has waited as long as it may. */
  deadlineTimeout(): void {
    const { effects } = this.replica;
    const nowUs = effects.steadyNow;
    let nextUs = Number.POSITIVE_INFINITY;
    for (const [sequence, read] of this.reads) {
      if (read.dueUs <= nowUs) this.readTimeout(sequence, read);
      else nextUs = Math.min(nextUs, read.dueUs);
    }
    for (const commit of this.commits.values()) {
      if (commit.dueUs <= nowUs) this.commitTimeout(commit);
      else nextUs = Math.min(nextUs, commit.dueUs);
    }
    this.deadlineUs = nextUs;
    if (nextUs < Number.POSITIVE_INFINITY) effects.timer("deadline", nextUs - nowUs);
  }

  private dueUs(timeoutUs: number): number {
    const { effects } = this.replica;
    const dueUs = effects.steadyNow + timeoutUs;
    if (dueUs < this.deadlineUs) {
      this.deadlineUs = dueUs;
      effects.timer("deadline", timeoutUs);
    }
    return dueUs;
  }

  private readTimeout(sequence: number, read: PendingRead): void {
    this.reads.delete(sequence);
    const reason = read.index === undefined ? this.silence() : "this replica lags behind what the session has seen";
    this.replica.effects.reply(read.ticket, { kind: "unavailable", reason });
  }

  private commitTimeout(commit: PendingCommit): void {
    // Forgotten here means never sent again: a refusal is final.
    this.commits.delete(commit.command.id);
    const isRefused = !commit.isAppended && commit.sentIn.size === 0;
    this.replica.effects.reply(commit.ticket, {
      kind: isRefused ? "unavailable" : "indeterminate",
      reason: this.silence(),
    });
  }

  private indexToWaitFor({ snapshot, local, session, seen }: ReadRequest): number | undefined {
    if (local === true) return 0;
    if (snapshot !== undefined) return snapshot;
    return session === true || this.readPosition === "session" ? (seen[0] ?? 0) : undefined;
  }

  private askIndex(sequence: number, read: PendingRead): void {
    const { leader, self, leadership } = this.replica;
    if (leadership !== undefined) leadership.askIndex({ from: self, sequence });
    else if (leader !== undefined) this.replica.send(leader, { kind: "indexRequest", sequence });
    if (read.index === undefined) this.setRetryTimer();
  }

  private submit(commit: PendingCommit): void {
    const { leader, leadership, state } = this.replica;
    if (leadership !== undefined) {
      commit.isAppended = true;
      leadership.propose(commit.command);
      return;
    }
    if (leader !== undefined) {
      commit.sentIn.add(state.term);
      this.replica.send(leader, { kind: "forward", term: state.term, command: commit.command });
    }
    this.setRetryTimer();
  }

  private answerIfApplied(sequence: number, read: PendingRead): void {
    if (read.index === undefined || read.index > this.cells.applied) return;
    this.reads.delete(sequence);
    this.replica.effects.reply(read.ticket, this.value(read.request));
  }

  private value({ cell, snapshot, seen }: ReadRequest): Reply {
    const position = snapshot ?? this.cells.applied;
    // The transaction has taken so long that its snapshot is gone; it is run again on a newer one.
    if (position < this.cells.oldest) return { kind: "conflict" };
    const { state, index } = this.cells.versionAt(cell, position);
    const highestSeen = Math.max(seen[0] ?? 0, position);
    return {
      kind: "value",
      state,
      version: index,
      snapshot: position,
      siblings: [state],
      seen: [highestSeen],
      position,
    };
  }

  private silence(): string {
    return this.replica.leader === undefined ? "no leader is known here" : "the leader did not answer in time";
  }

  private setRetryTimer(): void {
    if (this.isRetrySet) return;
    this.isRetrySet = true;
    this.replica.effects.timer("retry", this.replica.timing.electionUs);
  }
}

function replyTo(outcome: Outcome): Reply {
  if (outcome.kind === "conflict") return { kind: "conflict" };
  return { kind: "committed", results: outcome.results, seen: [outcome.index] };
}
