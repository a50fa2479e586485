import type { Command } from "../consensus/messages.js";
import type { Outcome } from "../consensus/versioned-cells.js";
import type { Reply, Request } from "../machine.js";
import type { Forward, ReadReply, ReadRequest, Refusal } from "./messages.js";
import type { Question, Replica } from "./replica.js";
import { retryUs } from "./timing.js";

type Read = Extract<Request, { kind: "read" }>;
type Commit = Extract<Request, { kind: "commit" }>;

interface PendingRead {
  readonly ticket: number;
  readonly request: Read;
}

interface PendingCommit {
  readonly ticket: number;
  readonly command: Command;
  /** The epochs to whose primary it was sent and from which no refusal has come: there it may be in the log. */
  readonly sentIn: Set<number>;
  /** This replica itself has taken it as primary. */
  isTaken: boolean;
}

/** No two sequences of a replica are the same, also across its restarts: an answer to the old one must not fit. */
const sequencesPerIncarnation = 2 ** 32;

/** What the sessions of this replica have asked, and what other replicas have asked of it as the primary. */
export class Requests {
  private readonly reads = new Map<number, PendingRead>();
  private readonly commits = new Map<number, PendingCommit>();
  /** Who waits for the outcome of a command here. */
  private readonly waiting = new Map<number, Set<number>>();
  private nextSequence: number;
  private isRetrySet = false;

  constructor(
    private readonly replica: Replica,
    private readonly readsAt: "primary" | "local",
  ) {
    this.nextSequence = replica.state.incarnation * sequencesPerIncarnation;
  }

  read(ticket: number, request: Read): void {
    if (request.local === true || this.readsAt === "local") {
      this.replica.effects.reply(ticket, this.valueOf(request.cell, request.snapshot));
      return;
    }
    const sequence = this.nextSequence++;
    this.reads.set(sequence, { ticket, request });
    this.replica.effects.timer(`read:${sequence}`, request.timeoutUs);
    this.ask(sequence, request);
  }

  commit(ticket: number, { id, expected, mutations, timeoutUs }: Commit): void {
    const { effects } = this.replica;
    const earlier = this.commits.get(id);
    if (earlier !== undefined)
      effects.reply(earlier.ticket, { kind: "indeterminate", reason: "the operation was sent again" });
    const { sentIn, isTaken } = earlier ?? { sentIn: new Set<number>(), isTaken: false };
    const commit: PendingCommit = { ticket, command: { id, expected, mutations }, sentIn, isTaken };
    this.commits.set(id, commit);
    effects.timer(`commit:${id}`, timeoutUs);
    this.submit(commit);
  }

  /** The primary has applied a command: this replica, or another one that says so. */
  applied(id: number | undefined, outcome: Outcome | undefined): void {
    if (id === undefined || outcome === undefined) return;
    for (const to of this.waiting.get(id) ?? []) this.replica.send(to, { kind: "outcome", id, outcome });
    this.waiting.delete(id);
    const commit = this.commits.get(id);
    if (commit === undefined) return;
    this.commits.delete(id);
    this.replica.effects.cancel(`commit:${id}`);
    this.replica.effects.reply(commit.ticket, replyTo(outcome));
  }

  /** Sends again what is still open: there is another primary, or a message may have been lost. */
  resend(): void {
    for (const [sequence, { request }] of this.reads) this.ask(sequence, request);
    for (const commit of [...this.commits.values()]) this.submit(commit);
  }

  timeout(timer: string): void {
    if (timer === "retry") {
      this.isRetrySet = false;
      this.resend();
      return;
    }
    const [kind, number] = timer.split(":");
    if (kind === "read") this.readTimeout(Number(number));
    else this.commitTimeout(Number(number));
  }

  forwarded(from: number, { epoch, command }: Forward): void {
    const { replica } = this;
    const { primacy, state } = replica;
    if (primacy?.accepts === true && epoch === replica.epoch) {
      const outcome = replica.cells.outcomeOf(command.id);
      if (outcome !== undefined) {
        replica.send(from, { kind: "outcome", id: command.id, outcome });
        return;
      }
      this.waiting.set(command.id, (this.waiting.get(command.id) ?? new Set<number>()).add(from));
      primacy.propose(command);
      return;
    }
    // It may take it yet, or have it: then no refusal is true.
    if (primacy !== undefined && epoch === replica.epoch) return;
    // Before a crash this replica may have taken the command in that epoch; it cannot know, so it says nothing.
    if (epoch <= state.termAtStart || state.hasHeld(command.id)) return;
    replica.send(from, { kind: "refusal", epoch, id: command.id });
  }

