import { VersionedCells } from "../consensus/versioned-cells.js";
import type { Effects, Ledger, Machine, MachineSetup, Request } from "../machine.js";
import type { PrimaryReplicaOptions } from "./claims.js";
import type { PrimaryReplicaMessage } from "./messages.js";
import { Replica } from "./replica.js";
import { Requests } from "./requests.js";

/** One replica of a domain that has a primary. */
export class PrimaryReplicaMachine implements Machine<PrimaryReplicaMessage> {
  readonly replica: Replica;
  private readonly requests: Requests;

  constructor(setup: MachineSetup<PrimaryReplicaOptions>) {
    this.replica = new Replica(setup, () => new VersionedCells(setup.cells), {
      applied: (id, outcome) => this.requests.applied(id, outcome),
      primaryKnown: () => this.requests.resend(),
      readable: (question) => this.requests.readable(question),
    });
    this.requests = new Requests(this.replica, setup.options.reads);
  }

  start(effects: Effects<PrimaryReplicaMessage>): void {
    this.replica.effects = effects;
    this.replica.start();
  }

  request(ticket: number, request: Request, effects: Effects<PrimaryReplicaMessage>): void {
    this.replica.effects = effects;
    if (request.kind === "read") this.requests.read(ticket, request);
    else this.requests.commit(ticket, request);
  }

  receive(from: number, message: PrimaryReplicaMessage, effects: Effects<PrimaryReplicaMessage>): void {
    const { replica, requests } = this;
    replica.effects = effects;
    switch (message.kind) {
      case "append":
        replica.append(from, message);
        break;
      case "acknowledgement":
        if (replica.isForPrimary(message.epoch)) replica.primacy?.acknowledged(from, message);
        break;
      case "mismatch":
        if (replica.isForPrimary(message.epoch)) replica.primacy?.mismatched(from, message);
        break;
      case "commit":
        replica.commitNotice(from, message);
        break;
      case "suspicion":
        replica.takeover.suspicion(from, message);
        break;
      case "suspicionReply":
        replica.takeover.suspicionReply(from, message);
        break;
      case "prepare":
        replica.takeover.prepare(from, message);
        break;
      case "promised":
        replica.takeover.promised(from, message);
        break;
      case "forward":
        requests.forwarded(from, message);
        break;
      case "refusal":
        requests.refused(message);
        break;
      case "outcome":
        requests.applied(message.id, message.outcome);
        break;
      case "read":
        requests.asked(from, message);
        break;
      case "readReply":
        requests.answered(message);
        break;
    }
  }

  /** Nothing is, where a replica may come to be primary by itself. */
  isSpent(from: number, message: PrimaryReplicaMessage, timersLeft: number): boolean {
    const { replica, requests } = this;
    if (replica.options.failover !== "manual" || !replica.isInFirstEpoch) return false;
    switch (message.kind) {
      case "acknowledgement":
        return message.epoch === replica.epoch && replica.primacy?.isSpent(from, message, timersLeft) === true;
      case "commit":
        return message.epoch === replica.epoch && message.commit <= replica.commitIndex;
      case "outcome":
        return !requests.waitsForOutcome(message.id);
      case "readReply":
        return message.reply === undefined || !requests.waitsForRead(message.sequence);
      default:
        return false;
    }
  }

  timeout(timer: string, effects: Effects<PrimaryReplicaMessage>): void {
    this.replica.effects = effects;
    if (timer === "heartbeat") this.replica.primacy?.beat();
    else if (timer === "watch") this.replica.takeover.timeout();
    else this.requests.timeout(timer);
  }

  /** `promote`: an operator makes this replica the primary. */
  command(name: string, effects: Effects<PrimaryReplicaMessage>): boolean {
    if (name !== "promote") return false;
    this.replica.effects = effects;
    return this.replica.takeover.promote();
  }

  isLeader(): boolean {
    return this.replica.primacy !== undefined;
  }

  peek(cell: string): unknown {
    return this.replica.cells.latest(cell).state;
  }

  digest(): string {
    return this.replica.cells.digest();
  }

  /** Time-outs bring a primary, and what is in a log is then committed or replaced. */
  isBusy(): boolean {
    return this.replica.isUnsettled;
  }

  ledger(): Extract<Ledger, { kind: "order" }> {
    return { kind: "order", positionOf: (operationId) => this.replica.cells.positionOf(operationId) };
  }

  has(operationId: number): boolean {
    return this.replica.cells.has(operationId);
  }
}
