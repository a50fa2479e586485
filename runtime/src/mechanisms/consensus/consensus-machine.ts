import type { Effects, Ledger, Machine, MachineSetup, Request } from "../machine.js";
import { type Compaction, defaultCompaction } from "./compaction.js";
import type { Confirmation } from "./confirmation.js";
import { DurableState } from "./durable-state.js";
import type { ConsensusMessage, Forward, IndexRequest, LogEntry } from "./messages.js";
import { Replica, type ReplicaEvents } from "./replica.js";
import { type ReadPosition, Requests } from "./requests.js";
import { type CellsSnapshot, VersionedCells } from "./versioned-cells.js";

/** One replica of a domain whose commands go through a log that a majority agrees on. */
export class ConsensusMachine implements Machine<ConsensusMessage> {
  readonly state: DurableState;
  readonly replica: Replica;
  private readonly cells: VersionedCells;
  private readonly requests: Requests;

  constructor(
    setup: MachineSetup<unknown>,
    readPosition: ReadPosition,
    confirmation: Confirmation = { kind: "round" },
    { everyEntries, historyEntries }: Compaction = defaultCompaction,
  ) {
    this.state = new DurableState(setup.disk, setup.firstLeader);
    this.cells = new VersionedCells(setup.cells);
    const events: ReplicaEvents = {
      committed: (index, entry) => this.apply(index, entry),
      leaderKnown: () => this.requests.resend(),
      readIndex: (sequence, index) => this.requests.readIndex(sequence, index),
    };
    this.replica = new Replica(setup.replica, setup.replicaCount, this.state, confirmation, events, {
      everyEntries,
      takeSnapshot: () => {
        this.cells.forgetBefore(this.cells.applied - historyEntries);
        return this.cells.snapshot();
      },
      restore: (state) => {
        this.cells.restore(state as CellsSnapshot);
        this.requests.restored();
      },
    });
    this.requests = new Requests(this.replica, this.cells, readPosition);
  }

  start(effects: Effects<ConsensusMessage>): void {
    this.replica.effects = effects;
    this.replica.start();
  }

  request(ticket: number, request: Request, effects: Effects<ConsensusMessage>): void {
    this.replica.effects = effects;
    if (request.kind === "read") this.requests.read(ticket, request);
    else this.requests.commit(ticket, request);
  }

  receive(from: number, message: ConsensusMessage, effects: Effects<ConsensusMessage>): void {
    const { replica } = this;
    replica.effects = effects;
    switch (message.kind) {
      case "forward":
        this.forwarded(from, message);
        break;
      case "refusal":
        replica.forgetLeader(from, message.term);
        this.requests.refused(message);
        break;
      case "indexRequest":
        this.indexRequested(from, message);
        break;
      case "indexReply":
        if (message.index === undefined) replica.forgetLeader(from, message.term);
        this.requests.readIndex(message.sequence, message.index);
        break;
      default:
        replica.receive(from, message);
    }
  }

  isSpent(from: number, message: ConsensusMessage, timersLeft: number): boolean {
    const { replica, requests, cells, state } = this;
    switch (message.kind) {
      case "forward":
        return (
          cells.isApplied(message.command.id) ||
          (replica.isLeaderOf(message.term) && state.indexOf(message.command.id) !== undefined)
        );
      case "refusal":
        return false;
      case "indexRequest":
        return false;
      case "indexReply":
        return (message.index !== undefined || message.term < state.term) && !requests.waitsForIndex(message.sequence);
      default:
        return replica.isSpent(from, message, timersLeft);
    }
  }

  timeout(timer: string, effects: Effects<ConsensusMessage>): void {
    this.replica.effects = effects;
    switch (timer) {
      case "heartbeat":
        this.replica.leadership?.beat();
        break;
      case "election":
        this.replica.elections.timeout();
        break;
      case "retry":
        this.requests.retryTimeout();
        break;
      case "deadline":
        this.requests.deadlineTimeout();
        break;
      default:
        throw new Error(`no timer ${timer}`);
    }
  }

  peek(cell: string): unknown {
    return this.cells.latest(cell).state;
  }

  digest(): string {
    return this.cells.digest();
  }

  /** An entry that is not known to be committed is, or is replaced, once there is a leader; a leader comes by time-outs. */
  isBusy(): boolean {
    return this.replica.leader === undefined || this.replica.commitIndex < this.state.lastIndex;
  }

  isLeader(): boolean {
    return this.replica.leadership !== undefined;
  }

  ledger(): Extract<Ledger, { kind: "order" }> {
    return { kind: "order", positionOf: (operationId) => this.cells.positionOf(operationId) };
  }

  /** How much of the past is kept, for tests of its bound. */
  get kept(): VersionedCells["size"] {
    return this.cells.size;
  }

  has(operationId: number): boolean {
    return this.cells.has(operationId);
  }

  private apply(index: number, { command }: LogEntry): void {
    this.requests.applied(command?.id, this.cells.apply(index, command));
  }

  private forwarded(from: number, { term, command }: Forward): void {
    const { replica, state } = this;
    // Sent again, or late: whoever waits for it learns of it by applying it too.
    if (this.cells.isApplied(command.id)) return;
    if (replica.isLeaderOf(term)) {
      replica.leadership?.propose(command);
      return;
    }
    // It may have led that term and appended the command, before a crash for instance: it cannot know, so it says nothing.
    if (term <= state.forgottenTerm || term > state.term || state.hasHeld(command.id)) return;
    replica.send(from, { kind: "refusal", term, id: command.id });
  }

  private indexRequested(from: number, { sequence }: IndexRequest): void {
    const question = { from, sequence };
    if (this.replica.leadership === undefined) this.replica.answerIndex(question, undefined);
    else this.replica.leadership.askIndex(question);
  }
}