  refused({ epoch, id }: Refusal): void {
    this.commits.get(id)?.sentIn.delete(epoch);
  }

  asked(from: number, request: ReadRequest): void {
    const { primacy } = this.replica;
    if (primacy?.accepts === true) primacy.ask({ ...request, from });
    else this.replica.send(from, { kind: "readReply", sequence: request.sequence, reply: undefined });
  }

  /** The primary may answer; unless it has ceased to be it. */
  readable({ from, sequence, cell, snapshot }: Question): void {
    const isPrimary = this.replica.primacy !== undefined;
    const message: ReadReply = {
      kind: "readReply",
      sequence,
      reply: isPrimary ? this.valueOf(cell, snapshot) : undefined,
    };
    if (from === this.replica.self) this.answered(message);
    else this.replica.send(from, message);
  }

  answered({ sequence, reply }: ReadReply): void {
    const read = this.reads.get(sequence);
    if (read === undefined || reply === undefined) return;
    this.reads.delete(sequence);
    this.replica.effects.cancel(`read:${sequence}`);
    this.replica.effects.reply(read.ticket, reply);
  }

  waitsForOutcome(id: number): boolean {
    return this.commits.has(id) || this.waiting.has(id);
  }

  waitsForRead(sequence: number): boolean {
    return this.reads.has(sequence);
  }

  private ask(sequence: number, { cell, snapshot }: Read): void {
    const { primacy, primary, self } = this.replica;
    const request: ReadRequest = { kind: "read", sequence, cell, snapshot };
    if (primacy === undefined && primary !== undefined) this.replica.send(primary, request);
    // Once asked of itself the question stays with the primary until it answers or ceases to be it.
    if (
      primacy?.accepts === true &&
      !primacy.openQuestions.some((other) => other.from === self && other.sequence === sequence)
    )
      primacy.ask({ ...request, from: self });
    if (this.reads.has(sequence)) this.setRetryTimer();
  }

  private submit(commit: PendingCommit): void {
    const { primacy, primary, epoch, cells } = this.replica;
    const { id } = commit.command;
    if (primacy?.accepts === true) {
      commit.isTaken = true;
      const outcome = cells.outcomeOf(id);
      if (outcome === undefined) primacy.propose(commit.command);
      else this.applied(id, outcome);
    } else if (primacy === undefined && primary !== undefined) {
      commit.sentIn.add(epoch);
      this.replica.send(primary, { kind: "forward", epoch, command: commit.command });
    }
    if (this.commits.has(id)) this.setRetryTimer();
  }

  private readTimeout(sequence: number): void {
    const read = this.reads.get(sequence);
    if (read === undefined) return;
    this.reads.delete(sequence);
    this.replica.effects.reply(read.ticket, { kind: "unavailable", reason: this.silence() });
  }

  private commitTimeout(id: number): void {
    const commit = this.commits.get(id);
    if (commit === undefined) return;
    // Forgotten here means never sent again: a refusal is final.
    this.commits.delete(id);
    const isRefused = !commit.isTaken && commit.sentIn.size === 0;
    const kind = isRefused ? "unavailable" : "indeterminate";
    this.replica.effects.reply(commit.ticket, { kind, reason: this.silence() });
  }

  private silence(): string {
    const { primacy, primary } = this.replica;
    if (primacy?.accepts === false) return "the primary here hears too few replicas to go on";
    return primary === undefined ? "no primary is known here" : "the primary could not do it in time";
  }

  private valueOf(key: string, snapshot: number | undefined): Reply {
    const { cells } = this.replica;
    const position = snapshot ?? cells.applied;
    const { state, index } = cells.versionAt(key, position);
    return { kind: "value", state, version: index, snapshot: position, siblings: [state], seen: [], position };
  }

  private setRetryTimer(): void {
    if (this.isRetrySet) return;
    this.isRetrySet = true;
    this.replica.effects.timer("retry", retryUs);
  }
}

function replyTo(outcome: Outcome): Reply {
  if (outcome.kind === "conflict") return { kind: "conflict" };
  return { kind: "committed", results: outcome.results, seen: [] };
}
